#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace touchline::synth {

/// Arithmetic that gives the same bits on every machine: only operations IEEE 754 rounds exactly, no library sine.

/// A direction or place in metres: x and y as on the pitch, z up.
struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;
};

inline Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 operator*(double s, Vec3 a) {
  return {s * a.x, s * a.y, s * a.z};
}
inline double dot(Vec3 a, Vec3 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(Vec3 a) {
  return std::sqrt(dot(a, a));
}
inline Vec3 unit(Vec3 a) {
  return (1 / length(a)) * a;
}
inline double mix(double a, double b, double t) {
  return a + (b - a) * t;
}
inline Vec3 mix(Vec3 a, Vec3 b, double t) {
  return a + t * (b - a);
}

/// sin(2π·turns), error below 1e-11.
inline double sin_turns(double turns) {
  double x = turns - std::floor(turns + 0.5);
  if (x > 0.25) x = 0.5 - x;
  if (x < -0.25) x = -0.5 - x;
  const double a = 6.283185307179586 * x;
  const double s = a * a;
  const double high = -1.0 / 39916800 + s * (1.0 / 6227020800 + s * (-1.0 / 1307674368000));
  return a * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880 + s * high)))));
}
inline double cos_turns(double turns) {
  return sin_turns(turns + 0.25);
}

/// Scrambles 64 bits (SplitMix64's finaliser).
inline std::uint64_t scramble(std::uint64_t v) {
  v += 0x9E3779B97F4A7C15ULL;
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ULL;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBULL;
  return v ^ (v >> 31);
}

/// A small random generator: equal seeds give equal numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(scramble(seed)) {}

  /// In [0, 1).
  double uniform() { return static_cast<double>((state_ = scramble(state_)) >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double probability) { return uniform() < probability; }
  /// 0 … count − 1.
  int pick(int count) { return static_cast<int>(uniform() * count); }
  /// Nearly normal, deviation 1, never beyond ±3.47.
  double normal() { return (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508075688772; }

 private:
  std::uint64_t state_;
};

/// In [0, 1), from a place and a seed.
inline double lattice(int x, int y, std::uint64_t seed) {
  const auto key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32) | static_cast<std::uint32_t>(y);
  return static_cast<double>(scramble(key + seed * 0xD1B54A32D192ED03ULL) >> 11) * 0x1.0p-53;
}

/// Smooth noise in [−1, 1] with features of size 1.
double value_noise(double x, double y, std::uint64_t seed);

/// Sum of `octaves` value noises, each of half the size and half the height; roughly in [−1, 1].
double fractal_noise(double x, double y, int octaves, std::uint64_t seed);

/// The same noises from a table of random numbers, for whole textures: ten times faster, repeats after 256.
class NoiseTable {
 public:
  explicit NoiseTable(std::uint64_t seed);

  /// Smooth noise in [−1, 1] with features of size 1.
  float value(float x, float y) const;
  /// Roughly in [−1, 1], as fractal_noise().
  float fractal(float x, float y, int octaves) const;

 private:
  std::vector<float> values_;
};

}  // namespace touchline::synth
