#include "touchline/calibrate/pose_filter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "touchline/base/error.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

using match::PoseState;

const match::PitchModel kPitch;
constexpr double kFrame_s = 0.04;

class Shot {
 public:
  match::PitchPose step(int frame, const match::SeenPoints& points) {
    return filter_.update(fit_pose(points, kTestWidth, kTestHeight, kPitch), points, frame * kFrame_s);
  }
  PoseFilter& filter() { return filter_; }

 private:
  PoseFilter filter_{kTestWidth, kTestHeight, kPitch};
};

TEST(PoseFilter, FollowsAPanAndBeatsTheSingleFrame) {
  Shot shot;
  double filtered = 0;
  double single = 0;
  int compared = 0;
  for (int frame = 0; frame < 200; ++frame) {
    const auto truth = panning_camera(frame);
    const auto points = seen_by(truth, 3, static_cast<unsigned>(frame + 1));
    const auto pose = shot.step(frame, points);
    ASSERT_EQ(pose.state, PoseState::kMeasured) << frame;
    const auto fit = fit_pose(points, kTestWidth, kTestHeight, kPitch);
    if (frame < 25 || !fit) continue;
    match::PitchPose alone;
    alone.camera = fit->camera;
    filtered += landmark_error_px(pose, truth);
    single += landmark_error_px(alone, truth);
    ++compared;
  }
  ASSERT_GT(compared, 150);
  EXPECT_LT(filtered / compared, 1.6);
  EXPECT_LT(filtered, 0.85 * single);
}

TEST(PoseFilter, ThreePointsSufficeOnceThePlaceIsKnown) {
  Shot shot;
  for (int frame = 0; frame < 50; ++frame) {
    shot.step(frame, seen_by(panning_camera(frame), 2, static_cast<unsigned>(frame)));
  }
  for (int frame = 50; frame < 100; ++frame) {
    const auto truth = panning_camera(frame);
    const auto all = seen_by(truth, 2, static_cast<unsigned>(frame));
    match::SeenPoints few{};
    for (const std::size_t i : {13U, 15U, 31U}) few[i] = all[i];
    const auto pose = shot.step(frame, few);
    ASSERT_EQ(pose.state, PoseState::kMeasured) << frame;
    EXPECT_LT(landmark_error_px(pose, truth), 6) << frame;
  }
}

TEST(PoseFilter, HoldsForASecondThenNone) {
  Shot shot;
  for (int frame = 0; frame < 25; ++frame) {
    shot.step(frame, seen_by(panning_camera(0), 1, static_cast<unsigned>(frame)));
  }
  for (int frame = 25; frame < 75; ++frame) {
    const auto pose = shot.step(frame, {});
    const bool within = (frame - 24) * kFrame_s <= 1.0 + 1e-9;
    EXPECT_EQ(pose.state, within ? PoseState::kHeld : PoseState::kNone) << frame;
    EXPECT_EQ(pose.camera.has_value(), within);
    EXPECT_FALSE(pose.error_px);
    if (within) {
      EXPECT_LT(landmark_error_px(pose, panning_camera(0)), 20);
    }
  }
  const auto back = shot.step(75, seen_by(panning_camera(0), 1, 75));
  EXPECT_EQ(back.state, PoseState::kMeasured);
}

TEST(PoseFilter, WildPointsAreHeldNotFollowed) {
  Shot shot;
  for (int frame = 0; frame < 25; ++frame) {
    shot.step(frame, seen_by(panning_camera(0), 1, static_cast<unsigned>(frame)));
  }
  match::SeenPoints wild{};
  wild[3] = {{1000, 100}, 0.9F};
  wild[9] = {{200, 600}, 0.9F};
  wild[14] = {{100, 100}, 0.9F};
  wild[20] = {{600, 300}, 0.9F};
  const auto pose = shot.step(25, wild);
  EXPECT_EQ(pose.state, PoseState::kHeld);
  EXPECT_LT(landmark_error_px(pose, panning_camera(0)), 3);
}

TEST(PoseFilter, AJumpIsBelievedAfterTwoFramesWithoutACut) {
  Shot shot;
  for (int frame = 0; frame < 25; ++frame) {
    shot.step(frame, seen_by(main_camera(-0.3), 1, static_cast<unsigned>(frame)));
  }
  geometry::CameraModel other = main_camera(0.3, 1000);
  other.x_m = 30;
  other.y_m = -50;
  other.z_m = 25;
  other.tilt_rad = 0.4;
  for (int frame = 25; frame < 30; ++frame) {
    const auto pose = shot.step(frame, seen_by(other, 1, static_cast<unsigned>(frame)));
    if (frame >= 26) {
      ASSERT_EQ(pose.state, PoseState::kMeasured) << frame;
      EXPECT_LT(landmark_error_px(pose, other), 3) << frame;
    }
  }
}

TEST(PoseFilter, ACutForgets) {
  Shot shot;
  for (int frame = 0; frame < 25; ++frame) {
    shot.step(frame, seen_by(panning_camera(0), 1, static_cast<unsigned>(frame)));
  }
  shot.filter().cut();
  EXPECT_EQ(shot.step(25, {}).state, PoseState::kNone);
}

TEST(PoseFilter, TimeThatStandsStillBeginsAnew) {
  Shot shot;
  const auto points = seen_by(panning_camera(0), 1, 1);
  EXPECT_EQ(shot.step(5, points).state, PoseState::kMeasured);
  EXPECT_EQ(shot.step(5, points).state, PoseState::kMeasured);
  EXPECT_EQ(shot.step(4, {}).state, PoseState::kNone);
}

TEST(PoseFilter, NoPointsNoCamera) {
  Shot shot;
  for (int frame = 0; frame < 10; ++frame) {
    const auto pose = shot.step(frame, {});
    EXPECT_EQ(pose.state, PoseState::kNone);
    EXPECT_FALSE(pose.camera || pose.error_px || pose.error_m);
  }
}

TEST(PoseFilter, RefusesBrokenContracts) {
  EXPECT_THROW(PoseFilter(0, 720, kPitch), base::Error);
  PoseFilterOptions options;
  options.hold_s = -1;
  EXPECT_THROW(PoseFilter(1280, 720, kPitch, options), base::Error);
  options = {};
  options.min_points = 1;
  EXPECT_THROW(PoseFilter(1280, 720, kPitch, options), base::Error);
}

}  // namespace
}  // namespace touchline::calibrate
