#pragma once

#include <cmath>

namespace touchline::geometry {

/// A place in the original picture: pixels, x right, y down, the top-left pixel's corner is (0, 0).
struct ImagePoint {
  double x = 0;
  double y = 0;
  friend bool operator==(const ImagePoint&, const ImagePoint&) = default;
};

/// A place on the pitch: metres, origin at the centre spot, x toward the goal on the main camera's right,
/// y away from the main camera.
struct PitchPoint {
  double x = 0;
  double y = 0;
  friend bool operator==(const PitchPoint&, const PitchPoint&) = default;
};

inline double distance_px(ImagePoint a, ImagePoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}
inline double distance_m(PitchPoint a, PitchPoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace touchline::geometry
