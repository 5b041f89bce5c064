#pragma once

#include <optional>
#include <span>
#include <vector>

#include "touchline/geometry/point.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"

namespace touchline::analytics {

/// The largest value of the expected-threat grid: what the bar's ball term is measured against.
inline constexpr double kLargestThreat = 0.25745362;

/// Expected threat of places: the chance that possession there ends in a goal within the next actions. Karun Singh's
/// 12 × 8 grid; values at cell centres, bilinear between them, clamped outside; the direction of attack mirrors x and
/// y.
///
/// out        [N] values in [0, kLargestThreat]
/// points_m   [N] pitch metres
/// attack     +1 or −1: the side along x that the team attacks
///
/// Throws Error(kInvalidArgument) when the lengths differ or attack is neither. Thread-safe.
/// Source: https://karun.in/blog/expected-threat.html
void expected_threat(std::span<double> out, std::span<const geometry::PitchPoint> points_m, int attack,
                     const match::PitchModel& pitch);

/// expected_threat() of one place.
double expected_threat_at(geometry::PitchPoint point_m, int attack, const match::PitchModel& pitch);

/// Controlled threat of both teams: T = Σ control_team · xT_team / Σ xT_team over the visible cells of a control grid.
/// Keeps xT at the cells' centres between frames. Not thread-safe.
class ControlledThreat {
 public:
  explicit ControlledThreat(const match::PitchModel& pitch) : pitch_(pitch) {}

  /// Empty when the direction of attack is unknown, the grid is absent, or no cell is visible.
  std::optional<match::Threat> of(const match::PitchControl& control, match::AttackDirection attack);

 private:
  void fit_grid(int columns, int rows);

  match::PitchModel pitch_;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<float> toward_right_;  ///< [rows × columns] xT of the team that attacks +x; the other's is it reversed
};

}  // namespace touchline::analytics
