#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>

#include "touchline/analytics/voronoi_control.h"
#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr int kLargestColumns = 256;
using Row = float[kLargestColumns];

/// 1 / (1 + e^(−t)), t limited to ± 30, error below 3e-7: 2^f by its Taylor series on |f| ≤ ½, the whole part by the
/// exponent's bits. Written without branches and library calls so that loops over it become vector code.
inline float sigmoid(float t) {
  constexpr float kLog2E = 1.44269504F;
  constexpr float kRounder = 12582912.0F;  // 1.5·2^23: adding it leaves the nearest whole number in the low bits
  t = t < -30.0F ? -30.0F : t;
  t = t > 30.0F ? 30.0F : t;
  const float exponent = -t * kLog2E;
  const float shifted = exponent + kRounder;
  const float f = exponent - (shifted - kRounder);
  const float power =
      1.0F + f * (0.693147181F + f * (0.240226507F + f * (0.0555041087F +
                                                          f * (0.00961812911F + f * (0.00133335581F + f * 1.54e-4F)))));
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(shifted) << 23;  // low 9 bits hold the whole part
  const float scale = std::bit_cast<float>(bits + 0x3F800000U);
  return 1.0F / (1.0F + power * scale);
}

/// Squared distance from every cell of a row to its nearest player.
void nearest_squares(Row& nearest, std::span<const geometry::PitchPoint> players, const Row& cell_x, float cell_y,
                     int columns) {
  for (int i = 0; i < columns; ++i) nearest[i] = std::numeric_limits<float>::max();
  for (const auto& player : players) {
    const auto x = static_cast<float>(player.x);
    const float dy = cell_y - static_cast<float>(player.y);
    const float dy2 = dy * dy;
    for (int i = 0; i < columns; ++i) {
      const float dx = cell_x[i] - x;
      const float square = dx * dx + dy2;
      nearest[i] = square < nearest[i] ? square : nearest[i];
    }
  }
}

void control_row(float* out, const Row& nearest_a, const Row& nearest_b, float slope, int columns) {
  for (int i = 0; i < columns; ++i) out[i] = sigmoid(slope * (std::sqrt(nearest_b[i]) - std::sqrt(nearest_a[i])));
}

}  // namespace

void VoronoiOptions::check() const {
  grid.check();
  TOUCHLINE_REQUIRE(slope_per_m >= 0.01 && slope_per_m <= 10, "a control slope of {} per metre is outside 0.01 to 10",
                    slope_per_m);
}

bool voronoi_control(match::PitchControl& control, std::span<const geometry::PitchPoint> team_a,
                     std::span<const geometry::PitchPoint> team_b, const match::PitchModel& pitch,
                     const VoronoiOptions& options) {
  options.check();
  const auto [columns, rows] = options.grid;
  const auto cells = static_cast<std::size_t>(options.grid.cells());
  TOUCHLINE_REQUIRE(control.visible.size() == cells, "{} visibility marks do not fit {} x {} cells",
                    control.visible.size(), columns, rows);
  int visible = 0;
  for (const std::uint8_t mark : control.visible) visible += mark;
  if ((team_a.empty() && team_b.empty()) || visible == 0) return false;
  control.model = match::PitchControl::Model::kVoronoi;
  control.columns = columns;
  control.rows = rows;
  control.control_a.resize(cells);
  Row cell_x;
  for (int i = 0; i < columns; ++i) {
    cell_x[i] = static_cast<float>(pitch.length_m() * ((i + 0.5) / columns - 0.5));
  }
  Row nearest_a;
  Row nearest_b;
  const auto slope = static_cast<float>(options.slope_per_m);
  double sum_a = 0;
  for (int row = 0; row < rows; ++row) {
    const auto y = static_cast<float>(pitch.width_m() * ((row + 0.5) / rows - 0.5));
    float* out = control.control_a.data() + row * columns;
    if (team_a.empty() || team_b.empty()) {
      std::fill_n(out, columns, team_b.empty() ? 1.0F : 0.0F);
    } else {
      nearest_squares(nearest_a, team_a, cell_x, y, columns);
      nearest_squares(nearest_b, team_b, cell_x, y, columns);
      control_row(out, nearest_a, nearest_b, slope, columns);
    }
    const std::uint8_t* marks = control.visible.data() + row * columns;
    for (int i = 0; i < columns; ++i) sum_a += marks[i] != 0 ? double(out[i]) : 0.0;
  }
  control.share_a = sum_a / visible;
  control.share_b = 1 - control.share_a;
  return true;
}

}  // namespace touchline::analytics
