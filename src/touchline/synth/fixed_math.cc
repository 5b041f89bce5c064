#include "touchline/synth/fixed_math.h"

namespace touchline::synth {

double value_noise(double x, double y, std::uint64_t seed) {
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const int ix = static_cast<int>(fx);
  const int iy = static_cast<int>(fy);
  const auto ease = [](double t) { return t * t * (3 - 2 * t); };
  const double tx = ease(x - fx);
  const double ty = ease(y - fy);
  const double top = mix(lattice(ix, iy, seed), lattice(ix + 1, iy, seed), tx);
  const double bottom = mix(lattice(ix, iy + 1, seed), lattice(ix + 1, iy + 1, seed), tx);
  return 2 * mix(top, bottom, ty) - 1;
}

double fractal_noise(double x, double y, int octaves, std::uint64_t seed) {
  double sum = 0;
  double height = 0.6;
  for (int i = 0; i < octaves; ++i) {
    sum += height * value_noise(x, y, seed + static_cast<std::uint64_t>(i));
    x *= 2;
    y *= 2;
    height *= 0.5;
  }
  return sum;
}

}  // namespace touchline::synth
