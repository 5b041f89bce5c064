#include "touchline/analytics/voronoi_control.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;

const std::vector<PitchPoint> kTeamA = {{-45, 0}, {-20, -15}, {-18.5, 12.25}, {-5, 3}, {10, -20}, {2.5, 25}};
const std::vector<PitchPoint> kTeamB = {{48, 1}, {20, 14}, {15.75, -10}, {4, -2}, {-8, 18}, {30, -28}, {0.5, 7}};

PitchPoint cell_center(const match::PitchModel& pitch, GridSize grid, int row, int column) {
  return {pitch.length_m() * ((column + 0.5) / grid.columns - 0.5), pitch.width_m() * ((row + 0.5) / grid.rows - 0.5)};
}

match::PitchControl all_visible(GridSize grid = {}) {
  match::PitchControl control;
  control.visible.assign(static_cast<std::size_t>(grid.cells()), 1);
  return control;
}

// NumPy in double precision: 1/(1+exp(-.28*(d_b-d_a))) at the cells' centres of a 105 × 68 pitch.
TEST(VoronoiControl, AgreesWithNumPy) {
  const VoronoiOptions options;
  match::PitchControl control = all_visible();
  ASSERT_TRUE(voronoi_control(control, kTeamA, kTeamB, match::PitchModel(), options));
  const auto at = [&](std::size_t row, std::size_t column) { return control.control_a[row * 32 + column]; };
  EXPECT_NEAR(at(0, 0), 0.9997651306720386, 1e-6);
  EXPECT_NEAR(at(0, 31), 0.0025115731811996425, 1e-6);
  EXPECT_NEAR(at(9, 15), 0.49100264971296287, 1e-6);
  EXPECT_NEAR(at(10, 16), 0.3394016052482561, 1e-6);
  EXPECT_NEAR(at(19, 0), 0.9695091970406869, 1e-6);
  EXPECT_NEAR(at(19, 31), 0.00743911815975912, 1e-6);
  EXPECT_NEAR(at(4, 21), 0.5590055324735121, 1e-6);
  EXPECT_NEAR(control.share_a, 0.5310189769015998, 1e-6);
  EXPECT_NEAR(control.share_a + control.share_b, 1, 1e-12);
  EXPECT_EQ(control.model, match::PitchControl::Model::kVoronoi);
}

// NumPy: the same field over the 168 cells with -10 < x < 30 and y < 12.
TEST(VoronoiControl, SharesUseOnlyVisibleCells) {
  const match::PitchModel pitch;
  match::PitchControl control = all_visible();
  int visible = 0;
  for (int row = 0; row < 20; ++row) {
    for (int column = 0; column < 32; ++column) {
      const PitchPoint center = cell_center(pitch, {}, row, column);
      const bool shown = center.x > -10 && center.x < 30 && center.y < 12;
      control.visible[static_cast<std::size_t>(row * 32 + column)] = shown;
      visible += shown;
    }
  }
  ASSERT_EQ(visible, 168);
  ASSERT_TRUE(voronoi_control(control, kTeamA, kTeamB, pitch, {}));
  EXPECT_NEAR(control.share_a, 0.4064116556952704, 1e-6);
}

TEST(VoronoiControl, WholeRangeStaysWithinTheStatedError) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> x(-60, 60);
  std::uniform_real_distribution<double> y(-40, 40);
  for (const GridSize grid : {GridSize{32, 20}, GridSize{1, 1}, GridSize{33, 7}, GridSize{50, 32}}) {
    VoronoiOptions options;
    options.grid = grid;
    options.slope_per_m = 2;  // reaches the flat ends of the sigmoid
    const std::vector<PitchPoint> a = {{x(random), y(random)}};
    const std::vector<PitchPoint> b = {{x(random), y(random)}, {x(random), y(random)}};
    match::PitchControl control = all_visible(grid);
    const match::PitchModel pitch(100, 64);
    ASSERT_TRUE(voronoi_control(control, a, b, pitch, options));
    for (int row = 0; row < grid.rows; ++row) {
      for (int column = 0; column < grid.columns; ++column) {
        const PitchPoint center = cell_center(pitch, grid, row, column);
        const double d_b = std::min(geometry::distance_m(center, b[0]), geometry::distance_m(center, b[1]));
        const double exact = 1 / (1 + std::exp(-2 * (d_b - geometry::distance_m(center, a[0]))));
        // Single-precision distances near 100 m are good to 1e-5 m, twice the slope of ½ here.
        EXPECT_NEAR(control.control_a[static_cast<std::size_t>(row * grid.columns + column)], exact, 8e-6);
      }
    }
  }
}

TEST(VoronoiControl, OneTeamAloneHasEverything) {
  match::PitchControl control = all_visible();
  ASSERT_TRUE(voronoi_control(control, kTeamA, {}, match::PitchModel(), {}));
  EXPECT_EQ(control.share_a, 1);
  EXPECT_EQ(control.control_a[77], 1);
  ASSERT_TRUE(voronoi_control(control, {}, kTeamB, match::PitchModel(), {}));
  EXPECT_EQ(control.share_a, 0);
  EXPECT_EQ(control.share_b, 1);
}

TEST(VoronoiControl, NobodyOrNothingVisibleIsAbsent) {
  match::PitchControl control = all_visible();
  EXPECT_FALSE(voronoi_control(control, {}, {}, match::PitchModel(), {}));
  control.visible.assign(640, 0);
  EXPECT_FALSE(voronoi_control(control, kTeamA, kTeamB, match::PitchModel(), {}));
  EXPECT_TRUE(control.control_a.empty());
}

TEST(VoronoiControl, ExchangedTeamsGiveTheComplement) {
  match::PitchControl ab = all_visible();
  match::PitchControl ba = all_visible();
  ASSERT_TRUE(voronoi_control(ab, kTeamA, kTeamB, match::PitchModel(), {}));
  ASSERT_TRUE(voronoi_control(ba, kTeamB, kTeamA, match::PitchModel(), {}));
  for (std::size_t i = 0; i < ab.control_a.size(); ++i) EXPECT_NEAR(ab.control_a[i] + ba.control_a[i], 1, 1e-6);
}

TEST(VoronoiControl, BrokenContractsThrow) {
  match::PitchControl control = all_visible({10, 10});
  EXPECT_THROW(voronoi_control(control, kTeamA, kTeamB, match::PitchModel(), {}), base::Error);
  for (const VoronoiOptions& options :
       {VoronoiOptions{{0, 20}, 0.28}, VoronoiOptions{{32, 257}, 0.28}, VoronoiOptions{{32, 20}, 0}}) {
    EXPECT_THROW(options.check(), base::Error);
  }
}

}  // namespace
}  // namespace touchline::analytics
