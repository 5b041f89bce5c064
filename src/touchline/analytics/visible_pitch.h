#pragma once

#include <cstdint>
#include <vector>

#include "touchline/geometry/pitch_camera.h"
#include "touchline/match/pitch_model.h"

namespace touchline::analytics {

/// Size of the grids over the whole pitch: columns along x, rows along y, row 0 at y = −W/2, values at cell centres.
struct GridSize {
  int columns = 32;  ///< cells, 1 to 256
  int rows = 20;     ///< cells, 1 to 256

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
  int cells() const { return columns * rows; }
};

/// Marks the cells whose centre the picture shows.
///
/// visible   [rows × columns] out: 1 inside the picture, 0 outside or behind the horizon; resized when needed
/// width_px, height_px   the picture the camera belongs to
///
/// Returns the share of cells marked, in [0, 1]. About 6 µs for 32 × 20 cells. Thread-safe.
/// Throws Error(kInvalidArgument) when grid.check() fails.
double mark_visible_cells(std::vector<std::uint8_t>& visible, const geometry::PitchCamera& camera, int width_px,
                          int height_px, const match::PitchModel& pitch, GridSize grid);

}  // namespace touchline::analytics
