#pragma once

#include <array>
#include <span>
#include <vector>

#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/point.h"
#include "touchline/match/pitch_model.h"

namespace touchline::overlay {

/// Which part of the pitch a picture shows. Keeps its memory between calls. Not thread-safe.
class ViewPolygon {
 public:
  /// The corners, in pitch metres, of what a picture of width × height pixels shows of the pitch grown by margin_m on
  /// all sides; empty when it shows none of it. What lies above the horizon is cut off. Lives until the next call.
  std::span<const geometry::PitchPoint> of(const geometry::PitchCamera& camera, int width_px, int height_px,
                                           const match::PitchModel& pitch, double margin_m);

 private:
  using Homogeneous = std::array<double, 3>;
  void clip(const Homogeneous& line);

  std::vector<Homogeneous> corners_;
  std::vector<Homogeneous> scratch_;
  std::vector<geometry::PitchPoint> polygon_m_;
};

}  // namespace touchline::overlay
