#include "touchline/image/color.h"

#include <algorithm>
#include <cmath>

namespace touchline::image {
namespace {

struct Weights {
  double red;
  double blue;
};

Weights weights_of(ColorMatrix matrix) {
  return matrix == ColorMatrix::kBt601 ? Weights{0.299, 0.114} : Weights{0.2126, 0.0722};
}

struct Scale {
  double luma_offset;
  double luma;
  double chroma;
};

Scale scale_of(ColorRange range) {
  return range == ColorRange::kLimited ? Scale{16, 219, 224} : Scale{0, 255, 255};
}

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

}  // namespace

Yuv yuv_from_rgb(Rgb color, ColorSpace space) {
  const Weights w = weights_of(space.matrix);
  const Scale s = scale_of(space.range);
  const double r = color.r / 255.0;
  const double g = color.g / 255.0;
  const double b = color.b / 255.0;
  const double luma = w.red * r + (1 - w.red - w.blue) * g + w.blue * b;
  return {to_byte(s.luma_offset + s.luma * luma), to_byte(128 + s.chroma * (b - luma) / (2 * (1 - w.blue))),
          to_byte(128 + s.chroma * (r - luma) / (2 * (1 - w.red)))};
}

Rgb rgb_from_yuv(Yuv sample, ColorSpace space) {
  const Weights w = weights_of(space.matrix);
  const Scale s = scale_of(space.range);
  const double luma = (sample.y - s.luma_offset) / s.luma;
  const double b = luma + 2 * (1 - w.blue) * (sample.u - 128) / s.chroma;
  const double r = luma + 2 * (1 - w.red) * (sample.v - 128) / s.chroma;
  const double g = (luma - w.red * r - w.blue * b) / (1 - w.red - w.blue);
  return {to_byte(255 * r), to_byte(255 * g), to_byte(255 * b)};
}

}  // namespace touchline::image
