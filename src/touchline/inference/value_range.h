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

/// Which values occur, in steps of 1/`steps` of a power of two that no value exceeds. The values of each add() weigh 1
/// together, so that every picture counts the same, whatever its size. Not thread-safe.
class ValueHistogram {
 public:
  explicit ValueHistogram(std::size_t steps = 16384) : half_(steps), weights_(2 * steps) {}

  /// Values may be negative. False when one of them is not finite; then nothing was added.
  bool add(std::span<const float> values);
  void add(const ValueHistogram& other);

  float low() const { return low_; }    ///< the smallest value; 0 when all were larger, or there were none
  float high() const { return high_; }  ///< the largest value; 0 when all were smaller, or there were none

  /// Calls visit(value, weight) for every step that holds values, in ascending order; the value is the step's middle.
  template <typename Visit>
  void each_step(Visit visit) const {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (weights_[i] != 0) visit((static_cast<double>(i) + 0.5 - static_cast<double>(half_)) * step_, weights_[i]);
    }
  }

 private:
  /// Doubles the steps until ±bound fits.
  void widen(float bound);

  std::size_t half_;
  std::vector<double> weights_;
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

/// One channel of a map whose channels have scales of their own.
struct ChannelValues {
  const ValueHistogram* values = nullptr;
  double importance = 1;  ///< what an error costs: the squared weights that the channel meets
};

/// An unsigned 8-bit form of maps: value = (code − zero) · its channel's scale, codes 0..255.
struct ChannelCodes {
  Codes shared;  ///< the zero of all, and the scale by which the codes are read, no smaller than any other
  std::vector<float> scales{};  ///< one a channel; none: all have the shared one
};

/// Zero and scales for channels whose codes one convolution reads, so that its weights have to bring what the scales
/// differ by: the zero of a few that costs the channels least when each takes the scale that costs it least, down to an
/// eighth of the largest; then each scale four fifths of the way, by logarithms, from the largest to that one, for
/// weights that lie far apart round badly. `plain` are the codes of all together. Thread-safe.
ChannelCodes choose_channel_codes(const Codes& plain, std::span<const ChannelValues> channels);

/// The integer −127..127 that stands for the weight: the nearest to weight / scale, of two the even one.
std::int8_t nearest_integer(float weight, float scale);

/// Weights as signed integers −127..127, one scale for each of the rows: weight = integer · scale.
struct IntegerWeights {
  std::vector<std::int8_t> integers;  ///< in the order of the weights
  std::vector<float> scales;          ///< one a row
};

/// The scale of each row is the one of 41, from 0.6 of the row's widest to all of it, whose squared errors sum to the
/// least. Throws Error(kInvalidArgument) unless rows ≥ 1 divides the number of weights. Thread-safe.
IntegerWeights quantize_weights(std::span<const float> weights, std::size_t rows);

}  // namespace touchline::inference
