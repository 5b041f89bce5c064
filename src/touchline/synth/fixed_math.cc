#include "touchline/synth/fixed_math.h"

namespace touchline::synth {
namespace {

constexpr unsigned kTableSide = 256;

}  // namespace

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

NoiseTable::NoiseTable(std::uint64_t seed) {
  Random random(seed);
  values_.resize(std::size_t{kTableSide} * kTableSide);
  for (float& v : values_) v = static_cast<float>(random.uniform(-1, 1));
}

float NoiseTable::value(float x, float y) const {
  const float fx = std::floor(x);
  const float fy = std::floor(y);
  const auto column = static_cast<unsigned>(static_cast<int>(fx));
  const auto row = static_cast<unsigned>(static_cast<int>(fy));
  const auto at = [&](unsigned i, unsigned j) {
    return values_[((row + j) % kTableSide) * kTableSide + (column + i) % kTableSide];
  };
  const auto ease = [](float t) { return t * t * (3 - 2 * t); };
  const float tx = ease(x - fx);
  const float ty = ease(y - fy);
  const float top = at(0, 0) + (at(1, 0) - at(0, 0)) * tx;
  const float bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * tx;
  return top + (bottom - top) * ty;
}

float NoiseTable::fractal(float x, float y, int octaves) const {
  float sum = 0;
  float height = 0.6F;
  for (int i = 0; i < octaves; ++i) {
    sum += height * value(x, y);
    x = 2 * x + 17;
    y = 2 * y + 41;
    height *= 0.5F;
  }
  return sum;
}

}  // namespace touchline::synth
