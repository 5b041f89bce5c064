#include "touchline/synth/view.h"

#include <gtest/gtest.h>

#include <cmath>

#include "touchline/match/pitch_model.h"

namespace touchline::synth {
namespace {

CameraState main_camera() {
  return {{-2, -64, 18}, {10, 1, 0}, 0.9, -0.03, 0.001};
}

TEST(View, AimIsInTheMiddleOfThePicture) {
  const View view(main_camera(), 1280, 720);
  const auto middle = view.project({10, 1, 0});
  ASSERT_TRUE(middle);
  EXPECT_NEAR(middle->point_px.x, 640, 1e-9);
  EXPECT_NEAR(middle->point_px.y, 360, 1e-9);
  // Focal length 0.9 × 1280 px at a distance of √(12² + 65² + 18²) m.
  EXPECT_NEAR(middle->px_per_m, 1152 / std::sqrt(144.0 + 4225 + 324), 1e-9);
}

TEST(View, RightIsPositiveXAndUpIsUp) {
  const View view(main_camera(), 1280, 720);
  EXPECT_GT(view.project({20, 1, 0})->point_px.x, 700);
  EXPECT_LT(view.project({10, 1, 3})->point_px.y, 350);
  EXPECT_FALSE(view.project({0, -80, 0}));
}

TEST(View, AgreesWithTheProductsCameraOnTheGrass) {
  const View view(main_camera(), 1279, 719);
  const auto camera = view.pitch_camera();
  EXPECT_EQ(camera.k1(), -0.03);
  const match::PitchModel pitch;
  for (const auto& landmark : pitch.landmarks()) {
    const auto ours = view.project({landmark.x, landmark.y, 0});
    const auto theirs = camera.image_from_pitch(landmark);
    if (!ours) continue;
    ASSERT_TRUE(theirs);
    EXPECT_NEAR(ours->point_px.x, theirs->x, 1e-6);
    EXPECT_NEAR(ours->point_px.y, theirs->y, 1e-6);
  }
}

TEST(View, RayGoesBackThroughThePicture) {
  const View view(main_camera(), 1280, 720);
  for (const geometry::ImagePoint p : {geometry::ImagePoint{0, 0}, {640, 360}, {1280, 719}, {37.5, 600}}) {
    const auto back = view.project(view.place_m() + 50.0 * view.ray(p));
    ASSERT_TRUE(back);
    EXPECT_NEAR(back->point_px.x, p.x, 1e-6);
    EXPECT_NEAR(back->point_px.y, p.y, 1e-6);
  }
}

TEST(View, LinesFarOutsideDoNotFoldBackIntoThePicture) {
  CameraState state = main_camera();
  state.aim_m = {34, 0, 0};
  state.focal = 1.4;
  const View view(state, 1280, 720);
  for (double x = -52; x < -20; x += 1) {
    const auto p = view.project({x, -30, 0});
    if (p) {
      EXPECT_LT(p->point_px.x, 0) << x;
    }
  }
}

TEST(FixedMath, SineOfTurns) {
  for (double turns = -3; turns < 3; turns += 0.0137) {
    EXPECT_NEAR(sin_turns(turns), std::sin(2 * M_PI * turns), 1e-10);
    EXPECT_NEAR(cos_turns(turns), std::cos(2 * M_PI * turns), 1e-10);
  }
}

TEST(FixedMath, RandomIsTheSameEverywhere) {
  Random random(42);
  EXPECT_EQ(random.uniform(), 0.34329192209867343);  // SplitMix64's finaliser, twice, in Python's integers
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double v = random.normal();
    sum += v;
    squares += v * v;
  }
  EXPECT_NEAR(sum / 20000, 0, 0.03);
  EXPECT_NEAR(squares / 20000, 1, 0.03);
}

}  // namespace
}  // namespace touchline::synth
