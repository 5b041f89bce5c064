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

/// A point of a limb's surface as seen in the picture.
struct Touch {
  float along = 0;               ///< 0 at a, 1 at b
  float nx = 0, ny = 0, nz = 0;  ///< normal: right, down, toward the camera
  float radius = 0;              ///< of the limb there, pixels
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
  /// The nearest surface at one sample of one instant; limb −1 = none.
  struct Sample {
    float depth;
    int limb;
    Touch touch;
  };
  void expose(const Instant& instant, int x0, int y0, int width, int height, int index);

  const Look* look_;
  std::vector<Pixel> sums_;
  std::vector<Sample> samples_;
  std::vector<float> mask_;
};

/// The box round the figure in the picture, not clipped; empty when a part lies behind the camera.
std::optional<geometry::BoxPx> figure_box(const View& view, const Figure& figure);

/// Writes `label` into `map` (width × height, row-major) at every pixel whose middle the figure covers; returns how
/// many pixels it covers, those outside the picture counted too.
int label_figure(std::vector<std::uint8_t>& map, int width, int height, const View& view, const Figure& figure,
                 std::uint8_t label);

}  // namespace touchline::synth
