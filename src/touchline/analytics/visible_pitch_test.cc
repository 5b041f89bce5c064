#include "touchline/analytics/visible_pitch.h"

#include <gtest/gtest.h>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

/// Straight down from above, `scale` pixels a metre, 1280 × 720.
geometry::PitchCamera from_above(double scale) {
  return *geometry::PitchCamera::make({scale, 0, 640, 0, -scale, 360, 0, 0, 1}, 0, 1280, 720);
}

// By hand: 20 px/m shows |x| ≤ 32 m and |y| ≤ 18 m: 20 of 32 columns (3.28 m each), 10 of 20 rows (3.4 m each).
TEST(VisiblePitch, CountsCellsOfAKnownView) {
  std::vector<std::uint8_t> visible;
  EXPECT_EQ(mark_visible_cells(visible, from_above(10), 1280, 720, match::PitchModel(), {}), 1);
  EXPECT_DOUBLE_EQ(mark_visible_cells(visible, from_above(20), 1280, 720, match::PitchModel(), {}), 200.0 / 640);
  EXPECT_EQ(visible[10 * 32 + 16], 1);
  EXPECT_EQ(visible[0], 0);
  EXPECT_EQ(visible[10 * 32 + 5], 0);
  EXPECT_EQ(visible[10 * 32 + 6], 1);
}

// The slow way, cell by cell through the camera itself, is the reference.
TEST(VisiblePitch, AgreesWithTheCameraForEveryCell) {
  const match::PitchModel pitch;
  for (const double k1 : {0.0, 0.05, -0.08}) {
    const auto camera = geometry::PitchCamera::make({1100, 420, 41600, 0, -210, 19500, 0, 0.65, 65}, k1, 1280, 720);
    ASSERT_TRUE(camera.has_value());
    for (const GridSize grid : {GridSize{32, 20}, GridSize{7, 3}, GridSize{1, 1}}) {
      std::vector<std::uint8_t> visible;
      const double share = mark_visible_cells(visible, *camera, 1280, 720, pitch, grid);
      int count = 0;
      for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
          const geometry::PitchPoint center = {pitch.length_m() * ((column + 0.5) / grid.columns - 0.5),
                                               pitch.width_m() * ((row + 0.5) / grid.rows - 0.5)};
          const auto p = camera->image_from_pitch(center);
          const bool shown = p && p->x >= 0 && p->x <= 1280 && p->y >= 0 && p->y <= 720;
          EXPECT_EQ(visible[static_cast<std::size_t>(row * grid.columns + column)], shown) << row << ' ' << column;
          count += shown;
        }
      }
      EXPECT_DOUBLE_EQ(share, static_cast<double>(count) / grid.cells());
      if (grid.cells() > 1) {
        EXPECT_GT(count, 0);
      }
    }
  }
}

TEST(VisiblePitch, RefusesAGridWithoutCells) {
  std::vector<std::uint8_t> visible;
  EXPECT_THROW(mark_visible_cells(visible, from_above(10), 1280, 720, match::PitchModel(), {0, 5}), base::Error);
}

}  // namespace
}  // namespace touchline::analytics
