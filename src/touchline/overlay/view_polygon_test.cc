#include "touchline/overlay/view_polygon.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

namespace touchline::overlay {
namespace {

using geometry::PitchPoint;

double area_m2(std::span<const PitchPoint> polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const PitchPoint& a = polygon[i];
    const PitchPoint& b = polygon[(i + 1) % polygon.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum) / 2;
}

/// Straight from above, 10 px per metre, the picture's middle at (x, y).
geometry::PitchCamera from_above(double x_m, double y_m) {
  return *geometry::PitchCamera::make({10, 0, 320 - 10 * x_m, 0, -10, 180 + 10 * y_m, 0, 0, 1}, 0, 640, 360);
}

TEST(ViewPolygon, FromAboveItIsThePicture) {
  ViewPolygon view;
  EXPECT_NEAR(area_m2(view.of(from_above(0, 0), 640, 360, match::PitchModel(), 0)), 64 * 36, 1e-6);
}

TEST(ViewPolygon, EndsAtThePitchAndItsMargin) {
  ViewPolygon view;
  const match::PitchModel pitch;
  EXPECT_NEAR(area_m2(view.of(from_above(52.5, 34), 640, 360, pitch, 0)), 32 * 18, 1e-6);
  EXPECT_NEAR(area_m2(view.of(from_above(52.5, 34), 640, 360, pitch, 3)), 35 * 21, 1e-6);
  EXPECT_TRUE(view.of(from_above(200, 0), 640, 360, pitch, 3).empty());
}

TEST(ViewPolygon, HorizonInThePictureDoesNoHarm) {
  // 16 m up, 60 m behind the near line, horizon at a third of the height.
  const double f = 700;
  const auto camera = geometry::PitchCamera::make({f, 320, 94 * 320, 0, 120, 94 * 120 + 16 * f, 0, 1, 94}, 0, 640, 360);
  ASSERT_TRUE(camera.has_value());
  ViewPolygon view;
  const match::PitchModel pitch;
  const auto polygon = view.of(*camera, 640, 360, pitch, 0);
  ASSERT_GE(polygon.size(), 3U);
  for (const PitchPoint& p : polygon) EXPECT_TRUE(pitch.contains(p, 1e-6)) << p.x << ", " << p.y;
  // The left border sees x = −(320/700) of the depth y + 94, the lowest row depth 16·700/240 = 46.7 m: in front of the
  // near line at 60 m. So the trapezoid runs from depth 60 to 128, at most 105 m wide: by hand 5835 m².
  double expected = 0;
  for (int i = 0; i < 6800; ++i) expected += 0.01 * 2 * std::min(52.5, 320.0 / 700 * (60 + 0.01 * (i + 0.5)));
  EXPECT_NEAR(area_m2(polygon), expected, 1);
}

}  // namespace
}  // namespace touchline::overlay
