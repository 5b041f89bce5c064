#include "touchline/calibrate/interpolate.h"

#include <gtest/gtest.h>

#include "touchline/base/error.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

match::PitchPose pose_of(const geometry::CameraModel& model, double error_m) {
  match::PitchPose pose;
  pose.state = match::PoseState::kMeasured;
  pose.camera = model.pitch_camera(kTestWidth, kTestHeight);
  pose.error_m = error_m;
  return pose;
}

TEST(InterpolatePose, HalfwayOfAPanAndAZoom) {
  auto a = main_camera(0.1, 1200);
  auto b = main_camera(0.2, 1200 * 1.21);
  b.k1 = 0.05;
  const auto middle = interpolate_pose(pose_of(a, 0.2), 1.0, pose_of(b, 0.3), 1.2, 1.1, kTestWidth, kTestHeight);
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->state, match::PoseState::kInterpolated);
  EXPECT_DOUBLE_EQ(*middle->error_m, 0.3);
  EXPECT_FALSE(middle->error_px);
  auto expected = main_camera(0.15, 1200 * 1.1);
  expected.k1 = 0.04;
  const geometry::CameraProjector projector(expected, kTestWidth, kTestHeight);
  for (const geometry::PitchPoint p : {geometry::PitchPoint{0, 0}, {16.5, 20}, {-5, -15}}) {
    EXPECT_LT(geometry::distance_px(*middle->camera->image_from_pitch(p), *projector.project(p)), 0.01);
  }
}

TEST(InterpolatePose, AtTheEndsItIsTheEnds) {
  const auto a = pose_of(main_camera(0.1), 0.2);
  const auto b = pose_of(main_camera(0.3), 0.2);
  const auto at_start = interpolate_pose(a, 1, b, 1.5, 1, kTestWidth, kTestHeight);
  ASSERT_TRUE(at_start);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_NEAR(at_start->camera->image_from_pitch_matrix()[i], a.camera->image_from_pitch_matrix()[i], 1e-9);
  }
}

TEST(InterpolatePose, NothingBetweenTwoCamerasAcrossALongGapOrOutside) {
  const auto a = pose_of(main_camera(0.1), 0.2);
  auto moved = main_camera(0.1);
  moved.x_m += 30;
  EXPECT_FALSE(interpolate_pose(a, 1, pose_of(moved, 0.2), 1.2, 1.1, kTestWidth, kTestHeight));
  EXPECT_FALSE(interpolate_pose(a, 1, a, 2.5, 1.1, kTestWidth, kTestHeight));
  EXPECT_FALSE(interpolate_pose(a, 1, a, 1.5, 1.6, kTestWidth, kTestHeight));
  EXPECT_FALSE(interpolate_pose(a, 1, a, 1, 1, kTestWidth, kTestHeight));
  EXPECT_FALSE(interpolate_pose({}, 1, a, 1.2, 1.1, kTestWidth, kTestHeight));
}

TEST(InterpolatePose, RefusesBrokenContracts) {
  EXPECT_THROW(interpolate_pose({}, 1, {}, 2, 1.5, 0, 720), base::Error);
  EXPECT_THROW(interpolate_pose({}, 1, {}, 2, 1.5, 1280, 720, {0, 10}), base::Error);
}

}  // namespace
}  // namespace touchline::calibrate
