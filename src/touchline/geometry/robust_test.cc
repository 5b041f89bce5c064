#include "touchline/geometry/robust.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

// A camera 15 m high, 60 m behind the centre, f = 1500 px, 1280×720, rounded (NumPy).
constexpr Mat3 kImageFromPitch = {1500, 620.8912, 39582.59, 0, -14.5521, 22265.21, 0, 0.970143, 61.84658};

std::vector<PointPair> clean_pairs() {
  std::vector<PointPair> pairs;
  for (const double x : {-16.5, 0.0, 9.15, 20.0}) {
    for (const double y : {-20.0, 0.0, 13.0, 34.0}) {
      pairs.push_back({{x, y}, *mapped(kImageFromPitch, {x, y})});
    }
  }
  return pairs;
}

TEST(FindHomography, SurvivesFortyPercentWildPoints) {
  auto pairs = clean_pairs();
  for (const std::size_t wild : {1U, 4U, 6U, 9U, 11U, 14U}) {
    pairs[wild].image_px = {1280 - pairs[wild].image_px.y, 30.0 * static_cast<double>(wild)};
  }
  const auto found = find_homography(pairs, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->inlier_count, 10);
  EXPECT_EQ(found->inliers, 0xFFFFU & ~(1U << 1 | 1U << 4 | 1U << 6 | 1U << 9 | 1U << 11 | 1U << 14));
  for (const auto& pair : clean_pairs()) {
    EXPECT_LT(distance_px(*mapped(found->image_from_pitch, pair.pitch_m), pair.image_px), 0.05);
  }
}

TEST(FindHomography, SameSeedSameAnswer) {
  auto pairs = clean_pairs();
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].image_px.x += static_cast<double>(i * 7 % 5);
  const auto a = find_homography(pairs, {});
  const auto b = find_homography(pairs, {});
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->image_from_pitch, b->image_from_pitch);
}

TEST(FindHomography, RefusesAPictureFromBelowThePitch) {
  auto pairs = clean_pairs();
  for (auto& pair : pairs) pair.image_px.y = -pair.image_px.y;
  EXPECT_FALSE(find_homography(pairs, {}));
}

TEST(FindHomography, TooFewOrInALine) {
  const auto pairs = clean_pairs();
  EXPECT_FALSE(find_homography({}, {}));
  EXPECT_FALSE(find_homography(std::span(pairs).first(3), {}));
  EXPECT_FALSE(find_homography(std::span(pairs).first(4), {}));  // x = −16.5 all along
}

TEST(FindHomography, RefusesBrokenContracts) {
  const std::vector<PointPair> many(65);
  EXPECT_THROW(find_homography(many, {}), base::Error);
  const auto pairs = clean_pairs();
  RansacOptions options;
  options.threshold_px = 0;
  EXPECT_THROW(find_homography(pairs, options), base::Error);
  options = {};
  options.max_samples = 0;
  EXPECT_THROW(find_homography(pairs, options), base::Error);
  options = {};
  options.confidence = 1;
  EXPECT_THROW(find_homography(pairs, options), base::Error);
}

}  // namespace
}  // namespace touchline::geometry
