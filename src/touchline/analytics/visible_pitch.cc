#include "touchline/analytics/visible_pitch.h"

#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr int kLargestSide = 256;
constexpr double kHorizonM = 1e-6 * 150;  // |(x, y, 1)| stays below 150 on a pitch

/// The picture's frame seen from its centre, and the radial term there.
struct Lens {
  double center_x;
  double center_y;
  double k1;
  double inverse_r2;  ///< 1 / (half the diagonal)²
};

}  // namespace

void GridSize::check() const {
  TOUCHLINE_REQUIRE(columns >= 1 && columns <= kLargestSide && rows >= 1 && rows <= kLargestSide,
                    "a grid of {} x {} cells is outside 1 to {} a side", columns, rows, kLargestSide);
}

double mark_visible_cells(std::vector<std::uint8_t>& visible, const geometry::PitchCamera& camera, int width_px,
                          int height_px, const match::PitchModel& pitch, GridSize grid) {
  grid.check();
  visible.resize(static_cast<std::size_t>(grid.cells()));
  const geometry::Mat3 h = camera.image_from_pitch_matrix();
  const Lens lens = {0.5 * width_px, 0.5 * height_px, camera.k1(),
                     4.0 / (double(width_px) * width_px + double(height_px) * height_px)};
  int count = 0;
  for (int row = 0; row < grid.rows; ++row) {
    const double y = pitch.width_m() * ((row + 0.5) / grid.rows - 0.5);
    std::uint8_t* marks = visible.data() + row * grid.columns;
    for (int column = 0; column < grid.columns; ++column) {
      const double x = pitch.length_m() * ((column + 0.5) / grid.columns - 0.5);
      const double w = h[6] * x + h[7] * y + h[8];
      const double dx = (h[0] * x + h[1] * y + h[2]) / w - lens.center_x;
      const double dy = (h[3] * x + h[4] * y + h[5]) / w - lens.center_y;
      const double bend = lens.k1 * (dx * dx + dy * dy) * lens.inverse_r2;
      const double scaled_x = dx * (1 + bend);
      const double scaled_y = dy * (1 + bend);
      // Beyond the fold (1 + 3·k1·r² ≤ 0) a strong barrel lens would bring far points back into the picture.
      const int shown = int(w > kHorizonM) & int(1 + 3 * bend > 0) & int(scaled_x >= -lens.center_x) &
                        int(scaled_x <= lens.center_x) & int(scaled_y >= -lens.center_y) &
                        int(scaled_y <= lens.center_y);
      marks[column] = static_cast<std::uint8_t>(shown);
      count += shown;
    }
  }
  return static_cast<double>(count) / grid.cells();
}

}  // namespace touchline::analytics
