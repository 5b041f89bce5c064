#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "touchline/synth/canvas.h"
#include "touchline/synth/stadium.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// Paints all that stands still, but the white lines: grass, boards, stands. Keeps scratch memory; one per thread.
class Backdrop {
 public:
  explicit Backdrop(Pixel sky) : sky_(sky) {}

  /// Every pixel of the canvas, its fourth lane 0. At most 64 surfaces.
  void paint(Canvas& canvas, const View& view, std::span<const Surface> surfaces);

 private:
  /// A surface as one eye sees it: what of its equations does not depend on the line of sight.
  struct Facing {
    Vec3 normal;
    double distance_m = 0;  ///< of its plane from the eye, along the normal
    double eye_u_m = 0;     ///< the eye's own coordinates on it
    double eye_v_m = 0;
  };
  struct Hit {
    int surface = -1;
    float u = 0;
    float v = 0;
    Vec3 ray;
  };
  void face(Vec3 eye);
  Hit trace(Vec3 ray, std::uint64_t candidates) const;
  void trace_corners(const View& view, int columns, int rows);
  void paint_whole(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const;
  void paint_mixed(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const;
  Pixel color(const Hit& hit) const;

  Pixel sky_;
  std::span<const Surface> surfaces_;  ///< of the picture being painted
  std::uint64_t thin_ = 0;             ///< which of them may be lower than a cell
  std::vector<Facing> facing_;
  std::vector<Hit> corners_;
};

}  // namespace touchline::synth
