#pragma once

#include <vector>

#include "touchline/inference/onnx_graph.h"
#include "touchline/inference/value_range.h"

namespace touchline::inference {

/// Weights of a convolution before and after rounding, rows by output channels.
struct RoundedWeights {
  OnnxConstant exact;          ///< columns scaled by the factors
  std::vector<float> factors;  ///< what the channels of the input are scaled by; none: by nothing
  IntegerWeights integers;
};

/// Scales the columns by the factors and rounds. weights [rows × columns × kernel]; factors [columns], or none.
/// Throws Error as quantize_weights(). Thread-safe.
RoundedWeights round_weights(OnnxConstant weights, std::vector<float> factors);

/// What rounding the weights adds to the mean of each row's output, borders left out of account.
/// means [columns] of the input's channels, not scaled. Thread-safe.
std::vector<double> mean_shifts(const RoundedWeights& weights, const std::vector<double>& means);

}  // namespace touchline::inference
