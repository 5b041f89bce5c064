#include "touchline/geometry/camera_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr double kFree = std::numeric_limits<double>::infinity();
const CameraModel kTruth = {0.25, 0.21, 0.01, std::log(1700), 3, -70, 18, 0.04};

CameraPrior nothing_known() {
  CameraVector sigma;
  sigma.fill(kFree);
  return CameraPrior::independent({}, sigma);
}

std::vector<PointPair> seen(const CameraModel& camera, double noise_px, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 1);
  const CameraProjector projector(camera, kWidth, kHeight);
  std::vector<PointPair> pairs;
  for (const double x : {-9.15, 0.0, 9.15, 16.5, 36.0, 41.5}) {
    for (const double y : {-20.16, -9.15, 0.0, 9.16, 20.16, 34.0}) {
      const auto p = projector.project({x, y});
      if (!p || p->x < 0 || p->x > kWidth || p->y < 0 || p->y > kHeight) continue;
      pairs.push_back({{x, y}, {p->x + noise_px * noise(random), p->y + noise_px * noise(random)}});
    }
  }
  return pairs;
}

CameraModel shifted(CameraModel camera) {
  camera.pan_rad += 0.05;
  camera.tilt_rad -= 0.03;
  camera.log_focal_px += 0.2;
  camera.y_m += 6;
  camera.z_m -= 3;
  camera.k1 = 0;
  return camera;
}

TEST(FitCamera, FindsTheCameraOfExactPoints) {
  const auto pairs = seen(kTruth, 0, 1);
  CameraFitOptions options;
  options.max_steps = 100;
  options.tolerance = 1e-8;
  const auto fit = fit_camera(shifted(kTruth), pairs, kWidth, kHeight, nothing_known(), options);
  ASSERT_TRUE(fit);
  const auto expected = kTruth.vector();
  const auto actual = fit->camera.vector();
  for (std::size_t i = 0; i < kCameraParameters; ++i) EXPECT_NEAR(actual[i], expected[i], 1e-4) << i;
}

TEST(FitCamera, WildPointsDoNotPull) {
  auto pairs = seen(kTruth, 0, 1);
  const std::size_t clean = pairs.size();
  pairs.push_back({{0, 0}, {1200, 30}});
  pairs.push_back({{36, 0}, {5, 700}});
  const auto fit = fit_camera(shifted(kTruth), pairs, kWidth, kHeight, nothing_known(), {});
  ASSERT_TRUE(fit);
  const CameraProjector projector(fit->camera, kWidth, kHeight);
  for (std::size_t i = 0; i < clean; ++i) {
    EXPECT_LT(distance_px(*projector.project(pairs[i].pitch_m), pairs[i].image_px), 0.5) << i;
  }
}

TEST(FitCamera, TheStatedUncertaintyIsTheRealOne) {
  // Over many draws of the noise the squared error in units of the stated covariance averages to the number of
  // parameters (8): within 15 % with 400 draws. The Cauchy weights cost a little, so the scale is set wide here.
  CameraFitOptions options;
  options.sigma_px = 2;
  options.cauchy_scale = 50;
  double sum = 0;
  constexpr int kDraws = 400;
  for (unsigned draw = 0; draw < kDraws; ++draw) {
    const auto fit = fit_camera(kTruth, seen(kTruth, 2, draw + 10), kWidth, kHeight, nothing_known(), options);
    ASSERT_TRUE(fit);
    const auto a = fit->camera.vector();
    const auto t = kTruth.vector();
    for (std::size_t i = 0; i < kCameraParameters; ++i) {
      for (std::size_t j = 0; j < kCameraParameters; ++j) {
        sum += (a[i] - t[i]) * fit->information[kCameraParameters * i + j] * (a[j] - t[j]);
      }
    }
  }
  EXPECT_NEAR(sum / kDraws, 8, 1.2);
}

TEST(FitCamera, TwoPointsSufficeWhenThePlaceIsKnown) {
  CameraVector sigma;
  sigma.fill(kFree);
  for (const auto i : {kRoll, kRadial}) sigma[i] = 1e-4;
  for (const auto i : {kPlaceX, kPlaceY, kPlaceZ}) sigma[i] = 0.01;
  const auto prior = CameraPrior::independent(kTruth.vector(), sigma);
  const auto pairs = seen(kTruth, 0, 1);
  CameraModel start = kTruth;
  start.pan_rad += 0.1;
  start.tilt_rad += 0.03;
  start.log_focal_px -= 0.2;
  const std::vector<PointPair> two = {pairs.front(), pairs.back()};
  CameraFitOptions options;
  options.cauchy_scale = 50;
  const auto fit = fit_camera(start, two, kWidth, kHeight, prior, options);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->camera.pan_rad, kTruth.pan_rad, 1e-3);
  EXPECT_NEAR(fit->camera.log_focal_px, kTruth.log_focal_px, 5e-3);
}

TEST(FitCamera, NothingToFit) {
  EXPECT_FALSE(fit_camera(kTruth, {}, kWidth, kHeight, nothing_known(), {}));
  const std::vector<PointPair> behind = {{{0, -200}, {640, 360}}};
  EXPECT_FALSE(fit_camera(kTruth, behind, kWidth, kHeight, nothing_known(), {}));
}

TEST(FitCamera, RefusesBrokenOptions) {
  const auto with = [](auto change) {
    CameraFitOptions options;
    change(options);
    return options;
  };
  EXPECT_THROW(with([](auto& o) { o.sigma_px = 0; }).check(), base::Error);
  EXPECT_THROW(with([](auto& o) { o.cauchy_scale = -1; }).check(), base::Error);
  EXPECT_THROW(with([](auto& o) { o.max_steps = 0; }).check(), base::Error);
  EXPECT_THROW(with([](auto& o) { o.tolerance = 2; }).check(), base::Error);
}

TEST(InverseSpd, OfADiagonalAndOfNone) {
  CameraMatrix m{};
  for (std::size_t i = 0; i < kCameraParameters; ++i) m[9 * i] = static_cast<double>(i + 1);
  const auto inverted = inverse_spd(m);
  ASSERT_TRUE(inverted);
  EXPECT_NEAR((*inverted)[9 * 3], 0.25, 1e-15);
  m[0] = -1;
  EXPECT_FALSE(inverse_spd(m));
}

}  // namespace
}  // namespace touchline::geometry
