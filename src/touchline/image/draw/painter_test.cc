#include "touchline/image/draw/painter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "testing/guarded_picture.h"
#include "touchline/base/error.h"

namespace touchline::image::draw {
namespace {

using touchline::testing::GuardedPicture;

Path box(float x0, float y0, float x1, float y1) {
  Path path;
  path.add_rounded_box({x0, y0, x1, y1}, 0);
  return path;
}

TEST(Painter, OpaqueInkGivesTheColorsOwnSamples) {
  for (const ColorMatrix matrix : {ColorMatrix::kBt601, ColorMatrix::kBt709}) {
    for (const ColorRange range : {ColorRange::kLimited, ColorRange::kFull}) {
      GuardedPicture picture(8, 8, {50, 60, 70}, {matrix, range});
      Painter painter;
      painter.begin(picture.view());
      painter.fill(box(2, 2, 6, 6), {{200, 30, 90}, 1});
      const Yuv expected = yuv_from_rgb({200, 30, 90}, {matrix, range});
      EXPECT_EQ(picture.view().y.at(2, 2), expected.y);
      EXPECT_EQ(picture.view().u.at(1, 1), expected.u);
      EXPECT_EQ(picture.view().v.at(2, 2), expected.v);
      EXPECT_EQ(picture.view().y.at(1, 2), 50);
      EXPECT_EQ(picture.view().u.at(0, 0), 60);
      EXPECT_EQ(picture.view().v.at(3, 3), 70);
    }
  }
}

TEST(Painter, MixesByCoverageAndChromaByItsMean) {
  GuardedPicture picture(4, 4, {100, 128, 128});
  Painter painter;
  painter.begin(picture.view());
  painter.fill(box(0, 0, 1, 1), {{255, 255, 255}, 1});  // one of four pixels
  EXPECT_EQ(picture.view().y.at(0, 0), 235);
  EXPECT_EQ(picture.view().y.at(1, 0), 100);
  painter.fill(box(2, 2, 3, 4), {{255, 0, 0}, 0.5});  // two of four pixels at half: a quarter of (102, 240)
  EXPECT_EQ(picture.view().y.at(2, 2), 81);           // 100 + (63 − 100) · 128/255 = 81.4
  EXPECT_EQ(picture.view().u.at(1, 1), 121);          // 128 + (102 − 128) · 64/255 = 121.5
  EXPECT_EQ(picture.view().v.at(1, 1), 156);          // 128 + (240 − 128) · 64/255 = 156.1
  EXPECT_EQ(picture.view().u.at(0, 0), 128);
}

TEST(Painter, OddBordersHaveWholeChroma) {
  GuardedPicture picture(5, 3, {100, 60, 70});
  Painter painter;
  painter.begin(picture.view());
  painter.fill(box(4, 2, 5, 3), {{255, 0, 0}, 1});  // the corner pixel is its chroma sample's only one
  const Yuv red = yuv_from_rgb({255, 0, 0}, {});
  EXPECT_EQ(picture.view().u.at(2, 1), red.u);
  EXPECT_EQ(picture.view().v.at(2, 1), red.v);
  EXPECT_EQ(picture.view().u.at(1, 1), 60);
  painter.fill(box(0, 0, 3, 1), {{255, 0, 0}, 1});  // ends at an odd column inside: half of a sample's two rows
  EXPECT_EQ(picture.view().u.at(0, 0), 81);         // 60 + (102 − 60) / 2
  EXPECT_EQ(picture.view().u.at(1, 0), 71);         // 60 + (102 − 60) / 4 = 70.5
}

TEST(Painter, NeverTouchesBytesOutside) {
  std::mt19937 random(3);
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
  };
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 1}, {1, 2}, {3, 3}, {16, 16}, {17, 15}, {33, 64}}) {
    GuardedPicture picture(width, height);
    GuardedPicture source(7, 9);
    Painter painter;
    painter.begin(picture.view());
    for (int i = 0; i < 200; ++i) {
      const geometry::ImagePoint at{uniform(-1.0 * width, 2.0 * width), uniform(-1.0 * height, 2.0 * height)};
      Path path;
      path.add_ellipse_ring(at, uniform(0, 30), uniform(0, 20), uniform(0.1, 9));
      path.add_line(at, {uniform(-50, 80), uniform(-50, 80)}, uniform(0.1, 5));
      painter.fill(path, {{250, 20, 60}, uniform(0, 1)});
      painter.text("88é", at, {uniform(3, 40), Face::kRegular}, {{1, 2, 3}, 1});
      painter.paste(read_only(source.view()), 2 * static_cast<int>(uniform(-10, 20)),
                    2 * static_cast<int>(uniform(-10, 20)), path, 0.7);
    }
    EXPECT_TRUE(picture.guards_intact()) << width << "x" << height;
    EXPECT_FALSE(picture.untouched());
  }
}

TEST(Painter, WithoutOpacityNothingChanges) {
  GuardedPicture picture(16, 16);
  Painter painter;
  painter.begin(picture.view());
  painter.fill(box(0, 0, 16, 16), {{255, 255, 255}, 0});
  painter.paste(read_only(picture.view()), 0, 0, box(0, 0, 16, 16), 0);
  painter.text("", {5, 5}, {}, {{255, 255, 255}, 1});
  EXPECT_TRUE(picture.untouched());
}

TEST(Painter, PastesOnlyWhatPathAndSourceShare) {
  GuardedPicture picture(12, 12, {100, 100, 100});
  const GuardedPicture source(4, 4, {200, 50, 60});
  Painter painter;
  painter.begin(picture.view());
  painter.paste(read_only(source.view()), 6, 2, box(4, 4, 12, 12), 1);
  EXPECT_EQ(picture.view().y.at(6, 4), 200);
  EXPECT_EQ(picture.view().y.at(9, 5), 200);
  EXPECT_EQ(picture.view().u.at(3, 2), 50);
  EXPECT_EQ(picture.view().v.at(4, 2), 60);
  for (const auto& [x, y] : {std::pair{5, 4}, {10, 4}, {6, 3}, {6, 6}}) EXPECT_EQ(picture.view().y.at(x, y), 100);
  EXPECT_EQ(picture.view().u.at(2, 2), 100);
  EXPECT_EQ(picture.view().u.at(5, 2), 100);
  EXPECT_THROW(painter.paste(read_only(source.view()), 5, 2, box(0, 0, 9, 9), 1), base::Error);
  EXPECT_THROW(painter.paste(read_only(source.view()), 4, 3, box(0, 0, 9, 9), 1), base::Error);
}

TEST(Painter, PaintsAsMuchLumaAsItsAreaWeighs) {
  GuardedPicture picture(120, 100, {16, 128, 128});
  Painter painter;
  painter.begin(picture.view());
  Path path;
  path.add_ellipse({60.4, 50.7}, 40, 22);
  painter.fill(path, {{255, 255, 255}, 1});
  double sum = 0;
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 120; ++x) sum += (picture.view().y.at(x, y) - 16) / 219.0;
  }
  EXPECT_NEAR(sum, std::numbers::pi * 40 * 22, 3);
}

}  // namespace
}  // namespace touchline::image::draw
