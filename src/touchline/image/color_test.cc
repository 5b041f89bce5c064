#include "touchline/image/color.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace touchline::image {
namespace {

constexpr ColorSpace k601Limited{ColorMatrix::kBt601, ColorRange::kLimited};
constexpr ColorSpace k601Full{ColorMatrix::kBt601, ColorRange::kFull};
constexpr ColorSpace k709Limited{ColorMatrix::kBt709, ColorRange::kLimited};
constexpr ColorSpace k709Full{ColorMatrix::kBt709, ColorRange::kFull};

constexpr Rgb kRed{255, 0, 0};
constexpr Rgb kGreen{0, 255, 0};
constexpr Rgb kBlue{0, 0, 255};

// By hand from the standards, e.g. 709 limited red: Y = 16 + 219·0.2126 = 62.6, Cb = 128 − 224·0.2126/1.8556 = 102.3.
TEST(Color, PrimariesMatchTheStandards) {
  EXPECT_EQ(yuv_from_rgb(kRed, k601Limited), (Yuv{81, 90, 240}));
  EXPECT_EQ(yuv_from_rgb(kGreen, k601Limited), (Yuv{145, 54, 34}));
  EXPECT_EQ(yuv_from_rgb(kBlue, k601Limited), (Yuv{41, 240, 110}));
  EXPECT_EQ(yuv_from_rgb(kRed, k601Full), (Yuv{76, 85, 255}));
  EXPECT_EQ(yuv_from_rgb(kGreen, k601Full), (Yuv{150, 44, 21}));
  EXPECT_EQ(yuv_from_rgb(kBlue, k601Full), (Yuv{29, 255, 107}));
  EXPECT_EQ(yuv_from_rgb(kRed, k709Limited), (Yuv{63, 102, 240}));
  EXPECT_EQ(yuv_from_rgb(kGreen, k709Limited), (Yuv{173, 42, 26}));
  EXPECT_EQ(yuv_from_rgb(kBlue, k709Limited), (Yuv{32, 240, 118}));
  EXPECT_EQ(yuv_from_rgb(kRed, k709Full), (Yuv{54, 99, 255}));
}

TEST(Color, GraysHaveNoChromaAndTheRangesEnds) {
  for (const ColorSpace space : {k601Limited, k709Limited}) {
    EXPECT_EQ(yuv_from_rgb({0, 0, 0}, space), (Yuv{16, 128, 128}));
    EXPECT_EQ(yuv_from_rgb({255, 255, 255}, space), (Yuv{235, 128, 128}));
  }
  for (const ColorSpace space : {k601Full, k709Full}) {
    EXPECT_EQ(yuv_from_rgb({0, 0, 0}, space), (Yuv{0, 128, 128}));
    EXPECT_EQ(yuv_from_rgb({255, 255, 255}, space), (Yuv{255, 128, 128}));
    EXPECT_EQ(yuv_from_rgb({128, 128, 128}, space), (Yuv{128, 128, 128}));
  }
}

TEST(Color, ThereAndBackStaysWithinRounding) {
  for (const ColorSpace space : {k601Limited, k601Full, k709Limited, k709Full}) {
    for (int r = 0; r < 256; r += 15) {
      for (int g = 0; g < 256; g += 15) {
        for (int b = 0; b < 256; b += 15) {
          const Rgb color{static_cast<std::uint8_t>(r), static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(b)};
          const Rgb back = rgb_from_yuv(yuv_from_rgb(color, space), space);
          EXPECT_LE(std::abs(back.r - r), 2);
          EXPECT_LE(std::abs(back.g - g), 2);
          EXPECT_LE(std::abs(back.b - b), 2);
        }
      }
    }
  }
}

TEST(Color, SamplesOutsideRgbAreClipped) {
  EXPECT_EQ(rgb_from_yuv({255, 128, 128}, k709Limited), (Rgb{255, 255, 255}));
  EXPECT_EQ(rgb_from_yuv({0, 128, 128}, k709Limited), (Rgb{0, 0, 0}));
}

}  // namespace
}  // namespace touchline::image
