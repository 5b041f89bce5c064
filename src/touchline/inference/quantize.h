#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "touchline/inference/onnx_graph.h"
#include "touchline/inference/quantization_plan.h"
#include "touchline/inference/value_range.h"

namespace touchline::inference {

/// Rewrites the graph: pairs of QuantizeLinear and DequantizeLinear (unsigned) behind the maps of the plan, and signed
/// integer weights, one scale an output channel, in front of its convolutions. Where a map's channels have scales of
/// their own, its codes are read by the shared one, and the weights bring the rest: integer arithmetic sums channels of
/// one scale only ("SmoothQuant", Xiao et al. 2023, does so for language models).
/// Weights are rounded so that their errors cancel in what they meet (round_weights()); the bias of each convolution
/// takes back what is left of them in the mean ("Data-Free Quantization Through Weight Equalization and Bias
/// Correction", Nagel et al. 2019; borders of zeros are left out of account).
/// codes     of every map of the plan; scales only where plan.scaled_channels has the map
/// moments   by what a convolution makes; without one its weights are rounded one by one, and its bias stays
void rewrite_quantized(OnnxGraph& graph, std::int64_t opset, const QuantizationPlan& plan,
                       const std::map<std::string, ChannelCodes>& codes,
                       const std::map<std::string, InputMoments>& moments);

/// Makes the 8-bit form of a network: measure() some pictures, then finish(). Not thread-safe.
class Quantizer {
 public:
  /// Throws Error as open_session() and plan_quantization(). threads as SessionOptions::threads.
  explicit Quantizer(const std::filesystem::path& model, int threads = 0);
  ~Quantizer();

  int convolutions() const;          ///< of the network
  int integer_convolutions() const;  ///< those that become integer

  /// Width and height that the network demands of pictures; 0, 0 = any multiples of 32.
  int width_px() const;
  int height_px() const;

  /// Takes the ranges and moments of one picture's maps. picture [1 × 3 × H × W] host floats, as the network expects
  /// them. Throws Error: kInvalidArgument for another length; kUnsupported when a map holds a number that is not
  /// finite.
  void measure(std::span<const float> picture, int width_px, int height_px);

  /// The ONNX file. Equal pictures in equal order give equal bytes.
  /// Throws Error(kInvalidArgument) when no picture was measured.
  std::string finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace touchline::inference
