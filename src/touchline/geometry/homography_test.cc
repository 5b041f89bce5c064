#include "touchline/geometry/homography.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

void expect_same(const Mat3& a, const Mat3& b, double tolerance) {
  const Mat3 na = normalized(a);
  const Mat3 nb = normalized(b);
  const double sign = na[8] * nb[8] < 0 ? -1 : 1;
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(na[i], sign * nb[i], tolerance) << "element " << i;
}

TEST(ExactHomography, ByHand) {
  // The unit square to a trapezoid: (0,0)→(0,0), (1,0)→(4,0), (1,1)→(2.5,2), (0,1)→(0.5,2). By hand:
  // x' = (4x + y) / (1 + y), y' = 4y / (1 + y).
  const std::array<PointPair, 4> pairs = {{{{0, 0}, {0, 0}}, {{1, 0}, {4, 0}}, {{1, 1}, {2.5, 2}}, {{0, 1}, {0.5, 2}}}};
  const auto h = exact_homography(pairs);
  ASSERT_TRUE(h);
  expect_same(*h, {4, 1, 0, 0, 4, 0, 0, 1, 1}, 1e-12);
}

TEST(ExactHomography, RefusesThreeInALine) {
  std::array<PointPair, 4> pairs = {{{{0, 0}, {0, 0}}, {{1, 0}, {10, 0}}, {{2, 0}, {20, 0}}, {{0, 1}, {0, 10}}}};
  EXPECT_FALSE(exact_homography(pairs));
  pairs[2].pitch_m = {2, 2};  // only the image points are in a line now
  EXPECT_FALSE(exact_homography(pairs));
  pairs[2] = pairs[1];  // twice the same
  EXPECT_FALSE(exact_homography(pairs));
}

/// Nine places seen by a camera 15 m high and 60 m away, f = 1500 px, with 2 px of noise (NumPy, seed 5).
std::vector<PointPair> noisy_pairs() {
  return {{{-16.5, 20}, {333.8, 267.8}}, {{0, 34}, {639.5, 230.4}},  {{0, 9.15}, {642.3, 313.2}},
          {{0, -9.15}, {638.9, 421.3}},  {{0, -34}, {641.5, 791.8}}, {{-9.15, 0}, {418.6, 357.5}},
          {{9.15, 0}, {860, 363.2}},     {{16.5, 20}, {945, 267}},   {{14, -10}, {1042.6, 427.4}}};
}

TEST(FitHomography, AgreesWithOpenCv) {
  // cv2.findHomography(pitch, image, 0) goes on to the least geometric error, 2.36439 px RMS: ours may not beat it,
  // and its algebraic optimum lies close above.
  constexpr double kOpenCvRms = 2.36439;
  const auto pairs = noisy_pairs();
  const auto h = fit_homography(pairs);
  ASSERT_TRUE(h);
  double squares = 0;
  for (const auto& pair : pairs) {
    const double error = distance_px(*mapped(*h, pair.pitch_m), pair.image_px);
    squares += error * error;
  }
  EXPECT_LT(std::sqrt(squares / 9), kOpenCvRms * 1.05);
  EXPECT_GT(std::sqrt(squares / 9), kOpenCvRms * 0.9999);
}

TEST(FitHomography, WeightZeroIsIgnored) {
  auto pairs = noisy_pairs();
  const auto without = fit_homography(pairs);
  pairs.push_back({{10, 10}, {0, 0}, 0});
  const auto with = fit_homography(pairs);
  ASSERT_TRUE(with);
  expect_same(*with, *without, 1e-9);
}

TEST(FitHomography, RefusesWhatDoesNotDetermineOne) {
  const auto pairs = noisy_pairs();
  EXPECT_FALSE(fit_homography(std::span(pairs).first(3)));
  EXPECT_FALSE(fit_homography({}));
  const std::vector<PointPair> line = {
      {{0, 34}, {640, 120}}, {{0, 9}, {641, 243}}, {{0, -9}, {639, 372}}, {{0, -34}, {640, 655}}, {{0, 0}, {640, 300}}};
  EXPECT_FALSE(fit_homography(line));
  auto but_one = line;
  but_one[4] = {{20, 0}, {1000, 300}};
  EXPECT_FALSE(fit_homography(but_one));
  const std::vector<PointPair> same(6, {{1, 2}, {3, 4}});
  EXPECT_FALSE(fit_homography(same));
}

TEST(FitHomography, RefusesABrokenWeight) {
  auto pairs = noisy_pairs();
  pairs[3].weight = -1;
  EXPECT_THROW(fit_homography(pairs), base::Error);
  pairs[3].weight = std::nan("");
  EXPECT_THROW(fit_homography(pairs), base::Error);
}

TEST(Mapped, NothingBehindTheHorizon) {
  const Mat3 h = {1, 0, 0, 0, 1, 0, 0, 0.1, 1};
  EXPECT_TRUE(mapped(h, {0, -9}));
  EXPECT_FALSE(mapped(h, {0, -10}));
  EXPECT_FALSE(mapped(h, {0, -11}));
}

}  // namespace
}  // namespace touchline::geometry
