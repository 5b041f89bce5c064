#include "touchline/teams/kit_feature.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

struct Yuv {
  std::uint8_t y, u, v;
};
constexpr Yuv kGrass = {90, 110, 118};
constexpr Yuv kRed = {80, 110, 200};
constexpr Yuv kBlue = {60, 190, 110};

/// A picture of grass to paint on.
class Canvas {
 public:
  Canvas(int width, int height)
      : width_(width),
        height_(height),
        y_(static_cast<std::size_t>(width * height), kGrass.y),
        u_(static_cast<std::size_t>(((width + 1) / 2) * ((height + 1) / 2)), kGrass.u),
        v_(u_.size(), kGrass.v) {}

  void fill(int x0, int y0, int x1, int y1, Yuv color) {
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        y_[static_cast<std::size_t>(y * width_ + x)] = color.y;
        const auto chroma = static_cast<std::size_t>((y / 2) * ((width_ + 1) / 2) + x / 2);
        u_[chroma] = color.u;
        v_[chroma] = color.v;
      }
    }
  }
  image::ConstI420View view() const {
    const int cw = (width_ + 1) / 2;
    const int ch = (height_ + 1) / 2;
    return {{y_.data(), width_, height_, width_}, {u_.data(), cw, ch, cw}, {v_.data(), cw, ch, cw}, {}};
  }

 private:
  int width_;
  int height_;
  std::vector<std::uint8_t> y_, u_, v_;
};

void expect_color(const match::KitFeature& feature, Yuv color, float tolerance) {
  const auto expected = lab_from_yuv(color.y, color.u, color.v, {});
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(feature.lab[c], expected[c], tolerance) << c;
}

TEST(LabFromYuv, PublishedValues) {
  // sRGB red, white and mid grey in CIE L*a*b* (D65): Lindbloom's calculator.
  const image::ColorSpace full = {image::ColorMatrix::kBt601, image::ColorRange::kFull};
  const auto red = lab_from_yuv(0.299F * 255, 128 - 0.299F / 1.772F * 255, 128 + 0.5F * 255, full);
  EXPECT_NEAR(red[0], 53.24, 0.05);
  EXPECT_NEAR(red[1], 80.09, 0.1);
  EXPECT_NEAR(red[2], 67.20, 0.1);
  const auto white = lab_from_yuv(235, 128, 128, {});
  EXPECT_NEAR(white[0], 100, 0.01);
  EXPECT_NEAR(white[1], 0, 0.02);
  EXPECT_NEAR(white[2], 0, 0.02);
  EXPECT_NEAR(lab_from_yuv(128, 128, 128, full)[0], 53.59, 0.02);
}

TEST(LabFromYuv, MatrixAndRangeMatter) {
  const auto hd = lab_from_yuv(120, 100, 160, {image::ColorMatrix::kBt709, image::ColorRange::kLimited});
  const auto sd = lab_from_yuv(120, 100, 160, {image::ColorMatrix::kBt601, image::ColorRange::kLimited});
  EXPECT_GT(std::abs(hd[0] - sd[0]) + std::abs(hd[1] - sd[1]) + std::abs(hd[2] - sd[2]), 1);
}

TEST(KitFeature, TheShirtWithoutTheGrassAroundIt) {
  Canvas canvas(200, 120);
  const geometry::BoxPx box = {80, 20, 110, 100};
  canvas.fill(88, 20, 102, 100, kRed);  // thinner than the box: the rest of it is grass
  const auto feature = kit_feature(canvas.view(), box, {});
  expect_color(feature, kRed, 0.5F);
  EXPECT_GT(feature.weight, 0.9F);
}

TEST(KitFeature, AGreenShirtBrighterThanTheGrassStays) {
  Canvas canvas(200, 120);
  const Yuv green = {170, 80, 100};
  canvas.fill(84, 20, 106, 100, green);
  expect_color(kit_feature(canvas.view(), {80, 20, 110, 100}, {}), green, 0.5F);
}

