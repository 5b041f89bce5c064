#include "touchline/inference/input_moments.h"

#include <gtest/gtest.h>

#include <vector>

#include "testing/error_of.h"

namespace touchline::inference {
namespace {

using Floats = std::vector<float>;

TEST(InputMoments, AMapOfOneNumberHasThatMeanAndNoVariance) {
  InputMoments moments({.input = "x", .channels = 2, .height = 1, .width = 1});
  EXPECT_EQ(moments.means(), (std::vector<double>{0, 0})) << "nothing seen yet";
  moments.add(Floats{3, 3, 3, 3, -2, -2, -2, -2}, 2, 2);
  EXPECT_EQ(moments.means(), (std::vector<double>{3, -2}));
  EXPECT_EQ(moments.covariances(), (std::vector<double>{0, 0, 0, 0}));
}

TEST(InputMoments, AWindowAsLargeAsTheMapSeesItInTheOrderOfWeights) {
  InputMoments moments({.input = "x", .channels = 2, .height = 2, .width = 3});
  const Floats first = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  Floats second = first;
  for (float& value : second) value = -value;
  moments.add(first, 2, 3);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(moments.means()[i], double(first[i]));
  moments.add(second, 2, 3);
  const auto covariances = moments.covariances();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(moments.means()[i], 0);
    for (std::size_t j = 0; j < first.size(); ++j) {
      EXPECT_NEAR(covariances[i * 12 + j], double(first[i]) * double(first[j]), 1e-4) << i << ' ' << j;
    }
  }
}

/// Every number is its place: 100 · channel + 10 · row + column.
Floats numbered(int channels, int height, int width) {
  Floats map;
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) map.push_back(static_cast<float>(100 * c + 10 * y + x));
    }
  }
  return map;
}

TEST(InputMoments, DilatedWindowsReachFarther) {
  InputMoments moments({.input = "x", .channels = 1, .height = 2, .width = 2, .dilation_y = 2, .dilation_x = 3});
  moments.add(numbered(1, 3, 4), 3, 4);
  EXPECT_EQ(moments.means(), (std::vector<double>{0, 3, 20, 23}));
}

TEST(InputMoments, PlacesLieEvenlyOverTheMap) {
  InputMoments moments({.input = "x", .channels = 1, .height = 1, .width = 1});
  moments.add(numbered(1, 10, 10), 10, 10);
  EXPECT_EQ(moments.places(), 128);
  EXPECT_NEAR(moments.means()[0], 49.5, 1) << "of 0 to 99; chance would miss it by 2.6";
  EXPECT_NEAR(moments.covariances()[0], 833.25, 20) << "(100² − 1) / 12";
}

TEST(InputMoments, MapsSmallerThanTheWindowAreLeftOut) {
  InputMoments moments({.input = "x", .channels = 1, .height = 3, .width = 3});
  moments.add(numbered(1, 2, 8), 2, 8);
  moments.add(numbered(1, 8, 2), 8, 2);
  EXPECT_EQ(moments.places(), 0);
  moments.add(numbered(1, 3, 3), 3, 3);
  EXPECT_EQ(moments.places(), 128);
}

TEST(InputMoments, RefusesAMapOfAnotherLength) {
  InputMoments moments({.input = "x", .channels = 2, .height = 1, .width = 1});
  EXPECT_EQ(tests::error_of([&] { moments.add(Floats(7), 2, 2); }), "7 numbers are no map of 2x2x2");
}

}  // namespace
}  // namespace touchline::inference
