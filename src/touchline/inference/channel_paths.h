#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "touchline/inference/onnx_graph.h"

namespace touchline::inference {

/// Whether an operation gives out values as it takes them in: joins, pooling, enlarging, cutting. Behind a rounded map
/// it moves codes.
bool passes_values(const OnnxNode& node);

/// Which rounded maps may have one scale a channel: those that reach nothing but integer convolutions whose weights can
/// bring what the scales differ by. What reads such a map directly sees its true values; what lies behind a join, a
/// pooling or an enlarging sees codes, which mean something to convolutions alone.
class ChannelPaths {
 public:
  /// convolutions   the tensors that the integer convolutions make
  /// channels       of each rounded map; a map that is missing there has no channels
  /// Keeps pointers into the graph's nodes. Throws Error as OnnxGraph::constant().
  ChannelPaths(const OnnxGraph& graph, const std::vector<std::string>& convolutions,
               std::map<std::string, std::int64_t> channels);

  bool may_scale(const std::string& map) const { return scalable_.contains(map); }

  /// The maps that the convolution's input channels are, in their order; empty where that is not known.
  std::vector<std::string> maps_read_by(const OnnxNode& convolution) const;

  /// The squared weights that each channel of a map that may be scaled meets, summed.
  std::vector<double> importance(const std::string& map) const;

 private:
  bool add_maps(std::vector<std::string>& maps, const std::string& tensor) const;
  bool can_follow(const OnnxNode& convolution) const;
  bool reaches_convolutions_alone(const std::string& tensor, bool is_behind) const;

  const OnnxGraph& graph_;
  std::map<std::string, std::int64_t> channels_;
  std::set<std::string> integer_;
  std::map<std::string, const OnnxNode*> makers_;
  std::map<std::string, std::vector<const OnnxNode*>> readers_;
  std::set<std::string> scalable_;
};

}  // namespace touchline::inference
