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

/// Scales the columns by the factors and rounds: each weight to the nearest integer; where covariances are known, to
/// the one that is nearest when it also makes up for the errors of those rounded before it, as far as what they meet
/// varies together ("GPTQ", Frantar et al. 2023; the weights that meet what varies most come first).
///
/// weights [rows × columns × kernel]; factors [columns], or none; covariances [columns·kernel]², row by row, of what
/// the weights meet, not scaled (InputMoments), or none. Throws Error(kInvalidArgument) for other lengths, and as
/// quantize_weights(). Thread-safe.
RoundedWeights round_weights(OnnxConstant weights, std::vector<float> factors, const std::vector<double>& covariances);

/// What rounding the weights adds to the mean of each row's output, borders left out of account.
/// means [columns·kernel] of what the weights meet, not scaled. Thread-safe.
std::vector<double> mean_shifts(const RoundedWeights& weights, const std::vector<double>& means);

}  // namespace touchline::inference
