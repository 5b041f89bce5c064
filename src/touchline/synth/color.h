#pragma once

#include <cstdint>

namespace touchline::synth {

/// Four floats handled as one: Y', U, V of BT.709 on a scale where white is 255, 0, 0, and a spare lane.
using Pixel = float __attribute__((vector_size(16)));

/// Gamma-encoded RGB, 0 … 255, to Y'UV (full range, chroma around 0).
inline Pixel yuv(double r, double g, double b) {
  const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return Pixel{static_cast<float>(y), static_cast<float>((b - y) / 1.8556), static_cast<float>((r - y) / 1.5748), 0};
}

inline Pixel splat(float v) {
  return Pixel{v, v, v, v};
}
inline Pixel blend(Pixel a, Pixel b, float t) {
  return a + (b - a) * splat(t);
}

}  // namespace touchline::synth
