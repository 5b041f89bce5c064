#include "touchline/geometry/box.h"

#include <gtest/gtest.h>

namespace touchline::geometry {
namespace {

TEST(Box, IouOfHalfOverlap) {
  // Two 2×2 boxes sharing a 1×2 strip: 2 / (4 + 4 − 2).
  EXPECT_FLOAT_EQ(iou({0, 0, 2, 2}, {1, 0, 3, 2}), 1.0F / 3);
}

TEST(Box, TouchingAndEmptyBoxesShareNothing) {
  EXPECT_EQ(iou({0, 0, 2, 2}, {2, 0, 4, 2}), 0.0F);
  EXPECT_EQ(iou({1, 1, 1, 1}, {1, 1, 1, 1}), 0.0F);
}

TEST(Box, FootIsBottomMiddle) {
  EXPECT_EQ((BoxPx{10, 20, 30, 60}.foot()), (ImagePoint{20, 60}));
}

TEST(Box, ClippedToPicture) {
  EXPECT_EQ(clipped({-5, 10, 2000, 30}, 1280, 720), (BoxPx{0, 10, 1280, 30}));
  EXPECT_EQ(clipped({1300, 10, 1400, 30}, 1280, 720).area(), 0.0F);
}

}  // namespace
}  // namespace touchline::geometry
