#include "touchline/inference/input_moments.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

constexpr std::int64_t kPlacesPerPicture = 128;
/// Multiples of these, without their whole parts, lie evenly in the unit square (Roberts 2018, "R2").
constexpr double kStepY = 0.7548776662466927;
constexpr double kStepX = 0.5698402909980532;

/// Of `count` positions the one that the number points to.
std::size_t position_at(double number, std::size_t count) {
  const double fraction = number - std::floor(number);
  return std::min(static_cast<std::size_t>(fraction * static_cast<double>(count)), count - 1);
}

/// Copies what the window sees with its corner there.
void gather(const KernelWindow& window, std::span<const float> map, std::size_t height, std::size_t width,
            std::size_t top, std::size_t left, float* seen) {
  for (std::size_t c = 0; c < window.channels; ++c) {
    for (std::size_t y = 0; y < window.height; ++y) {
      const std::size_t row = (c * height + top + y * window.dilation_y) * width + left;
      for (std::size_t x = 0; x < window.width; ++x) *seen++ = map[row + x * window.dilation_x];
    }
  }
}

}  // namespace

InputMoments::InputMoments(KernelWindow window)
    : window_(std::move(window)), sums_(window_.size()), products_(window_.size() * window_.size()) {}

void InputMoments::add(std::span<const float> map, std::size_t height, std::size_t width) {
  TOUCHLINE_REQUIRE(map.size() == window_.channels * height * width, "{} numbers are no map of {}x{}x{}", map.size(),
                    window_.channels, height, width);
  const std::size_t reach_y = (window_.height - 1) * window_.dilation_y;
  const std::size_t reach_x = (window_.width - 1) * window_.dilation_x;
  if (height <= reach_y || width <= reach_x) return;
  const auto size = static_cast<Eigen::Index>(window_.size());
  Eigen::MatrixXf seen(size, kPlacesPerPicture);
  for (std::int64_t i = 0; i < kPlacesPerPicture; ++i) {
    const auto number = static_cast<double>(places_ + i) + 0.5;
    gather(window_, map, height, width, position_at(number * kStepY, height - reach_y),
           position_at(number * kStepX, width - reach_x), seen.col(i).data());
  }
  Eigen::Map<Eigen::MatrixXf> products(products_.data(), size, size);
  products.selfadjointView<Eigen::Lower>().rankUpdate(seen);
  Eigen::Map<Eigen::VectorXd>(sums_.data(), size) += seen.cast<double>().rowwise().sum();
  places_ += kPlacesPerPicture;
}

std::vector<double> InputMoments::means() const {
  std::vector<double> means(sums_);
  for (double& mean : means) mean /= static_cast<double>(std::max<std::int64_t>(places_, 1));
  return means;
}

std::vector<double> InputMoments::covariances() const {
  const std::vector<double> mean = means();
  const std::size_t size = mean.size();
  const auto count = static_cast<double>(std::max<std::int64_t>(places_, 1));
  std::vector<double> covariances(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = i; j < size; ++j) {
      const double covariance = double(products_[i * size + j]) / count - mean[i] * mean[j];
      covariances[i * size + j] = covariance;
      covariances[j * size + i] = covariance;
    }
  }
  return covariances;
}

}  // namespace touchline::inference
