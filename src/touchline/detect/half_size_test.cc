#include "touchline/detect/half_size.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

TEST(HalfSize, IsRoundedUpToWholeCells) {
  EXPECT_EQ(half_size_of({1280, 736}), (NetworkSize{640, 384}));
  EXPECT_EQ(half_size_of({1280, 768}), (NetworkSize{640, 384}));
  EXPECT_EQ(half_size_of({32, 96}), (NetworkSize{32, 64}));
}

TEST(HalfSize, EachCellIsTheMeanOfFourAndTheRestIsBlack) {
  // Two planes of 96 × 32 become 64 × 32: 48 × 16 of it are picture.
  std::vector<float> whole(2 * 32 * 96);
  for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<float>(i % 97);
  std::vector<float> half(2 * 32 * 64, -1);
  halve(half, whole, {96, 32}, 2);
  const auto at = [&](std::size_t plane, std::size_t y, std::size_t x) { return half[(plane * 32 + y) * 64 + x]; };
  // Rows of 96 numbers that count to 96: the first row starts at 0, the second at 96, the last of the first plane
  // at 66.
  EXPECT_FLOAT_EQ(at(0, 0, 0), (0 + 1 + 96 + 0) / 4.0F);
  EXPECT_FLOAT_EQ(at(0, 0, 47), (94 + 95 + 93 + 94) / 4.0F);
  EXPECT_FLOAT_EQ(at(1, 0, 0), (65 + 66 + 64 + 65) / 4.0F);
  for (const float rest : {at(0, 0, 48), at(0, 15, 63), at(0, 16, 0), at(1, 31, 63)}) EXPECT_EQ(rest, 0);
}

TEST(HalfSize, LengthsThatDoNotFitAreRefused) {
  std::vector<float> whole(3 * 64 * 64);
  std::vector<float> half(3 * 32 * 32);
  EXPECT_NO_THROW(halve(half, whole, {64, 64}, 3));
  EXPECT_THROW(halve(half, whole, {64, 32}, 3), base::Error);
  EXPECT_THROW(halve(std::span(half).first(7), whole, {64, 64}, 3), base::Error);
  EXPECT_THROW(halve(half, std::span(whole).first(3 * 63 * 64), {64, 63}, 3), base::Error);
}

}  // namespace
}  // namespace touchline::detect
