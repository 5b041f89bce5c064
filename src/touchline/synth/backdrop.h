#pragma once

#include <vector>

#include "touchline/synth/canvas.h"
#include "touchline/synth/stadium.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// Paints all that stands still, but the white lines: grass, boards, stands. Keeps scratch memory; one per thread.
class Backdrop {
 public:
  explicit Backdrop(const Stadium& stadium) : stadium_(&stadium) {}

  /// Every pixel of the canvas, its fourth lane 0.
  void paint(Canvas& canvas, const View& view);

 private:
  struct Hit {
    int surface = -1;
    float u = 0;
    float v = 0;
    Vec3 ray;
  };
  Hit trace(Vec3 eye, Vec3 ray) const;
  Hit trace(Vec3 eye, Vec3 ray, unsigned candidates) const;
  bool meets(const Surface& surface, Vec3 eye, Vec3 ray, double& nearest, Hit& hit) const;
  void trace_corners(const View& view, int columns, int rows);
  void paint_whole(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const;
  void paint_mixed(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom, Vec3 eye) const;
  Pixel color(const Hit& hit, int level) const;

  const Stadium* stadium_;
  std::vector<Hit> corners_;
};

}  // namespace touchline::synth
