#include "touchline/calibrate/fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

const match::PitchModel kPitch;

/// Largest distance between two cameras over the visible landmarks, pixels.
double farthest_px(const geometry::PitchCamera& camera, const geometry::CameraModel& truth) {
  const auto exact = seen_by(truth, 0, 1);
  double farthest = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (exact[i].score == 0) continue;
    const auto p = camera.image_from_pitch(kPitch.landmarks()[i]);
    farthest = std::max(farthest, p ? geometry::distance_px(*p, exact[i].point_px) : 1e9);
  }
  return farthest;
}

match::SeenPoints only(const match::SeenPoints& points, const std::vector<std::size_t>& numbers) {
  match::SeenPoints kept{};
  for (const std::size_t n : numbers) kept[n - 1] = points[n - 1];
  return kept;
}

TEST(FitPose, FindsTheCameraOfExactPoints) {
  for (const double pan : {-0.4, -0.1, 0.0, 0.3, 0.5}) {
    const auto truth = main_camera(pan);
    const auto fit = fit_pose(seen_by(truth, 0, 1), kTestWidth, kTestHeight, kPitch);
    ASSERT_TRUE(fit) << pan;
    EXPECT_LT(farthest_px(fit->camera, truth), 0.5) << pan;
    EXPECT_LT(fit->quality.error_m, 0.7);
    EXPECT_EQ(fit->quality.inliers, fit->quality.seen);
  }
}

TEST(FitPose, NoiseAndWildPointsMoveItLittle) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const auto truth = main_camera(0.3 - 0.03 * seed);
    auto points = seen_by(truth, 2, seed);
    int wild = 0;
    for (std::size_t i = seed % 5; i < points.size() && wild < 2; i += 7) {
      if (points[i].score == 0) continue;
      points[i].point_px = {37.0 * seed, 700 - 31.0 * seed};
      ++wild;
    }
    const auto fit = fit_pose(points, kTestWidth, kTestHeight, kPitch);
    ASSERT_TRUE(fit) << seed;
    EXPECT_LT(farthest_px(fit->camera, truth), 16) << seed;
  }
}

TEST(FitPose, SizeOfThePictureChangesNothing) {
  const auto truth = main_camera();
  auto points = seen_by(truth, 2, 3);
  const auto fit = fit_pose(points, kTestWidth, kTestHeight, kPitch);
  for (auto& p : points) p.point_px = {3 * p.point_px.x, 3 * p.point_px.y};
  const auto large = fit_pose(points, 3 * kTestWidth, 3 * kTestHeight, kPitch);
  ASSERT_TRUE(fit && large);
  EXPECT_NEAR(large->quality.error_px, 3 * fit->quality.error_px, 0.01);
  EXPECT_NEAR(large->estimate.camera.pan_rad, fit->estimate.camera.pan_rad, 1e-4);
}

TEST(FitPose, OtherPitchesNeedTheirOwnSize) {
  const match::PitchModel small(100, 64);
  const auto truth = main_camera(0.2, 1100);
  const auto points = seen_by(truth, 0, 1, small);
  const auto fit = fit_pose(points, kTestWidth, kTestHeight, small);
  ASSERT_TRUE(fit);
  EXPECT_LT(fit->quality.error_px, 0.3);
}

TEST(FitPose, RefusesTooFewAndBadlySpreadPoints) {
  const auto points = seen_by(main_camera(0.0, 900), 0, 1);
  EXPECT_FALSE(fit_pose({}, kTestWidth, kTestHeight, kPitch));
  EXPECT_FALSE(fit_pose(only(points, {14, 15, 16}), kTestWidth, kTestHeight, kPitch));
  EXPECT_FALSE(fit_pose(only(points, {14, 15, 16, 17}), kTestWidth, kTestHeight, kPitch));      // the halfway line
  EXPECT_FALSE(fit_pose(only(points, {14, 15, 16, 17, 31}), kTestWidth, kTestHeight, kPitch));  // all but one on it
  EXPECT_FALSE(fit_pose(only(points, {10, 11, 12, 13, 9}), kTestWidth, kTestHeight, kPitch));   // the box's front
}

TEST(FitPose, RefusesPointsThatContradictEachOther) {
  // What a network sees in a crowd: places without order.
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> x(0, kTestWidth);
    std::uniform_real_distribution<double> y(0, kTestHeight);
    match::SeenPoints points{};
    for (unsigned i = 0; i < 8; ++i) points[(seed + 5 * i) % 32] = {{x(random), y(random)}, 0.6F};
    EXPECT_FALSE(fit_pose(points, kTestWidth, kTestHeight, kPitch)) << seed;
  }
}

TEST(FitPose, RefusesACameraNoStadiumHas) {
  geometry::CameraModel satellite = main_camera();
  satellite.z_m = 300;
  satellite.y_m = -300;
  satellite.tilt_rad = std::atan2(300, 300);
  satellite.log_focal_px = std::log(6000);
  EXPECT_FALSE(fit_pose(seen_by(satellite, 0, 1), kTestWidth, kTestHeight, kPitch));
}

TEST(FitPose, PointsBelowTheScoreAreNotUsed) {
  const auto truth = main_camera();
  auto points = seen_by(truth, 0, 1);
  points[1] = {{900, 500}, 0.2F};
  const auto fit = fit_pose(points, kTestWidth, kTestHeight, kPitch);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->quality.seen, count_seen(points) - 1);
}

TEST(FitPose, RefusesBrokenContracts) {
  EXPECT_THROW(fit_pose({}, 0, 720, kPitch), base::Error);
  FitOptions options;
  options.min_inliers = 3;
  EXPECT_THROW(fit_pose({}, 1280, 720, kPitch, options), base::Error);
  options = {};
  options.quality.max_error_m = -1;
  EXPECT_THROW(fit_pose({}, 1280, 720, kPitch, options), base::Error);
}

}  // namespace
}  // namespace touchline::calibrate
