#include "touchline/analytics/threat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr int kColumns = 12;
constexpr int kRows = 8;

// Karun Singh, "Introducing Expected Threat (xT)", 2018: rows across the pitch, columns in the direction of attack.
constexpr std::array<std::array<double, kColumns>, kRows> kGrid = {{
    {0.00638303, 0.00779616, 0.00844854, 0.00977659, 0.01126267, 0.01248344, 0.01473596, 0.0174506, 0.02122129,
     0.02756312, 0.03485072, 0.0379259},
    {0.00750072, 0.00878589, 0.00942382, 0.0105949, 0.01214719, 0.0138454, 0.01611813, 0.01870347, 0.02401521,
     0.02953272, 0.04066992, 0.04647721},
    {0.0088799, 0.00977745, 0.01001304, 0.01110462, 0.01269174, 0.01429128, 0.01685596, 0.01935132, 0.0241224,
     0.02855202, 0.05491138, 0.06442595},
    {0.00941056, 0.01082722, 0.01016549, 0.01132376, 0.01262646, 0.01484598, 0.01689528, 0.0199707, 0.02385149,
     0.03511326, 0.10805102, 0.25745362},
    {0.00941056, 0.01082722, 0.01016549, 0.01132376, 0.01262646, 0.01484598, 0.01689528, 0.0199707, 0.02385149,
     0.03511326, 0.10805102, 0.25745362},
    {0.0088799, 0.00977745, 0.01001304, 0.01110462, 0.01269174, 0.01429128, 0.01685596, 0.01935132, 0.0241224,
     0.02855202, 0.05491138, 0.06442595},
    {0.00750072, 0.00878589, 0.00942382, 0.0105949, 0.01214719, 0.0138454, 0.01611813, 0.01870347, 0.02401521,
     0.02953272, 0.04066992, 0.04647721},
    {0.00638303, 0.00779616, 0.00844854, 0.00977659, 0.01126267, 0.01248344, 0.01473596, 0.0174506, 0.02122129,
     0.02756312, 0.03485072, 0.0379259},
}};

/// A place along one axis of the grid: between two cell centres, or clamped to the outer ones.
struct Between {
  std::size_t low;
  std::size_t high;
  double share;  ///< of the high one
};

Between between(double unit, int cells) {
  const double at = std::clamp(unit * cells - 0.5, 0.0, cells - 1.0);
  const double low = std::floor(at);
  const auto index = static_cast<std::size_t>(low);
  return {index, std::min(index + 1, static_cast<std::size_t>(cells - 1)), at - low};
}

}  // namespace

double expected_threat_at(geometry::PitchPoint point_m, int attack, const match::PitchModel& pitch) {
  TOUCHLINE_REQUIRE(attack == 1 || attack == -1, "a direction of attack is +1 or -1, not {}", attack);
  const Between x = between(attack * point_m.x / pitch.length_m() + 0.5, kColumns);
  const Between y = between(attack * point_m.y / pitch.width_m() + 0.5, kRows);
  const auto across = [&](std::size_t row) {
    return kGrid[row][x.low] + x.share * (kGrid[row][x.high] - kGrid[row][x.low]);
  };
  const double low = across(y.low);
  return low + y.share * (across(y.high) - low);
}

void expected_threat(std::span<double> out, std::span<const geometry::PitchPoint> points_m, int attack,
                     const match::PitchModel& pitch) {
  TOUCHLINE_REQUIRE(out.size() == points_m.size(), "{} values cannot hold the threat of {} points", out.size(),
                    points_m.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = expected_threat_at(points_m[i], attack, pitch);
}

std::optional<match::Threat> ControlledThreat::of(const match::PitchControl& control, match::AttackDirection attack) {
  if (attack.a == 0 || control.control_a.empty()) return std::nullopt;
  const std::size_t cells = control.control_a.size();
  TOUCHLINE_REQUIRE(control.visible.size() == cells &&
                        cells == static_cast<std::size_t>(control.columns) * static_cast<std::size_t>(control.rows),
                    "a control grid of {} values does not fit {} x {} cells", cells, control.columns, control.rows);
  fit_grid(control.columns, control.rows);
  double all_a = 0;
  double all_b = 0;
  double held_a = 0;
  double held_b = 0;
  for (std::size_t i = 0; i < cells; ++i) {
    if (control.visible[i] == 0) continue;
    const double right = toward_right_[i];
    const double left = toward_right_[cells - 1 - i];
    const double xt_a = attack.a > 0 ? right : left;
    const double xt_b = attack.a > 0 ? left : right;
    all_a += xt_a;
    all_b += xt_b;
    held_a += control.control_a[i] * xt_a;
    held_b += (1 - control.control_a[i]) * xt_b;
  }
  if (all_a == 0) return std::nullopt;
  return match::Threat{held_a / all_a, held_b / all_b};
}

void ControlledThreat::fit_grid(int columns, int rows) {
  if (columns == columns_ && rows == rows_) return;
  columns_ = columns;
  rows_ = rows;
  toward_right_.clear();
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const geometry::PitchPoint center = {pitch_.length_m() * ((column + 0.5) / columns - 0.5),
                                           pitch_.width_m() * ((row + 0.5) / rows - 0.5)};
      toward_right_.push_back(static_cast<float>(expected_threat_at(center, 1, pitch_)));
    }
  }
}

}  // namespace touchline::analytics
