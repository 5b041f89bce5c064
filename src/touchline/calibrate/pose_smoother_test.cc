#include "touchline/calibrate/pose_smoother.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

using match::PoseState;

const match::PitchModel kPitch;
constexpr double kFrame_s = 0.04;

/// Filter and smoother with a look-ahead of a number of frames; both answers of every frame.
class Shot {
 public:
  explicit Shot(std::size_t lookahead_frames, const PoseSmootherOptions& options = {})
      : lookahead_(lookahead_frames), smoother_(kPitch, options) {}

  void step(double pts_s, const match::SeenPoints& points, int shot = 0) {
    filtered_.push_back(filter_.update(fit_pose(points, kTestWidth, kTestHeight, kPitch), points, pts_s));
    smoother_.push({filter_.step(), filtered_.back().state, pts_s, shot, kTestWidth, kTestHeight});
    if (filtered_.size() - smoothed_.size() > lookahead_) pop();
  }
  void finish() {
    while (smoothed_.size() < filtered_.size()) pop();
  }
  PoseFilter& filter() { return filter_; }
  const std::vector<match::PitchPose>& filtered() const { return filtered_; }
  const std::vector<match::PitchPose>& smoothed() const { return smoothed_; }

 private:
  void pop() { smoothed_.push_back(smoother_.pop(filtered_[smoothed_.size()])); }

  std::size_t lookahead_;
  PoseFilter filter_{kTestWidth, kTestHeight, kPitch};
  PoseSmoother smoother_;
  std::vector<match::PitchPose> filtered_;
  std::vector<match::PitchPose> smoothed_;
};

TEST(PoseSmoother, TheFutureHelps) {
  Shot shot(25);
  for (int frame = 0; frame < 200; ++frame) {
    shot.step(frame * kFrame_s, seen_by(panning_camera(frame), 3, static_cast<unsigned>(frame + 1)));
  }
  shot.finish();
  double before = 0;
  double after = 0;
  double said = 0;
  for (std::size_t i = 25; i < 200; ++i) {
    before += landmark_error_px(shot.filtered()[i], panning_camera(static_cast<double>(i)));
    after += landmark_error_px(shot.smoothed()[i], panning_camera(static_cast<double>(i)));
    EXPECT_EQ(shot.smoothed()[i].state, PoseState::kMeasured);
    said += *shot.smoothed()[i].error_px / 175;
  }
  // Noise of 3 px in both directions: the RMS about the truth is 4.2 px, less what lies beyond the inlier limit.
  EXPECT_NEAR(said, 4, 0.3);
  EXPECT_LT(after, 0.75 * before);
}

TEST(PoseSmoother, WithoutLookAheadItIsTheFilter) {
  Shot shot(0);
  for (int frame = 0; frame < 20; ++frame) {
    shot.step(frame * kFrame_s, seen_by(panning_camera(frame), 2, static_cast<unsigned>(frame + 1)));
  }
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(shot.smoothed()[i].camera->image_from_pitch_matrix(),
              shot.filtered()[i].camera->image_from_pitch_matrix());
    EXPECT_NEAR(*shot.smoothed()[i].error_px, *shot.filtered()[i].error_px, 1e-9);
  }
}

TEST(PoseSmoother, SkippedFramesLieBetweenTheirNeighbours) {
  Shot shot(25);
  for (int frame = 0; frame < 101; ++frame) {
    const auto points = seen_by(panning_camera(frame), 0.5, static_cast<unsigned>(frame + 1));
    shot.step(frame * kFrame_s, frame % 5 == 0 ? points : match::SeenPoints{});
  }
  shot.finish();
  for (std::size_t i = 26; i < 100; ++i) {
    const auto& pose = shot.smoothed()[i];
    EXPECT_EQ(pose.state, i % 5 == 0 ? PoseState::kMeasured : PoseState::kInterpolated) << i;
    EXPECT_EQ(pose.error_px.has_value(), i % 5 == 0);
    EXPECT_TRUE(pose.error_m) << i;
    EXPECT_LT(landmark_error_px(pose, panning_camera(static_cast<double>(i))), 1.5) << i;
  }
}

