#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "touchline/analytics/eval_bar.h"
#include "touchline/analytics/motion.h"
#include "touchline/analytics/possession.h"
#include "touchline/analytics/threat.h"
#include "touchline/analytics/visible_pitch.h"
#include "touchline/analytics/voronoi_control.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"

namespace touchline::analytics {

struct AnalystOptions {
  match::PitchModel pitch = match::PitchModel();  ///< metres
  int width_px = 0;                               ///< of the analysed picture, from 1
  int height_px = 0;                              ///< of the analysed picture, from 1
  MotionOptions motion;
  VoronoiOptions voronoi;
  PossessionOptions possession;
  EvalBarOptions eval_bar;

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// Everything that is computed from places, teams and the ball: smoothed places and speeds, possession, visible pitch,
/// control, threat, evaluation bar, in this order. Knows a cut by the frame's `shot`. Not thread-safe.
///
/// With a look-ahead, call observe() when a frame enters the ring and update() when it leaves; without one update() is
/// enough.
class Analyst {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit Analyst(const AnalystOptions& options);

  /// Takes the tracks' measured places of a frame ahead of its update(). Frames in order.
  void observe(const match::MatchFrame& frame);

  /// Fills the frame's analytics; pose, tracks with team and position_m, ball and attack must be there. Frames in
  /// order. About 25 µs for 22 players.
  void update(match::MatchFrame& frame);

 private:
  void control_and_threat(match::MatchFrame& frame);
  EvalInputs eval_inputs(const match::MatchFrame& frame, const BallOwner& owner);
  std::optional<double> owner_pressure(const match::MatchFrame& frame, const BallOwner& owner);

  AnalystOptions options_;
  MotionSmoother motion_;
  PossessionFilter possession_;
  ControlledThreat threat_;
  EvalBarFilter eval_bar_;
  std::int64_t last_observed_ = -1;
  std::optional<int> shot_;
  std::vector<geometry::PitchPoint> team_a_m_;
  std::vector<geometry::PitchPoint> team_b_m_;
};

}  // namespace touchline::analytics
