#include "touchline/image/convert.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "testing/guarded_picture.h"
#include "touchline/base/error.h"

namespace touchline::image {
namespace {

TEST(Convert, AnEvenColorSurvivesThereAndBackAtOddSizes) {
  for (const auto& [width, height] : {std::pair{1, 1}, {3, 5}, {8, 7}, {16, 16}}) {
    touchline::testing::GuardedPicture picture(width, height);
    std::vector<std::uint8_t> rgb;
    for (int i = 0; i < width * height; ++i) rgb.insert(rgb.end(), {200, 40, 90});
    i420_from_rgb(picture.view(), rgb);
    EXPECT_TRUE(picture.guards_intact());
    const auto back = rgb_from_i420(read_only(picture.view()));
    ASSERT_EQ(back.size(), rgb.size());
    for (std::size_t i = 0; i < rgb.size(); ++i) EXPECT_LE(std::abs(back[i] - rgb[i]), 2);
  }
}

TEST(Convert, ChromaIsTheMeanOfItsFourPixels) {
  touchline::testing::GuardedPicture picture(2, 2);
  // Red chroma (102, 240), white (128, 128): three whites and a red → (121.5, 156).
  i420_from_rgb(picture.view(), {255, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255});
  EXPECT_EQ(picture.view().u.at(0, 0), 122);
  EXPECT_EQ(picture.view().v.at(0, 0), 156);
}

TEST(Convert, RefusesAWrongLength) {
  touchline::testing::GuardedPicture picture(4, 4);
  EXPECT_THROW(i420_from_rgb(picture.view(), std::vector<std::uint8_t>(47)), base::Error);
}

}  // namespace
}  // namespace touchline::image
