#include "touchline/image/letterbox.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"

namespace touchline::image {
namespace {

/// The picture of the expected values: y = 60 + (37x + 91y + 7xy) mod 120, u = 108 + (13x + 29y) mod 40,
/// v = 112 + (17x + 5y) mod 32; no colour outside RGB.
Frame made_picture(int width, int height, ColorSpace color) {
  FramePool pool;
  auto frame = pool.take(width, height, color);
  const I420View& view = frame.view();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x)
      view.y.at(x, y) = static_cast<std::uint8_t>(60 + (x * 37 + y * 91 + x * y * 7) % 120);
  }
  for (int y = 0; y < view.u.height; ++y) {
    for (int x = 0; x < view.u.width; ++x) {
      view.u.at(x, y) = static_cast<std::uint8_t>(108 + (x * 13 + y * 29) % 40);
      view.v.at(x, y) = static_cast<std::uint8_t>(112 + (x * 17 + y * 5) % 32);
    }
  }
  return std::move(frame).finish(0, 0);
}

Frame flat_picture(int width, int height, std::uint8_t y, std::uint8_t u, std::uint8_t v, ColorSpace color) {
  FramePool pool;
  auto frame = pool.take(width, height, color);
  const auto fill = [](const Plane& plane, std::uint8_t value) {
    for (int row = 0; row < plane.height; ++row) std::fill_n(plane.row(row), plane.width, value);
  };
  fill(frame.view().y, y);
  fill(frame.view().u, u);
  fill(frame.view().v, v);
  return std::move(frame).finish(0, 0);
}

constexpr ColorMatrix k601 = ColorMatrix::kBt601;
constexpr ColorMatrix k709 = ColorMatrix::kBt709;

struct Case {
  int width, height, tensor_width, tensor_height;
  ColorMatrix matrix;
  bool full_range;
  int picture_width, picture_height;
  /// (c, y, x) with the extent w × h: (0, 0, 0), (1, h−1, w−1), (2, h/2, w/2), (0, h/3, w−1), (2, h−1, 0), (1, h/2,
  /// w/3)
  float values[6];
  double weighted_sum;  ///< Σ value[i] · (i mod 17 + 1)
};

class LetterboxAgainstOpenCv : public testing::TestWithParam<Case> {};

// Expected: NumPy with the matrices of ITU-R BT.601 and BT.709, then cv2.resize (OpenCV 5.0) of the float RGB picture
// with INTER_AREA when shrinking and INTER_LINEAR when enlarging.
INSTANTIATE_TEST_SUITE_P(Sizes, LetterboxAgainstOpenCv,
                         testing::Values(Case{9,
                                              7,
                                              9,
                                              8,
                                              k601,
                                              false,
                                              9,
                                              7,
                                              {0.100770F, 0.640374F, 0.275515F, 0.659384F, 0.399444F, 0.606699F},
                                              811.2279},
                                         Case{16,
                                              12,
                                              8,
                                              8,
                                              k709,
                                              false,
                                              8,
                                              6,
                                              {0.251670F, 0.496894F, 0.479159F, 0.336325F, 0.474068F, 0.474482F},
                                              594.9595},
                                         Case{15,
                                              11,
                                              10,
                                              10,
                                              k709,
                                              true,
                                              10,
                                              7,
                                              {0.260904F, 0.349488F, 0.574632F, 0.376745F, 0.596330F, 0.527280F},
                                              880.2948},
                                         Case{21,
                                              13,
                                              8,
                                              8,
                                              k601,
                                              true,
                                              8,
                                              5,
                                              {0.375665F, 0.408540F, 0.484370F, 0.536051F, 0.388888F, 0.531676F},
                                              498.1035},
                                         Case{7,
                                              5,
                                              16,
                                              16,
                                              k601,
                                              false,
                                              16,
                                              11,
                                              {0.100770F, 0.319328F, 0.445885F, 0.703232F, 0.203357F, 0.441082F},
                                              2209.7260},
                                         Case{1,
                                              1,
                                              4,
                                              4,
                                              k709,
                                              false,
                                              4,
                                              4,
                                              {0.088428F, 0.251076F, 0.035235F, 0.088428F, 0.035235F, 0.251076F},
                                              51.2860}));

