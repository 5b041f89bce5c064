#pragma once

#include <vector>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/point.h"

namespace touchline::track {

/// How long, and how far against the camera, a ball candidate has stood in one place.
struct Stillness {
  double on_grass_s = 0;         ///< at one place of the ground, seen this long, s
  double against_camera_px = 0;  ///< at one place of the picture, while the ground moved this far, px
};

/// Remembers the places where ball candidates keep standing: penalty spots and spare balls stand on the grass, logos
/// and clocks in the picture. At most 32 places of each kind; those unseen longest go first. Not thread-safe.
class StillSpots {
 public:
  /// Time passes and the picture moves.
  void advance(const geometry::Mat3& now_from_before, double dt_s);

  /// Reports a candidate and learns how still its place has been. radius_px: what counts as one place.
  Stillness see(geometry::ImagePoint point_px, double radius_px);

  void reset();

 private:
  struct Spot {
    geometry::ImagePoint point_px;
    double still = 0;    // s or px
    double pending = 0;  // grows with every frame, counted when the spot is seen again
    double unseen_s = 0;
  };

  static Spot& find(std::vector<Spot>& spots, geometry::ImagePoint point_px, double radius_px);

  std::vector<Spot> grass_;
  std::vector<Spot> picture_;
};

}  // namespace touchline::track
