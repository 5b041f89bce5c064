#pragma once

#include <vector>

#include "touchline/synth/color.h"

namespace touchline::synth {

/// The picture while it is being painted: Y'UV in floats; the fourth lane holds how much of the pixel line paint
/// covers.
struct Canvas {
  Canvas(int width_px, int height_px)
      : width(width_px),
        height(height_px),
        pixels(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px)) {}

  Pixel* row(int y) { return &pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)]; }
  const Pixel* row(int y) const { return &pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)]; }

  int width;
  int height;
  std::vector<Pixel> pixels;
};

}  // namespace touchline::synth
