#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "touchline/inference/input_moments.h"
#include "touchline/inference/onnx_graph.h"

namespace touchline::inference {

/// The first ONNX opset whose QuantizeLinear and DequantizeLinear know one scale a channel.
inline constexpr std::int64_t kOpsetOfChannelScales = 13;

/// What becomes integer in a network.
struct QuantizationPlan {
  std::vector<std::string> convolutions;         ///< the tensors that they make, in the order of the file
  std::vector<std::vector<std::string>> groups;  ///< maps that are rounded; those of a group share zero and scale
  /// Channels of the maps whose groups may have one scale a channel (channel_paths.h), from opset 13 on.
  std::map<std::string, std::int64_t> scaled_channels;
  /// What each convolution sees, by what it makes; grouped ones, and those whose input has no known shape, have none.
  std::map<std::string, KernelWindow> windows;

  /// Whether the node is one of the convolutions.
  bool makes_integer(const OnnxNode& node) const;
};

/// Chooses the convolutions that become integer, and the maps that they read.
///
/// Integer are convolutions with fixed weights whose output has at most an eighth of the picture's sides, except those
/// that only the output `ball` depends on (a ball is a handful of pixels, and its score does not survive the rounding
/// there) and depthwise ones, which OpenVINO computes slower in integers. A map is rounded where it is made, so that
/// what only passes values on (joins, pooling, enlarging, cutting) moves bytes; maps that a join puts together form one
/// group.
///
/// shapes   of all tensors, for a picture of width_px × height_px; a convolution whose output has none stays
/// Throws Error(kUnsupported) when the network has integer operations already, computes in half precision, is older
/// than opset 10, or no convolution can become integer. Thread-safe.
QuantizationPlan plan_quantization(const OnnxGraph& graph, std::int64_t opset, const std::string& name,
                                   const std::map<std::string, std::vector<std::int64_t>>& shapes, int width_px,
                                   int height_px);

}  // namespace touchline::inference
