#include "touchline/inference/channel_paths.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace touchline::inference {
namespace {

constexpr std::string_view kJoin = "Concat";
constexpr std::array<std::string_view, 5> kPassing = {kJoin, "MaxPool", "Resize", "Slice", "Split"};
/// These give out the channels that they take in, one for one.
constexpr std::array<std::string_view, 2> kKeeping = {"MaxPool", "Resize"};
constexpr std::uint64_t kChannelAxis = 1;

bool is_keeping(const OnnxNode& node) {
  return std::ranges::find(kKeeping, node.type) != kKeeping.end();
}

bool joins_channels(const OnnxNode& node) {
  return node.type == kJoin && integer_attribute(node, "axis") == kChannelAxis;
}

/// Adds the squares of the columns [output channel, input channel, ...] from `first` on.
void add_squares(std::vector<double>& squares, const OnnxConstant& weights, std::size_t first) {
  const auto columns = static_cast<std::size_t>(weights.dims.at(1));
  const std::size_t kernel = weights.values.size() / static_cast<std::size_t>(weights.dims.at(0)) / columns;
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    const std::size_t column = i / kernel % columns;
    if (column < first || column >= first + squares.size()) continue;
    const double weight = weights.values[i];
    squares[column - first] += weight * weight;
  }
}

}  // namespace

bool passes_values(const OnnxNode& node) {
  return std::ranges::find(kPassing, node.type) != kPassing.end();
}

ChannelPaths::ChannelPaths(const OnnxGraph& graph, const std::vector<std::string>& convolutions,
                           std::map<std::string, std::int64_t> channels)
    : graph_(graph),
      channels_(std::move(channels)),
      integer_(convolutions.begin(), convolutions.end()),
      makers_(makers_of(graph)) {
  for (const auto& node : graph.nodes) {
    for (const auto& input : node.inputs) readers_[input].push_back(&node);
  }
  for (const auto& [map, count] : channels_) {
    if (reaches_convolutions_alone(map, false)) scalable_.insert(map);
  }
}

std::vector<std::string> ChannelPaths::maps_read_by(const OnnxNode& convolution) const {
  std::vector<std::string> maps;
  if (!add_maps(maps, convolution.inputs.at(0))) maps.clear();
  return maps;
}

bool ChannelPaths::add_maps(std::vector<std::string>& maps, const std::string& tensor) const {
  if (channels_.contains(tensor)) {
    maps.push_back(tensor);
    return true;
  }
  const auto maker = makers_.find(tensor);
  if (maker == makers_.end()) return false;
  const OnnxNode& node = *maker->second;
  if (is_keeping(node)) return add_maps(maps, node.inputs.at(0));
  return joins_channels(node) &&
         std::ranges::all_of(node.inputs, [&](const std::string& input) { return add_maps(maps, input); });
}

/// Its weights are its own, and one column of them stands for each channel that it reads.
bool ChannelPaths::can_follow(const OnnxNode& convolution) const {
  const std::string& weights = convolution.inputs.at(1);
  std::int64_t read = 0;
  for (const auto& map : maps_read_by(convolution)) read += channels_.at(map);
  return readers_.at(weights).size() == 1 && read == graph_.constant(weights).value().dims.at(1);
}

bool ChannelPaths::reaches_convolutions_alone(const std::string& tensor, bool is_behind) const {
  if (is_behind && std::ranges::find(graph_.outputs(), tensor) != graph_.outputs().end()) return false;
  const auto readers = readers_.find(tensor);
  if (readers == readers_.end()) return true;
  return std::ranges::all_of(readers->second, [&](const OnnxNode* node) {
    if (integer_.contains(node->outputs.at(0))) return can_follow(*node);
    if (is_keeping(*node) || joins_channels(*node)) return reaches_convolutions_alone(node->outputs.at(0), true);
    return !is_behind && !passes_values(*node);
  });
}

std::vector<double> ChannelPaths::importance(const std::string& map) const {
  std::vector<double> squares(static_cast<std::size_t>(channels_.at(map)));
  for (const auto& node : graph_.nodes) {
    if (!integer_.contains(node.outputs.at(0))) continue;
    std::size_t column = 0;
    for (const auto& read : maps_read_by(node)) {
      if (read == map) add_squares(squares, graph_.constant(node.inputs.at(1)).value(), column);
      column += static_cast<std::size_t>(channels_.at(read));
    }
  }
  return squares;
}

}  // namespace touchline::inference
