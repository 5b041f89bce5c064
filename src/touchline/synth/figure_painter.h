#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/synth/canvas.h"
#include "touchline/synth/figure.h"

namespace touchline::synth {

/// One instant of the exposure.
struct Instant {
  const View* view = nullptr;
  const Figure* figure = nullptr;
};

/// Paints figures over a canvas: several instants of the exposure averaged, so limbs and pans blur as they do in a real
/// camera. Keeps scratch memory; one painter per thread.
class FigurePainter {
 public:
  explicit FigurePainter(const Look& look) : look_(&look) {}

  /// The figure over what is on the canvas, edges anti-aliased. Parts outside the canvas are left out.
  void paint(Canvas& canvas, std::span<const Instant> instants);

  /// Darkens the grass where the figure keeps light away.
  void paint_shadow(Canvas& canvas, const View& view, const Figure& figure);

 private:
  struct Sample {
    float depth;
    Pixel color;
  };
  void expose(const Instant& instant, int x0, int y0, int width, int height, int index);

  const Look* look_;
  std::vector<Pixel> sums_;
  std::vector<float> depths_;
  std::vector<Pixel> colors_;
  std::vector<float> mask_;
};

/// The box round the figure in the picture, not clipped; empty when a part lies behind the camera.
std::optional<geometry::BoxPx> figure_box(const View& view, const Figure& figure);

/// Writes `label` into `map` (width × height, row-major) at every pixel whose middle the figure covers; returns how
/// many pixels it covers, those outside the picture counted too.
int label_figure(std::vector<std::uint8_t>& map, int width, int height, const View& view, const Figure& figure,
                 std::uint8_t label);

}  // namespace touchline::synth
