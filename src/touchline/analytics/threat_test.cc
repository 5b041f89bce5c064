#include "touchline/analytics/threat.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/analytics/voronoi_control.h"
#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;

struct Place {
  PitchPoint point_m;
  int attack;
  double expected;
};

// NumPy: bilinear between the centres of Karun Singh's 12 × 8 grid, read from the published file.
TEST(ExpectedThreat, AgreesWithNumPy) {
  const std::vector<Place> places = {{{0, 0}, 1, 0.01587063},
                                     {{52.5, 0}, 1, 0.25745362},
                                     {{60, 40}, 1, 0.0379259},
                                     {{40, 5.5}, 1, 0.10943856926470581},
                                     {{-40, -5.5}, -1, 0.10943856926470581},
                                     {{40, 5.5}, -1, 0.010577104894957983},
                                     {{12.3, -30.1}, 1, 0.01719464822857143},
                                     {{33.3, -21.7}, 1, 0.032770942910924375}};
  for (const auto& place : places) {
    EXPECT_NEAR(expected_threat_at(place.point_m, place.attack, match::PitchModel()), place.expected, 1e-12)
        << place.point_m.x << ' ' << place.point_m.y;
  }
}

TEST(ExpectedThreat, ScalesWithThePitch) {
  EXPECT_NEAR(expected_threat_at({40 * 100 / 105.0, 5.5 * 64 / 68}, 1, match::PitchModel(100, 64)), 0.10943856926470581,
              1e-12);
}

TEST(ExpectedThreat, ManyPointsAndBrokenContracts) {
  const std::vector<PitchPoint> points = {{0, 0}, {52.5, 0}, {-52.5, 0}};
  std::vector<double> out(3);
  expected_threat(out, points, -1, match::PitchModel());
  EXPECT_NEAR(out[2], kLargestThreat, 1e-12);
  EXPECT_LT(out[1], 0.01);
  expected_threat({}, {}, 1, match::PitchModel());
  EXPECT_THROW(expected_threat(std::span(out).first(2), points, 1, match::PitchModel()), base::Error);
  EXPECT_THROW(expected_threat_at({0, 0}, 0, match::PitchModel()), base::Error);
}

match::PitchControl control_of_voronoi_test() {
  const std::vector<PitchPoint> a = {{-45, 0}, {-20, -15}, {-18.5, 12.25}, {-5, 3}, {10, -20}, {2.5, 25}};
  const std::vector<PitchPoint> b = {{48, 1}, {20, 14}, {15.75, -10}, {4, -2}, {-8, 18}, {30, -28}, {0.5, 7}};
  const match::PitchModel pitch;
  match::PitchControl control;
  for (int row = 0; row < 20; ++row) {
    for (int column = 0; column < 32; ++column) {
      const double x = 105 * ((column + 0.5) / 32 - 0.5);
      const double y = 68 * ((row + 0.5) / 20 - 0.5);
      control.visible.push_back(x > -10 && x < 30 && y < 12);
    }
  }
  voronoi_control(control, a, b, pitch, {});
  return control;
}

// NumPy: sums of control times xT at the 168 visible centres over the sums of xT.
TEST(ControlledThreat, AgreesWithNumPy) {
  ControlledThreat threat{match::PitchModel()};
  const auto control = control_of_voronoi_test();
  const auto toward_right = threat.of(control, {1});
  ASSERT_TRUE(toward_right.has_value());
  EXPECT_NEAR(toward_right->a, 0.3442821146716501, 1e-6);
  EXPECT_NEAR(toward_right->b, 0.563375924205151, 1e-6);
}

TEST(ControlledThreat, OneTeamEverywhereHasOne) {
  ControlledThreat threat{match::PitchModel()};
  auto control = control_of_voronoi_test();
  control.control_a.assign(640, 1.0F);
  const auto all = threat.of(control, {-1});
  EXPECT_NEAR(all->a, 1, 1e-12);
  EXPECT_EQ(all->b, 0);
}

TEST(ControlledThreat, AbsentWithoutDirectionGridOrView) {
  ControlledThreat threat{match::PitchModel()};
  auto control = control_of_voronoi_test();
  EXPECT_FALSE(threat.of(control, {0}).has_value());
  EXPECT_FALSE(threat.of(match::PitchControl{}, {1}).has_value());
  control.visible.assign(640, 0);
  EXPECT_FALSE(threat.of(control, {1}).has_value());
  control.visible.pop_back();
  EXPECT_THROW(threat.of(control, {1}), base::Error);
}

}  // namespace
}  // namespace touchline::analytics
