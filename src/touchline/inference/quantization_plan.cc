#include "touchline/inference/quantization_plan.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/inference/channel_paths.h"

namespace touchline::inference {
namespace {

constexpr int kFinestStride = 8;
constexpr std::int64_t kLeastOpset = 10;
constexpr const char* kBallOutput = "ball";
constexpr std::array<std::string_view, 8> kIntegerTypes = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "ConvInteger",
    "QLinearConv",    "MatMulInteger",    "QLinearMatMul",         "FakeQuantize"};

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

/// Every tensor that an output other than the ball's depends on.
std::set<std::string> needed_tensors(const OnnxGraph& graph) {
  std::set<std::string> needed;
  for (const auto& output : graph.outputs()) {
    if (output != kBallOutput) needed.insert(output);
  }
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const OnnxNode& node = graph.nodes[i];
    const auto is_needed = [&](const std::string& output) { return needed.contains(output); };
    if (std::ranges::any_of(node.outputs, is_needed)) needed.insert(node.inputs.begin(), node.inputs.end());
  }
  return needed;
}

bool is_coarse(const std::vector<std::int64_t>& shape, int width_px, int height_px) {
  return shape.size() == 4 && shape[2] * kFinestStride <= height_px && shape[3] * kFinestStride <= width_px;
}

/// The maps whose values a tensor holds: itself, or those that were joined, pooled, enlarged or cut to make it.
void add_origins(std::set<std::string>& origins, const std::string& tensor,
                 const std::map<std::string, const OnnxNode*>& makers) {
  const auto maker = makers.find(tensor);
  if (maker == makers.end() || !passes_values(*maker->second)) {
    origins.insert(tensor);
    return;
  }
  const auto& inputs = maker->second->inputs;
  const std::size_t count = maker->second->type == "Concat" ? inputs.size() : 1;
  for (std::size_t i = 0; i < count; ++i) add_origins(origins, inputs[i], makers);
}

/// Merges the set with the groups that it touches.
void join(std::vector<std::set<std::string>>& groups, std::set<std::string> joined) {
  const auto apart = [&](const std::set<std::string>& group) {
    return std::ranges::none_of(group, [&](const std::string& tensor) { return joined.contains(tensor); });
  };
  const auto touching = std::partition(groups.begin(), groups.end(), apart);
  for (auto group = touching; group != groups.end(); ++group) joined.insert(group->begin(), group->end());
  groups.erase(touching, groups.end());
  groups.push_back(std::move(joined));
}

/// Of the tensors of four dimensions.
std::map<std::string, std::int64_t> channels_of(const std::vector<std::string>& tensors, const Shapes& shapes) {
  std::map<std::string, std::int64_t> channels;
  for (const auto& tensor : tensors) {
    const auto shape = shapes.find(tensor);
    if (shape != shapes.end() && shape->second.size() == 4 && shape->second[1] > 0) channels[tensor] = shape->second[1];
  }
  return channels;
}

/// Of the groups all of whose maps may have one scale a channel.
std::map<std::string, std::int64_t> scaled_channels_of(const ChannelPaths& paths, const QuantizationPlan& plan,
                                                       std::map<std::string, std::int64_t> channels) {
  for (const auto& group : plan.groups) {
    const bool all = std::ranges::all_of(group, [&](const std::string& map) { return paths.may_scale(map); });
    for (const auto& map : group) {
      if (!all) channels.erase(map);
    }
  }
  return channels;
}

std::optional<KernelWindow> window_of(const OnnxNode& convolution, const OnnxConstant& weights, const Shapes& shapes) {
  const auto shape = shapes.find(convolution.inputs.at(0));
  if (shape == shapes.end() || shape->second.size() != 4 || shape->second[1] != weights.dims[1]) return std::nullopt;
  KernelWindow window{.input = shape->first};
  window.channels = static_cast<std::size_t>(weights.dims[1]);
  window.height = static_cast<std::size_t>(weights.dims[2]);
  window.width = static_cast<std::size_t>(weights.dims[3]);
  const auto dilations = integers_attribute(convolution, "dilations");
  if (dilations.size() == 2) {
    window.dilation_y = dilations[0];
    window.dilation_x = dilations[1];
  }
  return window;
}

void refuse_unfit(const OnnxGraph& graph, std::int64_t opset, const std::string& name) {
  const auto integer = [](const OnnxNode& node) {
    return std::ranges::find(kIntegerTypes, node.type) != kIntegerTypes.end();
  };
  if (std::ranges::any_of(graph.nodes, integer)) {
    base::fail(base::ErrorCode::kUnsupported, "{} is in 8 bits already: give the network that it was made of", name);
  }
  if (opset < kLeastOpset) {
    base::fail(base::ErrorCode::kUnsupported, "{} is of ONNX opset {}: export it with opset 13 or newer", name, opset);
  }
}

}  // namespace

bool QuantizationPlan::makes_integer(const OnnxNode& node) const {
  return std::ranges::find(convolutions, node.outputs.at(0)) != convolutions.end();
}

QuantizationPlan plan_quantization(const OnnxGraph& graph, std::int64_t opset, const std::string& name,
                                   const Shapes& shapes, int width_px, int height_px) {
  refuse_unfit(graph, opset, name);
  const auto needed = needed_tensors(graph);
  const auto makers = makers_of(graph);
  QuantizationPlan plan;
  std::vector<std::set<std::string>> groups;
  int convolutions = 0;
  for (const auto& node : graph.nodes) {
    if (node.type != "Conv") continue;
    ++convolutions;
    const std::string& output = node.outputs.at(0);
    const auto shape = shapes.find(output);
    if (shape == shapes.end() || !is_coarse(shape->second, width_px, height_px) || !needed.contains(output)) continue;
    const auto weights = graph.constant(node.inputs.at(1));
    if (!weights || weights->dims.size() != 4 || weights->dims[0] < 1) continue;
    if (weights->dims[1] == 1) continue;  // depthwise
    if (weights->type == ElementType::kHalf) {
      base::fail(base::ErrorCode::kUnsupported, "{} computes in half precision: export it in FP32", name);
    }
    plan.convolutions.push_back(output);
    if (auto window = window_of(node, *weights, shapes)) plan.windows[output] = *std::move(window);
    std::set<std::string> origins;
    add_origins(origins, node.inputs.at(0), makers);
    join(groups, std::move(origins));
  }
  if (convolutions == 0) {
    base::fail(base::ErrorCode::kUnsupported, "{} has no convolutions: there is nothing to compute in 8 bits", name);
  }
  if (plan.convolutions.empty()) {
    base::fail(
        base::ErrorCode::kUnsupported,
        "{} has no convolution at an eighth of the picture's size or coarser: finer ones lose too much in 8 bits",
        name);
  }
  std::vector<std::string> maps;
  for (const auto& group : groups) {
    plan.groups.emplace_back(group.begin(), group.end());
    maps.insert(maps.end(), group.begin(), group.end());
  }
  const auto channels = channels_of(maps, shapes);
  const ChannelPaths paths(graph, plan.convolutions, channels);
  if (opset >= kOpsetOfChannelScales) plan.scaled_channels = scaled_channels_of(paths, plan, channels);
  return plan;
}

}  // namespace touchline::inference
