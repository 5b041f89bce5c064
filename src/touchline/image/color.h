#pragma once

#include <cstdint>

#include "touchline/image/frame.h"

namespace touchline::image {

/// A display colour, 8 bit per channel, gamma-coded as in the picture.
struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;
  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// One sample of each plane.
struct Yuv {
  std::uint8_t y = 0;
  std::uint8_t u = 0;
  std::uint8_t v = 0;
  friend bool operator==(const Yuv&, const Yuv&) = default;
};

/// The nearest sample values of a colour (ITU-R BT.601-7 / BT.709-6, 8 bit; limited: luma 16..235, chroma 16..240;
/// full: 0..255). Thread-safe.
Yuv yuv_from_rgb(Rgb color, ColorSpace space);

/// The nearest colour of sample values; what lies outside RGB is clipped. Thread-safe.
Rgb rgb_from_yuv(Yuv sample, ColorSpace space);

}  // namespace touchline::image
