#pragma once

#include <cstdint>
#include <span>

#include "touchline/analytics/visible_pitch.h"
#include "touchline/geometry/point.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"

namespace touchline::analytics {

struct VoronoiOptions {
  GridSize grid;              ///< cells over the whole pitch
  double slope_per_m = 0.28;  ///< how sharply control changes with the difference of distances; 0.01 to 10 per metre

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// Soft Voronoi control of the pitch: control_a = σ(slope · (d_b − d_a)), d the distance from a cell's centre to the
/// nearest player of each team; 1 or 0 when one team has no player. Within 1e-6 of the exact value.
///
/// control   out: model, columns, rows, control_a [rows × columns], and the shares of both teams over the cells marked
///           in control.visible, which the caller fills first (mark_visible_cells)
/// team_a, team_b   pitch metres, players and goalkeepers
///
/// False, and control is untouched, when no team has a player or no cell is visible: control is absent then.
/// At most 10 µs for 22 players on 32 × 20 cells. Nothing is allocated once `control` has its size. Thread-safe.
/// Throws Error(kInvalidArgument) when options.check() fails or control.visible has another length than the grid.
bool voronoi_control(match::PitchControl& control, std::span<const geometry::PitchPoint> team_a,
                     std::span<const geometry::PitchPoint> team_b, const match::PitchModel& pitch,
                     const VoronoiOptions& options);

}  // namespace touchline::analytics
