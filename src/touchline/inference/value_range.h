#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace touchline::inference {

/// An unsigned 8-bit form of numbers: value = (code − zero) · scale, codes 0..255.
struct Codes {
  float scale = 1;
  std::uint8_t zero = 0;

  friend bool operator==(const Codes&, const Codes&) = default;
};

/// The nearest number that has a code.
float rounded(float value, const Codes& codes);

/// Which values occur, in steps of 1/16384 of a power of two that no value exceeds. The values of each add() weigh 1
/// together, so that every picture counts the same, whatever its size. Not thread-safe.
class ValueHistogram {
 public:
  /// Values may be negative. False when one of them is not finite; then nothing was added.
  bool add(std::span<const float> values);
  void add(const ValueHistogram& other);

  float low() const { return low_; }    ///< the smallest value; 0 when all were larger, or there were none
  float high() const { return high_; }  ///< the largest value; 0 when all were smaller, or there were none

  /// Calls visit(value, weight) for every step that holds values, in ascending order; the value is the step's middle.
  template <typename Visit>
  void each_step(Visit visit) const {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (weights_[i] != 0) visit((static_cast<double>(i) + 0.5 - static_cast<double>(kHalf)) * step_, weights_[i]);
    }
  }

 private:
  static constexpr std::size_t kHalf = 16384;

  /// Doubles the steps until ±bound fits.
  void widen(float bound);

  std::vector<double> weights_ = std::vector<double>(2 * kHalf);
  double step_ = 0x1p-24;
  float low_ = 0;
  float high_ = 0;
};

/// The range, holding 0, that costs the values least: the sum of the errors of rounding and cutting off, each to the
/// power 2.7. Tried are 36 ranges, from 0.3 of the value farthest from 0 to all of it; of equal ones the narrower.
///
/// The power lies between squares, which cut off the rare strong answers that a ball is, and larger ones, which are
/// coarse everywhere for their sake (docs/training.md has the measured errors). Thread-safe.
Codes choose_codes(const ValueHistogram& values);

/// Weights as signed integers −127..127, one scale for each of the rows: weight = integer · scale.
struct IntegerWeights {
  std::vector<std::int8_t> integers;  ///< in the order of the weights
  std::vector<float> scales;          ///< one a row
};

/// The scale of each row is the one of 41, from 0.6 of the row's widest to all of it, whose squared errors sum to the
/// least. Throws Error(kInvalidArgument) unless rows ≥ 1 divides the number of weights. Thread-safe.
IntegerWeights quantize_weights(std::span<const float> weights, std::size_t rows);

}  // namespace touchline::inference
