#include "touchline/inference/rounded_weights.h"

#include <cstddef>
#include <utility>

namespace touchline::inference {

RoundedWeights round_weights(OnnxConstant weights, std::vector<float> factors) {
  const auto rows = static_cast<std::size_t>(weights.dims.at(0));
  if (!factors.empty()) {
    const std::size_t kernel = weights.values.size() / rows / factors.size();
    for (std::size_t i = 0; i < weights.values.size(); ++i) weights.values[i] *= factors[i / kernel % factors.size()];
  }
  IntegerWeights integers = quantize_weights(weights.values, rows);
  return {std::move(weights), std::move(factors), std::move(integers)};
}

std::vector<double> mean_shifts(const RoundedWeights& weights, const std::vector<double>& means) {
  const auto& exact = weights.exact.values;
  const std::size_t rows = weights.integers.scales.size();
  const std::size_t length = exact.size() / rows;
  const std::size_t kernel = length / means.size();
  std::vector<double> shifts(rows);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const std::size_t row = i / length;
    const std::size_t column = i % length / kernel;
    const double rounded = double(weights.integers.integers[i]) * double(weights.integers.scales[row]);
    const double factor = weights.factors.empty() ? 1 : weights.factors[column];
    shifts[row] += (rounded - double(exact[i])) * means[column] / factor;
  }
  return shifts;
}

}  // namespace touchline::inference
