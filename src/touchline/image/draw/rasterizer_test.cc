#include "touchline/image/draw/rasterizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

namespace touchline::image::draw {
namespace {

using geometry::ImagePoint;

constexpr double kPi = std::numbers::pi;

/// The coverage of a whole picture, 0 where the rasterizer says nothing.
std::vector<int> coverage(const Path& path, int width, int height, double opacity = 1) {
  Rasterizer rasterizer;
  const Coverage& area = rasterizer.cover(path, opacity, width, height);
  std::vector<int> all(static_cast<std::size_t>(width) * height, 0);
  for (int y = 0; y < area.height; ++y) {
    const auto span = area.spans[y / 2];
    for (int x = span.first; x < std::min(span.last, area.width); ++x) {
      all[static_cast<std::size_t>(area.y0 + y) * width + area.x0 + x] = area.row(y)[x];
    }
  }
  return all;
}

double area_of(const Path& path, int width = 200, int height = 160) {
  double sum = 0;
  for (const int c : coverage(path, width, height)) sum += c / 255.0;
  return sum;
}

template <typename Add>
Path made(Add add) {
  Path path;
  add(path);
  return path;
}

TEST(Rasterizer, EllipseCoversPiTimesItsRadii) {
  for (const double radius : {0.4, 1.0, 2.5, 7.3, 20.0, 61.7}) {
    for (const double squash : {1.0, 0.35}) {
      const Path path = made([&](Path& p) { p.add_ellipse({99.3, 77.6}, radius, squash * radius); });
      const double expected = kPi * squash * radius * radius;
      EXPECT_NEAR(area_of(path), expected, 0.02 + 0.001 * expected) << radius;
    }
  }
}

TEST(Rasterizer, RingAndArcCoverTheirBand) {
  const Path ring = made([](Path& p) { p.add_ellipse_ring({100.2, 80.1}, 30, 30, 3); });
  EXPECT_NEAR(area_of(ring), kPi * (31.5 * 31.5 - 28.5 * 28.5), 0.6);
  const Path half = made([](Path& p) { p.add_ellipse_arc({100.2, 80.1}, 30, 30, 3, 0, kPi); });
  EXPECT_NEAR(area_of(half), kPi / 2 * (31.5 * 31.5 - 28.5 * 28.5), 0.3);
  const Path disc = made([](Path& p) { p.add_ellipse_ring({100, 80}, 2, 2, 6); });
  EXPECT_NEAR(area_of(disc), kPi * 25, 0.2) << "a band thicker than its radius has no hole";
}

TEST(Rasterizer, LineCoversLengthTimesWidthAtAnyAngle) {
  for (int degrees = 0; degrees < 360; degrees += 7) {
    const double angle = degrees * kPi / 180;
    const ImagePoint from{99.6, 80.3};
    const ImagePoint to{from.x + 55 * std::cos(angle), from.y + 55 * std::sin(angle)};
    const Path line = made([&](Path& p) { p.add_line(from, to, 2.6); });
    EXPECT_NEAR(area_of(line), 55 * 2.6, 0.3) << degrees;
  }
  const Path round = made([](Path& p) { p.add_polyline(std::vector<ImagePoint>{{30, 40.5}, {110, 40.5}}, 5); });
  EXPECT_NEAR(area_of(round), 80 * 5 + kPi * 2.5 * 2.5, 0.7);
}

TEST(Rasterizer, RoundedBoxLacksItsCorners) {
  const Path box = made([](Path& p) { p.add_rounded_box({20.25F, 30.5F, 90.75F, 70}, 8); });
  EXPECT_NEAR(area_of(box), 70.5 * 39.5 - (4 - kPi) * 64, 0.5);
  const Path pill = made([](Path& p) { p.add_rounded_box({20, 30, 90, 50}, 99); });
  EXPECT_NEAR(area_of(pill), 70 * 20 - (4 - kPi) * 100, 0.5);
  const Path frame = made([](Path& p) { p.add_rounded_box_ring({20, 30, 90, 50}, 0, 2); });
  EXPECT_NEAR(area_of(frame), 70 * 20 - 66 * 16, 1e-9);
}

TEST(Rasterizer, PixelsGetTheirExactShare) {
  const Path box = made([](Path& p) { p.add_rounded_box({0.5F, 1, 2.25F, 1.5F}, 0); });
  // Row 1: half height × (half, whole, quarter) columns → 0.25, 0.5, 0.125 of 255.
  const std::vector<int> expected = {0, 0, 0, 0, 64, 128, 32, 0, 0, 0, 0, 0};
  EXPECT_EQ(coverage(box, 4, 3), expected);
  const std::vector<int> faint = {0, 0, 0, 0, 32, 64, 16, 0, 0, 0, 0, 0};
  EXPECT_EQ(coverage(box, 4, 3, 0.5), faint);
}

TEST(Rasterizer, TriangleEitherWayRound) {
  const std::vector<ImagePoint> corners = {{10, 20}, {71, 33}, {25, 90}};
  const std::vector<ImagePoint> reversed(corners.rbegin(), corners.rend());
  const double expected = 0.5 * (61 * 70 - 13 * 15);
  EXPECT_NEAR(area_of(made([&](Path& p) { p.add_polygon(corners); })), expected, 0.5);
  EXPECT_NEAR(area_of(made([&](Path& p) { p.add_polygon(reversed); })), expected, 0.5);
}

TEST(Rasterizer, OverlapCountsOnceAndHolesAreCut) {
  const Path both = made([](Path& p) {
    p.add_rounded_box({10, 10, 30, 30}, 0);
    p.add_rounded_box({20, 10, 40, 30}, 0);
  });
  EXPECT_NEAR(area_of(both), 30 * 20, 1e-9);
  for (const bool reversed : {false, true}) {
    std::vector<ImagePoint> corners = {{12, 12}, {22, 12}, {22, 22}, {12, 22}};
    if (reversed) std::reverse(corners.begin(), corners.end());
    const Path hole = made([&](Path& p) {
      p.add_rounded_box({10, 10, 30, 30}, 0);
      p.add_hole(corners);
    });
    EXPECT_NEAR(area_of(hole), 400 - 100, 1e-9);
  }
}

TEST(Rasterizer, BordersCutWhatLiesOutside) {
  for (const ImagePoint corner : {ImagePoint{0, 0}, {101, 0}, {0, 83}, {101, 83}}) {
    const Path circle = made([&](Path& p) { p.add_ellipse(corner, 30, 30); });
    EXPECT_NEAR(area_of(circle, 101, 83), kPi * 900 / 4, 0.5);
  }
  const Path all = made([](Path& p) { p.add_ellipse({50, 40}, 1e6, 1e6); });
  EXPECT_NEAR(area_of(all, 101, 83), 101 * 83, 1e-6);
  const Path outside = made([](Path& p) {
    p.add_ellipse({-50, 40}, 20, 20);
    p.add_ellipse({50, -40}, 20, 20);
    p.add_ellipse({500, 40}, 20, 20);
    p.add_ellipse({50, 400}, 20, 20);
  });
  EXPECT_EQ(area_of(outside, 101, 83), 0);
}

TEST(Rasterizer, PartOfAPictureIsCoveredAsInTheWhole) {
  std::mt19937 random(5);
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
  };
  for (int round = 0; round < 60; ++round) {
    std::vector<ImagePoint> corners;
    for (int i = 0; i < 6; ++i) corners.push_back({uniform(-40, 160), uniform(-40, 140)});
    std::vector<ImagePoint> moved;
    for (const ImagePoint& p : corners) moved.push_back({p.x + 64, p.y + 64});
    const auto part = coverage(made([&](Path& p) { p.add_polyline(corners, 3.3); }), 97, 81);
    const auto whole = coverage(made([&](Path& p) { p.add_polyline(moved, 3.3); }), 300, 260);
    for (int y = 0; y < 81; ++y) {
      for (int x = 0; x < 97; ++x) {
        ASSERT_LE(std::abs(part[static_cast<std::size_t>(y) * 97 + x] -
                           whole[static_cast<std::size_t>(y + 64) * 300 + x + 64]),
                  1);
      }
    }
  }
}

TEST(Rasterizer, NothingComesOfNothing) {
  EXPECT_EQ(area_of(Path()), 0);
  EXPECT_EQ(area_of(made([](Path& p) { p.add_line({5, 5}, {5, 5}, 3); })), 0);
  EXPECT_EQ(area_of(made([](Path& p) { p.add_ellipse({50, 50}, 0, 9); })), 0);
  EXPECT_EQ(area_of(made([](Path& p) { p.add_polygon(std::vector<ImagePoint>{{1, 1}, {9, 9}}); })), 0);
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const double bad : {kNan, kInf, -kInf}) {
    EXPECT_EQ(area_of(made([&](Path& p) { p.add_polygon(std::vector<ImagePoint>{{1, 1}, {bad, 9}, {9, 9}}); })), 0);
  }
}

TEST(Rasterizer, LeavesNothingBehindForTheNextShape) {
  Rasterizer rasterizer;
  const Path big = made([](Path& p) { p.add_ellipse({40, 40}, 55.3, 31.7); });
  const Path small = made([](Path& p) { p.add_rounded_box({3, 3, 5, 5}, 0); });
  rasterizer.cover(big, 1, 80, 80);
  for (int round = 0; round < 3; ++round) {
    const Coverage& area = rasterizer.cover(small, 1, 81 - round, 79);
    double sum = 0;
    for (int y = 0; y < area.height; ++y) {
      for (int x = 0; x < area.width; ++x) sum += area.row(y)[x] / 255.0;
    }
    EXPECT_EQ(sum, 4);
    rasterizer.cover(big, 0.3, 33 + round, 21);
  }
}

}  // namespace
}  // namespace touchline::image::draw
