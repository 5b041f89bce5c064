#include "touchline/calibrate/pose_smoother.h"

#include <cmath>
#include <numbers>

#include "touchline/base/error.h"
#include "touchline/calibrate/seen_pairs.h"

namespace touchline::calibrate {
namespace {

// Note [Pose smoother]
// Rauch, Tung and Striebel's backward pass, means only: the filter leaves, with each frame, the gain that carries a
// better belief of that frame to the one before, so a frame costs one small matrix-vector product per frame of
// look-ahead. Where the filter began anew (a pan faster than it believes, with the network skipping frames), the past
// hangs on nothing that the future says; frames between are then put on a straight line between both cameras.

using match::PoseState;

constexpr double kTimeTolerance_s = 1e-6;

PoseStateVector on_the_line(const PoseSmoother::Frame& from, const PoseSmoother::Frame& to, double pts_s) {
  const double share = (pts_s - from.pts_s) / (to.pts_s - from.pts_s);
  PoseStateVector state = from.step.filtered;
  PoseStateVector target = to.step.filtered;
  target[geometry::kPan] =
      state[geometry::kPan] + std::remainder(target[geometry::kPan] - state[geometry::kPan], 2 * std::numbers::pi);
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += share * (target[i] - state[i]);
  return state;
}

double place_distance_m(const PoseStateVector& a, const PoseStateVector& b) {
  return std::hypot(a[geometry::kPlaceX] - b[geometry::kPlaceX], a[geometry::kPlaceY] - b[geometry::kPlaceY],
                    a[geometry::kPlaceZ] - b[geometry::kPlaceZ]);
}

}  // namespace

void PoseSmootherOptions::check() const {
  TOUCHLINE_REQUIRE(max_gap_s >= 0 && max_gap_s <= 60, "max_gap_s {} is not in [0, 60]", max_gap_s);
  TOUCHLINE_REQUIRE(max_place_m > 0 && max_place_m <= 1000, "max_place_m {} is not in (0, 1000]", max_place_m);
  TOUCHLINE_REQUIRE(min_score >= 0 && min_score <= 1, "min_score {} is not in [0, 1]", min_score);
  quality.check();
}

PoseSmoother::PoseSmoother(const match::PitchModel& pitch, const PoseSmootherOptions& options)
    : pitch_(pitch), options_(options) {
  options.check();
}

PoseStateVector PoseSmoother::smoothed(std::size_t index) const {
  std::size_t last = index;
  while (last + 1 < ring_.size() && ring_[last + 1].step.carries_on) ++last;
  PoseStateVector state = ring_[last].step.filtered;
  for (std::size_t k = last; k > index; --k) {
    const PoseStep& after = ring_[k].step;
    PoseStateVector before = ring_[k - 1].step.filtered;
    for (std::size_t i = 0; i < kPoseStates; ++i) {
      for (std::size_t j = 0; j < kPoseStates; ++j) {
        before[i] += after.gain[kPoseStates * i + j] * (state[j] - after.predicted[j]);
      }
    }
    state = before;
  }
  return state;
}

std::size_t PoseSmoother::next_measured() const {
  for (std::size_t k = 1; k < ring_.size() && ring_[k].shot == ring_.front().shot; ++k) {
    if (ring_[k].state == PoseState::kMeasured) return k;
  }
  return ring_.size();
}

std::optional<PoseStateVector> PoseSmoother::filled() const {
  const Frame& oldest = ring_.front();
  const std::size_t next = next_measured();
  if (!last_ || last_->shot != oldest.shot || next == ring_.size()) return std::nullopt;
  if (ring_[next].pts_s - last_->pts_s > options_.max_gap_s + kTimeTolerance_s) return std::nullopt;
  bool unbroken = oldest.step.carries_on;
  for (std::size_t k = 1; k <= next; ++k) unbroken = unbroken && ring_[k].step.carries_on;
  if (unbroken) return smoothed(0);
  Frame to = ring_[next];
  to.step.filtered = smoothed(next);
  if (place_distance_m(last_->step.filtered, to.step.filtered) > options_.max_place_m) return std::nullopt;
  return on_the_line(*last_, to, oldest.pts_s);
}

match::PitchPose PoseSmoother::pop(const match::PitchPose& filtered) {
  TOUCHLINE_REQUIRE(!ring_.empty(), "the smoother holds no frame");
  Frame& oldest = ring_.front();
  const bool measured = oldest.state == PoseState::kMeasured;
  match::PitchPose pose = filtered;
  if (const auto state = measured ? std::optional(smoothed(0)) : filled()) {
    const auto model = camera_model(*state);
    const auto camera = model.pitch_camera(oldest.width_px, oldest.height_px);
    if (camera && is_plausible(model, oldest.width_px, oldest.height_px, options_.quality)) {
      pose.camera = camera;
      oldest.step.filtered = *state;
      if (measured) {
        const SeenPairs seen = seen_pairs(filtered.points, pitch_, static_cast<float>(options_.min_score));
        const auto points = reprojection(model, seen.span(), oldest.width_px, oldest.height_px, options_.quality);
        if (points.inliers > 0) pose.error_px = points.error_px;
      } else {
        pose.state = PoseState::kInterpolated;
      }
    }
  }
  if (measured) last_ = oldest;
  ring_.pop_front();
  return pose;
}

}  // namespace touchline::calibrate