TEST(PoseSmoother, AGapLongerThanTheLookAheadStaysAGap) {
  PoseSmootherOptions options;
  options.max_gap_s = 0.4;
  Shot shot(10, options);
  for (int frame = 0; frame < 60; ++frame) {
    const bool hidden = frame > 20 && frame < 40;
    shot.step(frame * kFrame_s, hidden ? match::SeenPoints{} : seen_by(panning_camera(frame), 1, 7));
  }
  shot.finish();
  for (std::size_t i = 21; i < 40; ++i) EXPECT_EQ(shot.smoothed()[i].state, PoseState::kHeld) << i;
  EXPECT_EQ(shot.smoothed()[40].state, PoseState::kMeasured);
}

TEST(PoseSmoother, ACutIsNotSmoothedOver) {
  Shot shot(25);
  const auto other = main_camera(-0.6, 1000);
  for (int frame = 0; frame < 40; ++frame) {
    if (frame == 20) shot.filter().cut();
    const bool empty = frame == 20;
    const auto truth = frame < 20 ? main_camera(0.3) : other;
    shot.step(frame * kFrame_s, empty ? match::SeenPoints{} : seen_by(truth, 1, static_cast<unsigned>(frame + 1)),
              frame < 20 ? 0 : 1);
  }
  shot.finish();
  EXPECT_LT(landmark_error_px(shot.smoothed()[19], main_camera(0.3)), 2);
  EXPECT_EQ(shot.smoothed()[20].state, PoseState::kNone);
  EXPECT_FALSE(shot.smoothed()[20].camera);
  EXPECT_LT(landmark_error_px(shot.smoothed()[21], other), 3);
}

// The filter begins anew in mid-shot: the camera was turned faster than it believes while the network slept.
TEST(PoseSmoother, APanTooFastForTheFilterIsAStraightLine) {
  Shot shot(25);
  const auto pan = [](int frame) { return main_camera(frame < 30 ? -0.3 : -0.3 + 0.1 * (frame - 30), 1100); };
  for (int frame = 0; frame <= 35; ++frame) {
    const bool sampled = frame <= 30 || frame == 35;
    shot.step(frame * kFrame_s,
              sampled ? seen_by(pan(frame), 0.3, static_cast<unsigned>(frame + 1)) : match::SeenPoints{});
  }
  shot.finish();
  for (std::size_t i = 31; i < 35; ++i) {
    EXPECT_EQ(shot.smoothed()[i].state, PoseState::kInterpolated) << i;
    EXPECT_LT(landmark_error_px(shot.smoothed()[i], pan(static_cast<int>(i))), 4) << i;
  }
}

TEST(PoseSmoother, TwoCamerasOfOneShotAreNotJoined) {
  Shot shot(25);
  auto elsewhere = main_camera(0.3, 1000);
  elsewhere.x_m = 40;
  elsewhere.z_m = 25;
  for (int frame = 0; frame < 40; ++frame) {
    const bool hidden = frame > 20 && frame < 25;
    const auto truth = frame <= 20 ? main_camera(-0.3) : elsewhere;
    shot.step(frame * kFrame_s, hidden ? match::SeenPoints{} : seen_by(truth, 0.5, static_cast<unsigned>(frame + 1)));
  }
  shot.finish();
  for (std::size_t i = 21; i < 25; ++i) EXPECT_EQ(shot.smoothed()[i].state, PoseState::kHeld) << i;
}

TEST(PoseSmoother, RefusesBrokenContracts) {
  PoseSmoother smoother(kPitch);
  EXPECT_THROW(smoother.pop({}), base::Error);
  PoseSmootherOptions options;
  options.max_gap_s = -1;
  EXPECT_THROW(PoseSmoother(kPitch, options), base::Error);
}

}  // namespace
}  // namespace touchline::calibrate
