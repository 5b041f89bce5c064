#include <cstddef>
#include <cstdint>
#include <string>

#include "touchline/base/error.h"
#include "touchline/inference/onnx_graph.h"
#include "touchline/inference/onnx_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    touchline::inference::parse_onnx_header({data, size}, "fuzz");
    touchline::inference::OnnxGraph graph({data, size}, "fuzz");
    for (const auto& node : graph.nodes) {
      for (const auto& input : node.inputs) static_cast<void>(graph.constant(input));
    }
    if (!graph.nodes.front().inputs.empty()) graph.remove_constant(std::string(graph.nodes.front().inputs.front()));
    static_cast<void>(graph.to_bytes());
  } catch (const touchline::base::Error&) {
    return 0;
  }
  return 0;
}
