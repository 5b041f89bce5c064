#include "touchline/inference/value_range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

constexpr int kMapCodes = 255;
constexpr int kWeightCodes = 127;
constexpr int kClips = 36;
constexpr double kLeastClip = 0.3;
constexpr int kWeightClips = 41;
constexpr double kLeastWeightClip = 0.6;
constexpr double kErrorPower = 2.7;
/// Zeros that are tried beside the plain one: the more of them lie below zero, the finer may a small channel's scale
/// be.
constexpr std::array<std::uint8_t, 6> kZeros = {8, 16, 24, 32, 48, 64};
/// Scales that are tried, of the plain one: from 3/2 downward in steps of a quarter of an octave.
constexpr double kLargestScale = 1.5;
constexpr int kScales = 17;
constexpr int kTops = 5;             // of these may be the largest
constexpr int kScalesBelowTop = 12;  // an eighth
constexpr double kScalesPerOctave = 4;
constexpr double kShareOfWay = 0.8;
constexpr float kLeastRange = 1e-6F;
constexpr float kLeastWeight = 1e-9F;

double clip_of(int index, int count, double least) {
  return least + (1 - least) * index / (count - 1);
}

Codes codes_between(double bottom, double top) {
  const double width = top - bottom;
  return {static_cast<float>(width / kMapCodes), static_cast<std::uint8_t>(std::rint(-bottom / width * kMapCodes))};
}

double rounded_double(double value, const Codes& codes) {
  const double zero = codes.zero;
  const double scale = static_cast<double>(codes.scale);
  return (std::clamp(std::rint(value / scale) + zero, 0.0, static_cast<double>(kMapCodes)) - zero) * scale;
}

double scale_at(double plain_scale, int index) {
  return plain_scale * kLargestScale * std::exp2(-index / kScalesPerOctave);
}

double cost_of(const ValueHistogram& values, const Codes& codes) {
  double sum = 0;
  values.each_step([&](double value, double weight) {
    const double error = std::abs(rounded_double(value, codes) - value);
    sum += weight * std::pow(error, kErrorPower);
  });
  return sum;
}

/// What each of the scales costs each channel, with the codes' zero.
std::vector<std::array<double, kScales>> costs_of(std::span<const ChannelValues> channels, double plain_scale,
                                                  std::uint8_t zero) {
  std::vector<std::array<double, kScales>> costs(channels.size());
  for (std::size_t c = 0; c < channels.size(); ++c) {
    for (int k = 0; k < kScales; ++k) {
      const Codes codes{static_cast<float>(scale_at(plain_scale, k)), zero};
      costs[c][static_cast<std::size_t>(k)] = channels[c].importance * cost_of(*channels[c].values, codes);
    }
  }
  return costs;
}

/// The scale that costs a channel least, of those from `top` to an eighth of it.
int best_below(const std::array<double, kScales>& costs, int top) {
  const auto first = costs.begin() + top;
  return top + static_cast<int>(std::min_element(first, first + kScalesBelowTop + 1) - first);
}

float best_scale(std::span<const float> row) {
  float widest = kLeastWeight;
  for (const float weight : row) widest = std::max(widest, std::abs(weight));
  float best = 0;
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < kWeightClips; ++i) {
    const auto scale =
        static_cast<float>(static_cast<double>(widest) / kWeightCodes * clip_of(i, kWeightClips, kLeastWeightClip));
    double sum = 0;
    for (const float weight : row) {
      const double error = static_cast<double>(static_cast<float>(nearest_integer(weight, scale)) * scale - weight);
      sum += error * error;
    }
    if (sum >= least) continue;
    least = sum;
    best = scale;
  }
  return best;
}

}  // namespace

float rounded(float value, const Codes& codes) {
  return static_cast<float>(rounded_double(static_cast<double>(value), codes));
}

