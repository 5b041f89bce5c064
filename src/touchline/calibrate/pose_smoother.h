#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include "touchline/calibrate/pose_filter.h"
#include "touchline/calibrate/quality.h"
#include "touchline/match/pitch_model.h"
#include "touchline/match/pitch_pose.h"

namespace touchline::calibrate {

/// How frames between two measured cameras get one of their own.
struct PoseSmootherOptions {
  double max_gap_s = 1;     ///< s between the two measured frames at most; in [0, 60]
  double max_place_m = 10;  ///< m between two cameras' places at most, when the filter began anew between them: more is
                            ///< two cameras; in (0, 1000]
  double min_score = 0.3;   ///< points seen with less are ignored when error_px is measured; in [0, 1]
  QualityOptions quality{};

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// Improves the cameras of a PoseFilter from the frames after them: a ring of frames, pushed as they are filtered and
/// popped when their look-ahead is over. Measured frames are smoothed (fixed lag); frames between two measured ones of
/// a shot become kInterpolated. See Note [Pose smoother] in pose_smoother.cc. Memory is bounded by the frames inside.
/// Not thread-safe.
class PoseSmoother {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit PoseSmoother(const match::PitchModel& pitch, const PoseSmootherOptions& options = {});

  /// A filtered frame: what PoseFilter::step() and update() said of it.
  struct Frame {
    PoseStep step;
    match::PoseState state = match::PoseState::kNone;
    double pts_s = 0;
    int shot = 0;
    int width_px = 0;
    int height_px = 0;
  };

  /// The next frame in order of time.
  void push(const Frame& frame) { ring_.push_back(frame); }

  /// The pose of the oldest frame inside, which leaves. `filtered` is what the filter gave for it: its points stay,
  /// error_px of a measured one is measured anew, error_m stays (the filter's, without the future: an upper bound).
  /// Throws Error(kInvalidArgument) when nothing is inside.
  match::PitchPose pop(const match::PitchPose& filtered);

 private:
  PoseStateVector smoothed(std::size_t index) const;
  std::optional<PoseStateVector> filled() const;
  std::size_t next_measured() const;

  match::PitchModel pitch_;
  PoseSmootherOptions options_;
  std::deque<Frame> ring_;
  std::optional<Frame> last_;  ///< the last measured frame that left, `filtered` smoothed
};

}  // namespace touchline::calibrate
