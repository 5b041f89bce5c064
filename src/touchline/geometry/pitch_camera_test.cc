#include "touchline/geometry/pitch_camera.h"

#include <gtest/gtest.h>

#include <cmath>

namespace touchline::geometry {
namespace {

/// A camera 15 m high, 60 m behind the centre spot's touchline side, looking at the spot; focal length 1500 px,
/// 1280×720. Built here from rotation and place, not through PitchCamera.
Mat3 main_camera() {
  const double height = 15;
  const double back = 60;
  const double f = 1500;
  const double pitch_down = std::atan2(height, back);
  const double s = std::sin(pitch_down);
  const double c = std::cos(pitch_down);
  // Camera axes in pitch space: right (1,0,0), down (0,-s,-c), forward (0,c,-s); camera at (0,-back,height).
  // For a pitch point (x, y, 0): relative (x, y + back, -height).
  return {f,
          640 * c,
          640 * (c * back + s * height),
          0,
          -f * s + 360 * c,
          f * (-s * back + c * height) + 360 * (c * back + s * height),
          0,
          c,
          c * back + s * height};
}

TEST(PitchCamera, CentreSpotIsInThePicturesMiddle) {
  const auto camera = PitchCamera::make(main_camera(), 0, 1280, 720);
  ASSERT_TRUE(camera);
  const auto p = camera->image_from_pitch({0, 0});
  ASSERT_TRUE(p);
  EXPECT_NEAR(p->x, 640, 1e-9);
  EXPECT_NEAR(p->y, 360, 1e-9);
}

TEST(PitchCamera, RightIsRightAndFarIsUp) {
  const auto camera = PitchCamera::make(main_camera(), 0, 1280, 720);
  EXPECT_GT(camera->image_from_pitch({10, 0})->x, 640);
  EXPECT_LT(camera->image_from_pitch({0, 20})->y, 360);
}

TEST(PitchCamera, RoundTripWithRadialTerm) {
  for (const double k1 : {-0.05, 0.0, 0.08}) {
    const auto camera = PitchCamera::make(main_camera(), k1, 1280, 720);
    ASSERT_TRUE(camera) << k1;
    for (const PitchPoint p : {PitchPoint{-20, -10}, {0, 0}, {22, 30}}) {
      const auto back = camera->pitch_from_image(*camera->image_from_pitch(p));
      ASSERT_TRUE(back);
      EXPECT_NEAR(back->x, p.x, 1e-6);
      EXPECT_NEAR(back->y, p.y, 1e-6);
    }
  }
}

TEST(PitchCamera, RadialTermByHand) {
  // At the picture's corner r = 1, so the offset from the centre grows by 1 + k1.
  const auto camera = PitchCamera::make(main_camera(), 0.1, 1280, 720);
  const ImagePoint corner = camera->distorted({1280, 720});
  EXPECT_NEAR(corner.x, 640 + 640 * 1.1, 1e-9);
  EXPECT_NEAR(corner.y, 360 + 360 * 1.1, 1e-9);
}

TEST(PitchCamera, NothingAboveTheHorizon) {
  const auto camera = PitchCamera::make(main_camera(), 0, 1280, 720);
  // The horizon of this camera: 360 − f·tan(pitch down) = 360 − 1500·15/60 = −15 px.
  EXPECT_FALSE(camera->pitch_from_image({640, -20}));
  EXPECT_TRUE(camera->pitch_from_image({640, 60}));
  EXPECT_FALSE(camera->image_from_pitch({0, -80}));  // behind the camera
}

TEST(PitchCamera, WhatTheRadialTermFoldsBackIsNotSeen) {
  // k1 = −0.2 turns back at r = √(1/0.6) = 1.29 half diagonals, 948 px from the centre.
  const auto camera = PitchCamera::make(main_camera(), -0.2, 1280, 720);
  EXPECT_TRUE(camera->image_from_pitch({25, 0}));   // 606 px off
  EXPECT_FALSE(camera->image_from_pitch({45, 0}));  // 1091 px off: would land inside the picture again
}

TEST(PitchCamera, SignIsFixedWhateverTheScale) {
  Mat3 flipped = main_camera();
  for (double& v : flipped) v *= -3;
  const auto camera = PitchCamera::make(flipped, 0, 1280, 720);
  const auto reference = PitchCamera::make(main_camera(), 0, 1280, 720);
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_NEAR(camera->image_from_pitch_matrix()[i], reference->image_from_pitch_matrix()[i], 1e-12);
  }
}

TEST(PitchCamera, RefusesWhatCannotBeACamera) {
  EXPECT_FALSE(PitchCamera::make({1, 2, 3, 2, 4, 6, 0, 0, 1}, 0, 1280, 720));
  EXPECT_FALSE(PitchCamera::make(main_camera(), -0.4, 1280, 720));
  EXPECT_FALSE(PitchCamera::make(main_camera(), std::nan(""), 1280, 720));
}

}  // namespace
}  // namespace touchline::geometry