TEST(KitFeature, AShirtAsGreenAsTheGrassCountsLess) {
  // A goalkeeper in dark green: too near to the grass to be told from it.
  Canvas canvas(200, 120);
  const Yuv dark_green = {74, 112, 116};
  canvas.fill(84, 20, 106, 100, dark_green);
  const auto kit = kit_feature(canvas.view(), {84, 20, 106, 100}, {});
  expect_color(kit, dark_green, 0.5F);
  EXPECT_FLOAT_EQ(kit.weight, 0.4F);
}

TEST(KitFeature, AShirtThatIsHiddenIsNotGreen) {
  Canvas canvas(200, 120);
  const geometry::BoxPx behind = {80, 20, 110, 90};
  const std::vector<geometry::BoxPx> before = {{78, 24, 112, 110}};
  EXPECT_EQ(kit_feature(canvas.view(), behind, before).weight, 0);
  // From half of it on, what is open counts.
  EXPECT_EQ(kit_feature(canvas.view(), behind, std::vector<geometry::BoxPx>{{80, 20, 98, 110}}).weight, 0);
  EXPECT_GT(kit_feature(canvas.view(), behind, std::vector<geometry::BoxPx>{{80, 20, 90, 110}}).weight, 0);
}

TEST(KitFeature, WhoStandsInFrontIsLeftOut) {
  Canvas canvas(200, 120);
  const geometry::BoxPx behind = {80, 20, 110, 90};
  const geometry::BoxPx before = {94, 26, 124, 110};
  canvas.fill(84, 20, 106, 90, kRed);
  canvas.fill(94, 26, 124, 110, kBlue);
  const std::vector<geometry::BoxPx> boxes = {behind, before};
  expect_color(kit_feature(canvas.view(), behind, boxes), kRed, 0.5F);
  expect_color(kit_feature(canvas.view(), before, boxes), kBlue, 0.5F);  // the one behind hides nothing
  EXPECT_LT(kit_feature(canvas.view(), behind, boxes).weight, kit_feature(canvas.view(), before, boxes).weight);
}

TEST(KitFeature, SmallPeopleCountLess) {
  Canvas canvas(200, 120);
  canvas.fill(80, 20, 86, 36, kRed);
  canvas.fill(120, 20, 160, 110, kRed);
  const auto small = kit_feature(canvas.view(), {80, 20, 86, 36}, {});
  const auto large = kit_feature(canvas.view(), {120, 20, 160, 110}, {});
  EXPECT_GT(small.weight, 0);
  EXPECT_LT(small.weight, 0.5F * large.weight);
}

TEST(KitFeature, BoxesAtAndOverTheEdgeOfOddPictures) {
  for (const int width : {1, 2, 3, 61, 200}) {
    for (const int height : {1, 3, 47}) {
      Canvas canvas(width, height);
      canvas.fill(0, 0, width, height, kRed);
      for (const geometry::BoxPx box : {geometry::BoxPx{-10, -10, 20, 30},
                                        {float(width) - 4, -3, float(width) + 9, 60},
                                        {500, 500, 520, 560},
                                        {5, 5, 5, 5},
                                        {0, 0, float(width), float(height)}}) {
        const auto feature = kit_feature(canvas.view(), box, {});
        EXPECT_GE(feature.weight, 0);
        EXPECT_LE(feature.weight, 1);
      }
    }
  }
  EXPECT_EQ(kit_feature(Canvas(50, 50).view(), {500, 500, 520, 560}, {}).weight, 0);
}

TEST(KitFeature, RefusesBrokenOptions) {
  const Canvas canvas(20, 20);
  KitFeatureOptions options;
  options.bottom = options.top;
  EXPECT_THROW(kit_feature(canvas.view(), {0, 0, 9, 9}, {}, options), base::Error);
  options = {};
  options.side = 0.5F;
  EXPECT_THROW(kit_feature(canvas.view(), {0, 0, 9, 9}, {}, options), base::Error);
}

}  // namespace
}  // namespace touchline::teams
