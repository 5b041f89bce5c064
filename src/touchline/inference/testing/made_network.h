#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "touchline/inference/onnx_graph.h"
#include "touchline/inference/wire_format.h"

namespace touchline::inference::testing {

using Floats = std::vector<float>;
using Shape = std::vector<std::int64_t>;

constexpr int kSide = 64;
constexpr std::int64_t kChannels = 4;

wire::Bytes view(const std::string& text);

/// Uniform in [least, most]; the same for the same seed.
Floats random_floats(std::size_t count, unsigned seed, float least, float most);

/// A network put together node by node; its input is `images`, 1 × 3 × kSide × kSide.
struct Network {
  std::vector<OnnxNode> nodes;
  std::map<std::string, std::pair<Shape, Floats>> weights;
  std::map<std::string, Shape> outputs;

  /// The ONNX file.
  std::string bytes(std::uint64_t opset) const;

  /// From map `in` to map `out` with random weights `out`_w; as large as before at stride 1, unpadded else.
  void add_convolution(const std::string& in, const std::string& out, Shape dims, std::uint64_t stride);
};

/// images → a (stride 8) → b; c = a + b; join of c and b → said; besides `fine` at stride 4, `deep` (depthwise), and
/// a convolution that only `ball` depends on.
Network small_network();

}  // namespace touchline::inference::testing
