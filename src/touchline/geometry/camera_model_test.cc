#include "touchline/geometry/camera_model.h"

#include <gtest/gtest.h>

#include <cmath>

namespace touchline::geometry {
namespace {

constexpr CameraModel kCamera = {0.3, 0.2, 0.02, 7.4, -4, -65, 16, 0.05};

TEST(CameraModel, ProjectionByHand) {
  // 15 m high, 60 m back, looking level along +y with f = 1000 px: the centre spot is 60 m ahead and 15 m below,
  // so 250 px under the middle; 10 m to its right is 1000·10/60 px to the right.
  const CameraModel level = {0, 0, 0, std::log(1000), 0, -60, 15, 0};
  const CameraProjector projector(level, 1280, 720);
  const auto p = projector.project({10, 0});
  ASSERT_TRUE(p);
  EXPECT_NEAR(p->x, 640 + 1000.0 / 6, 1e-9);
  EXPECT_NEAR(p->y, 360 + 250, 1e-9);
  EXPECT_FALSE(projector.project({0, -60}));
}

TEST(CameraModel, PanTurnsRightTiltLooksDownRollDropsTheRight) {
  const CameraModel right = {std::atan2(10, 60), 0, 0, 7, 0, -60, 15, 0};
  EXPECT_NEAR(CameraProjector(right, 1280, 720).project({10, 0})->x, 640, 1e-9);
  const CameraModel down = {0, std::atan2(15, 60), 0, 7, 0, -60, 15, 0};
  EXPECT_NEAR(CameraProjector(down, 1280, 720).project({0, 0})->y, 360, 1e-9);
  // The camera's right side rolled down lifts what is on the right of the picture.
  const CameraModel rolled = {0, std::atan2(15, 60), 0.1, 7, 0, -60, 15, 0};
  EXPECT_LT(CameraProjector(rolled, 1280, 720).project({10, 0})->y, 360);
}

TEST(CameraModel, AgreesWithItsPitchCamera) {
  const auto camera = kCamera.pitch_camera(1280, 720);
  ASSERT_TRUE(camera);
  const CameraProjector projector(kCamera, 1280, 720);
  for (const PitchPoint p : {PitchPoint{0, 0}, {20, 30}, {16.5, -12}, {40, 10}}) {
    EXPECT_NEAR(projector.project(p)->x, camera->image_from_pitch(p)->x, 1e-8);
    EXPECT_NEAR(projector.project(p)->y, camera->image_from_pitch(p)->y, 1e-8);
  }
}

TEST(CameraModel, DerivativesAgreeWithDifferences) {
  const CameraProjector projector(kCamera, 1280, 720);
  for (const PitchPoint p : {PitchPoint{0, 0}, {20, 30}, {-9.15, -12}}) {
    std::array<CameraVector, 2> derivative{};
    ASSERT_TRUE(projector.project(p, derivative));
    for (std::size_t i = 0; i < kCameraParameters; ++i) {
      constexpr double kStep = 1e-6;
      CameraVector up = kCamera.vector();
      CameraVector down = up;
      up[i] += kStep;
      down[i] -= kStep;
      const auto a = CameraProjector(CameraModel::from_vector(up), 1280, 720).project(p);
      const auto b = CameraProjector(CameraModel::from_vector(down), 1280, 720).project(p);
      EXPECT_NEAR(derivative[0][i], (a->x - b->x) / (2 * kStep), 1e-4) << i;
      EXPECT_NEAR(derivative[1][i], (a->y - b->y) / (2 * kStep), 1e-4) << i;
    }
  }
}

TEST(CameraModel, ScaleOfThePitchAgreesWithDifferences) {
  const CameraProjector projector(kCamera, 1280, 720);
  const auto scale = projector.scale_px_per_m({5, 3});
  ASSERT_TRUE(scale);
  const auto dx = projector.project({5.001, 3});
  const auto dy = projector.project({5, 3.001});
  const auto p = projector.project({5, 3});
  EXPECT_NEAR((*scale)[0], (dx->x - p->x) / 0.001, 0.01);
  EXPECT_NEAR((*scale)[1], (dy->x - p->x) / 0.001, 0.01);
  EXPECT_NEAR((*scale)[2], (dx->y - p->y) / 0.001, 0.01);
  EXPECT_NEAR((*scale)[3], (dy->y - p->y) / 0.001, 0.01);
}

TEST(CameraFromHomography, GivesBackTheCameraItCameFrom) {
  for (const double pan : {-1.5, -0.4, 0.0, 0.7, 3.0}) {
    CameraModel camera = kCamera;
    camera.k1 = 0;
    camera.pan_rad = pan;
    Mat3 h = camera.image_from_pitch(1280, 720);
    for (double& v : h) v *= 0.37;
    const auto back = camera_from_homography(h, camera.focal_px(), 1280, 720);
    ASSERT_TRUE(back) << pan;
    const auto expected = camera.vector();
    const auto actual = back->vector();
    for (std::size_t i = 0; i < kCameraParameters; ++i) EXPECT_NEAR(actual[i], expected[i], 1e-9) << i;
  }
}

TEST(FocalFromHomography, OfAnExactCameraAndOfNone) {
  CameraModel camera = kCamera;
  camera.k1 = 0;
  const auto focal = focal_from_homography(camera.image_from_pitch(1280, 720), 1280, 720);
  ASSERT_TRUE(focal);
  EXPECT_NEAR(*focal, camera.focal_px(), 1e-6);
  EXPECT_FALSE(focal_from_homography({10, 0, 0, 0, -10, 0, 0, 0, 1}, 1280, 720));  // seen straight from above
  EXPECT_FALSE(focal_from_homography(Mat3{}, 1280, 720));
}

TEST(CameraFromHomography, RefusesACameraBelowTheGrassAndNonsense) {
  CameraModel camera = kCamera;
  camera.z_m = -3;
  EXPECT_FALSE(camera_from_homography(camera.image_from_pitch(1280, 720), 1500, 1280, 720));
  EXPECT_FALSE(camera_from_homography(Mat3{}, 1500, 1280, 720));
}

}  // namespace
}  // namespace touchline::geometry
