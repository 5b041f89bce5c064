#include "touchline/inference/rounded_weights.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

/// Added to each variance, of their mean: what was measured is a sample.
constexpr double kDampingShare = 0.01;

std::size_t length_of(const RoundedWeights& weights) {
  return weights.exact.values.size() / weights.integers.scales.size();
}

/// What the place of a row is scaled by.
double factor_at(const RoundedWeights& weights, std::size_t place) {
  if (weights.factors.empty()) return 1;
  return weights.factors[place * weights.factors.size() / length_of(weights)];
}

/// Places of a row, from the one whose input varies least to the one whose input varies most.
std::vector<std::size_t> by_variance(const RoundedWeights& weights, const std::vector<double>& covariances) {
  const std::size_t length = length_of(weights);
  std::vector<double> variances(length);
  for (std::size_t i = 0; i < length; ++i) {
    const double factor = factor_at(weights, i);
    variances[i] = covariances[i * length + i] / (factor * factor);
  }
  std::vector<std::size_t> places(length);
  std::iota(places.begin(), places.end(), 0);
  std::ranges::stable_sort(places, {}, [&](std::size_t i) { return variances[i]; });
  return places;
}

/// R, lower triangular, with R·Rᵀ the damped covariances of what the scaled weights at the places meet.
/// Empty when nothing there varies.
Eigen::MatrixXd factored(const RoundedWeights& weights, const std::vector<double>& covariances,
                         const std::vector<std::size_t>& places) {
  const std::size_t length = places.size();
  const auto size = static_cast<Eigen::Index>(length);
  Eigen::MatrixXd matrix(size, size);
  for (std::size_t i = 0; i < length; ++i) {
    for (std::size_t j = 0; j < length; ++j) {
      matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
          covariances[places[i] * length + places[j]] / (factor_at(weights, places[i]) * factor_at(weights, places[j]));
    }
  }
  const double mean_variance = matrix.trace() / static_cast<double>(length);
  if (!(mean_variance > 0)) return {};
  matrix.diagonal().array() += kDampingShare * mean_variance;
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> decomposition(matrix);
  if (decomposition.info() != Eigen::Success) return {};
  return matrix;
}

/// The variance of a row's error is the squared length of (errors · R); from the last place to the first, each integer
/// makes the part of it that it still decides as short as it can.
void round_together(RoundedWeights& weights, const std::vector<double>& covariances) {
  const auto places = by_variance(weights, covariances);
  const Eigen::MatrixXd root = factored(weights, covariances, places);
  if (root.size() == 0) return;
  const std::size_t rows = weights.integers.scales.size();
  const auto size = static_cast<Eigen::Index>(places.size());
  Eigen::MatrixXd errors = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(rows), size);
  for (Eigen::Index k = size; k-- > 0;) {
    const Eigen::Index behind = size - 1 - k;
    const Eigen::VectorXd owed = errors.rightCols(behind) * root.col(k).tail(behind) / root(k, k);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t i = row * places.size() + places[static_cast<std::size_t>(k)];
      const double weight = weights.exact.values[i];
      const double wanted = weight + owed(static_cast<Eigen::Index>(row));
      const float scale = weights.integers.scales[row];
      weights.integers.integers[i] = nearest_integer(static_cast<float>(wanted), scale);
      errors(static_cast<Eigen::Index>(row), k) = weight - double(weights.integers.integers[i]) * double(scale);
    }
  }
}

}  // namespace

RoundedWeights round_weights(OnnxConstant weights, std::vector<float> factors, const std::vector<double>& covariances) {
  const auto rows = static_cast<std::size_t>(weights.dims.at(0));
  if (!factors.empty()) {
    const std::size_t kernel = weights.values.size() / rows / factors.size();
    for (std::size_t i = 0; i < weights.values.size(); ++i) weights.values[i] *= factors[i / kernel % factors.size()];
  }
  IntegerWeights integers = quantize_weights(weights.values, rows);
  RoundedWeights rounded{std::move(weights), std::move(factors), std::move(integers)};
  if (covariances.empty()) return rounded;
  const std::size_t length = length_of(rounded);
  TOUCHLINE_REQUIRE(covariances.size() == length * length, "{} covariances do not belong to rows of {} weights",
                    covariances.size(), length);
  round_together(rounded, covariances);
  return rounded;
}

std::vector<double> mean_shifts(const RoundedWeights& weights, const std::vector<double>& means) {
  const auto& exact = weights.exact.values;
  const std::size_t length = length_of(weights);
  std::vector<double> shifts(weights.integers.scales.size());
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const std::size_t row = i / length;
    const double rounded = double(weights.integers.integers[i]) * double(weights.integers.scales[row]);
    shifts[row] += (rounded - double(exact[i])) * means[i % length] / factor_at(weights, i % length);
  }
  return shifts;
}

}  // namespace touchline::inference