bool ValueHistogram::add(std::span<const float> values) {
  float low = 0;
  float high = 0;
  bool finite = true;
  for (const float value : values) {
    finite = finite && std::isfinite(value);
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (!finite) return false;
  widen(std::max(high, -low));
  const double weight = 1 / static_cast<double>(values.size());
  const auto steps_per_unit = static_cast<float>(1 / step_);
  for (const float value : values) {
    const auto step =
        static_cast<std::ptrdiff_t>(std::floor(value * steps_per_unit)) + static_cast<std::ptrdiff_t>(half_);
    weights_[static_cast<std::size_t>(step)] += weight;
  }
  low_ = std::min(low_, low);
  high_ = std::max(high_, high);
  return true;
}

void ValueHistogram::add(const ValueHistogram& other) {
  widen(std::max(other.high_, -other.low_));
  other.each_step([&](double value, double weight) {
    const auto step = static_cast<std::ptrdiff_t>(std::floor(value / step_)) + static_cast<std::ptrdiff_t>(half_);
    weights_[static_cast<std::size_t>(step)] += weight;
  });
  low_ = std::min(low_, other.low_);
  high_ = std::max(high_, other.high_);
}

void ValueHistogram::widen(float bound) {
  // Strictly less: the largest value itself needs a step.
  while (static_cast<double>(bound) >= step_ * static_cast<double>(half_)) {
    std::vector<double> wider(weights_.size());
    for (std::size_t i = 0; i < weights_.size(); ++i) wider[half_ / 2 + i / 2] += weights_[i];
    weights_.swap(wider);
    step_ *= 2;
  }
}

Codes choose_codes(const ValueHistogram& values) {
  const auto low = static_cast<double>(values.low());
  const auto high = static_cast<double>(std::max(values.high(), values.low() < 0 ? 0.0F : kLeastRange));
  const double farthest = std::max(high, -low);
  Codes best;
  double least = std::numeric_limits<double>::max();
  for (int i = 0; i < kClips; ++i) {
    const double limit = farthest * clip_of(i, kClips, kLeastClip);
    const Codes codes = codes_between(std::max(low, -limit), std::min(high, limit));
    const double cost = cost_of(values, codes);
    if (cost >= least) continue;
    least = cost;
    best = codes;
  }
  return best;
}

ChannelCodes choose_channel_codes(const Codes& plain, std::span<const ChannelValues> channels) {
  const double plain_scale = plain.scale;
  std::set<std::uint8_t> zeros(kZeros.begin(), kZeros.end());
  zeros.insert(plain.zero);
  ChannelCodes found;
  double least = std::numeric_limits<double>::max();
  for (const std::uint8_t zero : zeros) {
    const auto costs = costs_of(channels, plain_scale, zero);
    // Upward: of tops that cost the same the least, which some channel takes.
    for (int top = kTops - 1; top >= 0; --top) {
      double sum = 0;
      for (const auto& of_channel : costs) sum += of_channel[static_cast<std::size_t>(best_below(of_channel, top))];
      if (sum >= least) continue;
      least = sum;
      found.shared = {static_cast<float>(scale_at(plain_scale, top)), zero};
      found.scales.clear();
      for (const auto& of_channel : costs) {
        const double below = best_below(of_channel, top) - top;
        found.scales.push_back(
            static_cast<float>(scale_at(plain_scale, top) * std::exp2(-kShareOfWay * below / kScalesPerOctave)));
      }
    }
  }
  return found;
}

std::int8_t nearest_integer(float weight, float scale) {
  const float limit = kWeightCodes;
  return static_cast<std::int8_t>(std::clamp(std::rint(weight / scale), -limit, limit));
}

IntegerWeights quantize_weights(std::span<const float> weights, std::size_t rows) {
  TOUCHLINE_REQUIRE(rows >= 1 && weights.size() % rows == 0, "{} weights are no {} rows", weights.size(), rows);
  const std::size_t length = weights.size() / rows;
  IntegerWeights found;
  found.integers.reserve(weights.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = weights.subspan(i * length, length);
    const float scale = best_scale(row);
    for (const float weight : row) found.integers.push_back(nearest_integer(weight, scale));
    found.scales.push_back(scale);
  }
  return found;
}

}  // namespace touchline::inference
