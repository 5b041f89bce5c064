#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"
#include "touchline/match/pitch_pose.h"
#include "touchline/match/track.h"

namespace touchline::track {

/// Options of BallPath. Lengths in body heights: the median height of the people in the picture stands for 1.8 m.
struct BallPathOptions {
  double lookahead_s = 1.0;   ///< a frame is decided when this much of its future is known; 0 = at once; 0 … 10
  double max_gap_s = 1.0;     ///< longest time bridged between two sightings, s; 0 … 3
  double hold_s = 0.2;        ///< longest time a lost ball is carried on, s; 0 … 0.2
  double floor_score = 0.15;  ///< a candidate of this score says nothing; better ones argue for the ball; 0.01 … 0.9
  double find_cost = 1.5;     ///< what it costs to begin a path, natural logarithm of odds; 0 … 20
  double lose_cost = 2.0;     ///< what it costs to end one while the run goes on; 0 … 20
  double gap_cost_per_s = 3.0;  ///< what a second without a sighting costs; 0 … 50
  double speed_cost = 0.06;     ///< what a speed of one height/s costs, per step; 0 … 5
  double max_speed = 22.0;      ///< fastest ball, heights/s (22 = 40 m/s); 1 … 100
  double swerve = 0.25;         ///< scatter of a sighting about a straight flight, heights; 0.01 … 5
  double kick_cost = 2.0;       ///< what a sudden change of flight costs at most; 0 … 20
  double still_radius = 0.12;  ///< candidates closer than this to where one was before stand still, heights; 0.01 … 1
  double still_after_s = 1.0;  ///< standing still this long is suspicious, s; 0.1 … 60
  double still_cost = 1.0;     ///< what a candidate that stands still on the grass costs; 0 … 20
  double painted_cost = 6.0;   ///< what one costs that stands still in the picture while the camera moves; 0 … 20
  double beside_m = 1.0;       ///< what lies still farther out than this and the camera's error is no ball; 0 … 50
  double spare_cost = 6.0;     ///< what such a candidate costs, in a goal's net excepted; 0 … 20
  match::PitchModel pitch{};

  /// Throws Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

/// The ball of one decided frame.
struct BallDecision {
  std::int64_t frame = 0;           ///< as pushed
  std::optional<match::Ball> ball;  ///< position_m stays empty
};

/// Follows one ball through candidates, false ones and gaps: the best chain over a sliding window (Viterbi with a "no
/// ball" state), in coordinates from which the camera's motion is taken out. Chosen candidates are kDetected; gaps of
/// the chain up to max_gap_s kInterpolated; kHeld at most hold_s after the last sighting; else there is no ball. Memory
/// is bounded by the window. Not thread-safe; frames come in order.
class BallPath {
 public:
  explicit BallPath(const BallPathOptions& options = {});
  ~BallPath();
  BallPath(BallPath&&) noexcept;
  BallPath& operator=(BallPath&&) noexcept;

  /// frame       index, handed back with the decision
  /// candidates  at most match::kMaxBallCandidates are used, the first ones; not finite ones are ignored; none for a
  /// frame that the
  ///             network skipped
  /// pose        of this frame, for camera motion where the last one is measured too, and to tell spare balls beside
  ///             the pitch
  /// people      of this frame, for camera motion (same ids) and for size; may be empty
  /// pts_s       time of the frame; a step that is not positive counts as 1 ms
  ///
  /// Throws Error(kInvalidArgument) when pts_s is not finite.
  void push(std::int64_t frame, std::span<const match::BallCandidate> candidates, const match::PitchPose& pose,
            std::span<const match::Track> people, double pts_s);

  /// The oldest undecided frame once its look-ahead is known, or after a cut or finish(): one decision per pushed
  /// frame, in order; ready exactly when GapFiller with the same lookahead_s hands that frame out. Empty while there is
  /// none.
  std::optional<BallDecision> pop_ready();

  /// A new shot begins with the next push: what was pushed before is decided on its own.
  void cut();

  /// The input ended: everything inside can be popped.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace touchline::track
