#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace touchline::inference {

/// What one place of a convolution's output sees of its input.
struct KernelWindow {
  std::string input;  ///< the tensor
  std::size_t channels = 0;
  std::size_t height = 1;
  std::size_t width = 1;
  std::size_t dilation_y = 1;
  std::size_t dilation_x = 1;

  std::size_t size() const { return channels * height * width; }
};

/// Means and covariances of the numbers under a convolution's weights, in the order of the weights, over places that
/// lie wholly inside its input. Not thread-safe.
class InputMoments {
 public:
  explicit InputMoments(KernelWindow window);

  const KernelWindow& window() const { return window_; }

  /// Takes 128 places of one picture's map, spread evenly; none of a map smaller than the window.
  /// map [channels × height × width] finite numbers; throws Error(kInvalidArgument) for another length.
  void add(std::span<const float> map, std::size_t height, std::size_t width);

  std::int64_t places() const { return places_; }

  /// [size()]; zeros without places.
  std::vector<double> means() const;

  /// [size() × size()]; zeros without places.
  std::vector<double> covariances() const;

 private:
  KernelWindow window_;
  std::int64_t places_ = 0;
  std::vector<double> sums_;
  std::vector<float> products_;  ///< of all pairs, summed; below the diagonal and on it
};

}  // namespace touchline::inference
