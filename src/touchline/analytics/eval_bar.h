#pragma once

#include <optional>

#include "touchline/match/eval_bar.h"
#include "touchline/match/match_frame.h"

namespace touchline::analytics {

struct EvalBarOptions {
  double weight_control = 0.30;       ///< share of the term in the value; 0 to 1, as the three below
  double weight_threat = 0.30;        ///<
  double weight_ball = 0.25;          ///<
  double weight_pressure = 0.15;      ///<
  double steepness = 1.6;             ///< factor inside the hyperbolic tangent; 0.1 to 10
  double time_constant_s = 0.6;       ///< of the exponential mean of the shown value; 0.01 to 10
  double least_visible_pitch = 0.15;  ///< share of the pitch below which no term is known; 0 to 1

  /// Throws Error(kInvalidArgument) when a value is outside its range, or all weights are 0.
  void check() const;
};

/// What one frame says about the match, before the bar; empty = unknown.
struct EvalInputs {
  std::optional<double> share_a;        ///< of the visible control, in [0, 1]
  std::optional<match::Threat> threat;  ///< controlled threat of both teams
  match::Possession possession = match::Possession::kUnknown;
  std::optional<double> ball_threat;     ///< xT of the ball's place for the owner's direction, over the largest xT
  std::optional<double> owner_pressure;  ///< in [0, 1]
  std::optional<double> visible_pitch;
};

/// The four terms; with too little of the pitch visible none is known. Contested or unknown possession leaves ball and
/// pressure unknown. Thread-safe.
match::EvalTerms eval_terms(const EvalInputs& inputs, const EvalBarOptions& options);

/// 100 · tanh(steepness · Σ w · term / Σ w) over the terms known; empty when none is. Thread-safe.
std::optional<double> raw_eval(const match::EvalTerms& terms, const EvalBarOptions& options);

/// The bar over time. Not thread-safe.
class EvalBarFilter {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit EvalBarFilter(const EvalBarOptions& options);

  /// The bar of the next frame: the exponential mean of the raw value, by time and not by frame, so that neither frame
  /// rate nor stride changes it. The first value after a cut is the raw one. No term known: the last value, confidence
  /// 0; empty before the first value of the run.
  ///
  /// team_share   share of the players that have a team, in [0, 1]
  std::optional<match::EvalBar> update(const EvalInputs& inputs, const match::PitchPose& pose, double team_share,
                                       double pts_s);

  /// A new shot begins: the next raw value is taken as it is.
  void cut();

 private:
  double confidence(const match::EvalTerms& terms, const match::PitchPose& pose, double team_share, double pts_s) const;

  EvalBarOptions options_;
  std::optional<double> value_;
  double value_pts_s_ = 0;
  bool fresh_ = true;                      ///< the next raw value is shown unsmoothed
  std::optional<double> last_measured_s_;  ///< when the camera was last not held
};

}  // namespace touchline::analytics