TEST_P(LetterboxAgainstOpenCv, SameValues) {
  const Case& c = GetParam();
  const ColorSpace color{c.matrix, c.full_range ? ColorRange::kFull : ColorRange::kLimited};
  const Frame picture = made_picture(c.width, c.height, color);
  const auto plane = static_cast<std::size_t>(c.tensor_width * c.tensor_height);
  std::vector<float> tensor(3 * plane, std::numeric_limits<float>::quiet_NaN());
  const auto placement = letterbox_to_tensor(tensor, picture.picture, c.tensor_width, c.tensor_height);
  ASSERT_EQ(placement.width_px, c.picture_width);
  ASSERT_EQ(placement.height_px, c.picture_height);
  EXPECT_DOUBLE_EQ(placement.scale_x, double(c.picture_width) / c.width);
  const int w = placement.width_px;
  const int h = placement.height_px;
  const int places[6][3] = {{0, 0, 0},         {1, h - 1, w - 1}, {2, h / 2, w / 2},
                            {0, h / 3, w - 1}, {2, h - 1, 0},     {1, h / 2, w / 3}};
  for (int i = 0; i < 6; ++i) {
    const auto at =
        static_cast<std::size_t>((places[i][0] * c.tensor_height + places[i][1]) * c.tensor_width + places[i][2]);
    EXPECT_NEAR(tensor[at], c.values[i], 2e-5) << "value " << i;
  }
  double sum = 0;
  for (std::size_t i = 0; i < tensor.size(); ++i) sum += double(tensor[i]) * double(i % 17 + 1);
  EXPECT_NEAR(sum, c.weighted_sum, 1e-3);
}

TEST(Letterbox, WhiteAndBlackOfBothRanges) {
  std::vector<float> tensor(3 * 4 * 4);
  letterbox_to_tensor(tensor, flat_picture(4, 4, 235, 128, 128, {k709, ColorRange::kLimited}).picture, 4, 4);
  for (const float value : tensor) EXPECT_NEAR(value, 1, 1e-5);
  letterbox_to_tensor(tensor, flat_picture(4, 4, 255, 128, 128, {k601, ColorRange::kFull}).picture, 4, 4);
  for (const float value : tensor) EXPECT_NEAR(value, 1, 1e-5);
  letterbox_to_tensor(tensor, flat_picture(4, 4, 5, 128, 128, {k709, ColorRange::kLimited}).picture, 4, 4);
  for (const float value : tensor) EXPECT_EQ(value, 0) << "below black is clamped";
}

TEST(Letterbox, ForeignFormatIsBgrTo255WithGrayRest) {
  // Pure red in BT.601, full range: Y 76, U 85, V 255 (JFIF).
  const Frame red = flat_picture(4, 2, 76, 85, 255, {k601, ColorRange::kFull});
  std::vector<float> tensor(3 * 4 * 4);
  letterbox_to_tensor(tensor, red.picture, 4, 4, {ChannelOrder::kBgr, 255, {}, {1, 1, 1}, 114.0F / 255});
  EXPECT_NEAR(tensor[0], 0, 1);
  EXPECT_NEAR(tensor[16], 0, 1);
  EXPECT_NEAR(tensor[32], 254, 1);
  for (const std::size_t corner : {15U, 31U, 47U}) EXPECT_NEAR(tensor[corner], 114, 1e-3);
}

TEST(Letterbox, MeanAndDeviationFollowTheWrittenOrder) {
  const Frame white = flat_picture(2, 2, 255, 128, 128, {k601, ColorRange::kFull});
  std::vector<float> tensor(3 * 2 * 2);
  letterbox_to_tensor(tensor, white.picture, 2, 2, {ChannelOrder::kBgr, 1, {0.5F, 0.25F, 0}, {0.5F, 0.25F, 0.1F}, 0});
  EXPECT_NEAR(tensor[0], 1, 1e-5);
  EXPECT_NEAR(tensor[4], 3, 1e-5);
  EXPECT_NEAR(tensor[8], 10, 1e-4);
}

TEST(Letterbox, FollowsPicturesOfChangingSizeAndOverwritesOldOnes) {
  const ColorSpace color{k709, ColorRange::kLimited};
  Letterbox kept(12, 8, {});
  std::vector<float> tensor(3 * 12 * 8);
  for (const auto& [width, height] : {std::pair{24, 16}, {8, 16}, {30, 5}, {24, 16}, {36, 24}}) {
    const Frame picture = made_picture(width, height, color);
    std::vector<float> expected(tensor.size());
    letterbox_to_tensor(expected, picture.picture, 12, 8);
    kept.write(tensor, picture.picture);
    EXPECT_EQ(tensor, expected) << width << "x" << height;
  }
}

TEST(Letterbox, BrokenContractsAreRefused) {
  const Frame picture = made_picture(8, 8, {});
  std::vector<float> tensor(3 * 8 * 8);
  EXPECT_THROW(letterbox_to_tensor(std::span(tensor).first(8), picture.picture, 8, 8), base::Error);
  EXPECT_THROW(letterbox_to_tensor(tensor, picture.picture, 0, 8), base::Error);
  EXPECT_THROW(Letterbox(8, 8, {.full_scale = 0}), base::Error);
  EXPECT_THROW(Letterbox(8, 8, {.deviation = {1, 0, 1}}), base::Error);
  EXPECT_THROW(letterbox_placement(0, 8, 8, 8), base::Error);
}

}  // namespace
}  // namespace touchline::image
