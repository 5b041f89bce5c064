#include "touchline/inference/quantize.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/inference/channel_paths.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/openvino/inner_maps.h"
#include "touchline/inference/rounded_weights.h"

namespace touchline::inference {
namespace {

constexpr int kOpenSize = 640;  // any size that strides up to 64 divide
/// Of a channel's histogram: four to eight for each code, and there are thousands of channels.
constexpr std::size_t kChannelSteps = 1024;

std::string bytes_of(const void* numbers, std::size_t size) {
  return {static_cast<const char*>(numbers), size};
}

/// What follows a map that is rounded: NAME_rounded for convolutions and what passes values on to them; for additions,
/// where channels have scales of their own, NAME_values.
std::vector<OnnxNode> rounding_of(OnnxGraph& graph, const std::string& tensor, const ChannelCodes& codes) {
  const std::string coded = tensor + "_codes";
  const std::string scale = tensor + "_scale";
  const std::string zero = tensor + "_zero";
  graph.add_constant(scale, {}, ElementType::kFloat, bytes_of(&codes.shared.scale, sizeof(codes.shared.scale)));
  graph.add_constant(zero, {}, ElementType::kUint8, bytes_of(&codes.shared.zero, sizeof(codes.shared.zero)));
  const auto node = [&](const char* type, const char* suffix, std::vector<std::string> inputs, std::string output) {
    return OnnxNode{.type = type, .name = tensor + suffix, .inputs = std::move(inputs), .outputs = {std::move(output)}};
  };
  std::vector<OnnxNode> nodes = {node("QuantizeLinear", "_quantize", {tensor, scale, zero}, coded),
                                 node("DequantizeLinear", "_dequantize", {coded, scale, zero}, tensor + "_rounded")};
  if (codes.scales.empty()) return nodes;
  const auto channels = static_cast<std::int64_t>(codes.scales.size());
  const std::string scales = tensor + "_scales";
  const std::string zeros = tensor + "_zeros";
  graph.add_constant(scales, {channels}, ElementType::kFloat,
                     bytes_of(codes.scales.data(), codes.scales.size() * sizeof(codes.scales[0])));
  graph.add_constant(zeros, {channels}, ElementType::kUint8,
                     std::string(codes.scales.size(), static_cast<char>(codes.shared.zero)));
  nodes[0].inputs = {tensor, scales, zeros};
  nodes.push_back(node("DequantizeLinear", "_revalue", {coded, scales, zeros}, tensor + "_values"));
  for (const std::size_t i : {0, 2}) nodes[i].rest = integer_attribute("axis", 1);
  return nodes;
}

/// The bias of a convolution as it is, zeros without one; empty when it is computed.
std::vector<float> bias_of(const OnnxGraph& graph, const OnnxNode& node, std::size_t rows) {
  if (node.inputs.size() < 3 || node.inputs[2].empty()) return std::vector<float>(rows);
  const auto stored = graph.constant(node.inputs[2]);
  return stored && stored->values.size() == rows ? stored->values : std::vector<float>();
}

/// Of what the weights meet: the mean of the covariances that those convolutions saw; empty when none saw any.
std::vector<double> covariances_of(const std::string& weights, const OnnxGraph& graph,
                                   const std::map<std::string, InputMoments>& moments) {
  std::vector<double> sum;
  double count = 0;
  for (const auto& node : graph.nodes) {
    const auto found = moments.find(node.outputs.at(0));
    if (found == moments.end() || found->second.places() == 0 || node.inputs.at(1) != weights) continue;
    const auto covariances = found->second.covariances();
    sum.resize(covariances.size());
    std::ranges::transform(sum, covariances, sum.begin(), std::plus());
    ++count;
  }
  for (double& value : sum) value /= count;
  return sum;
}

/// Of all integer convolutions, by the weights' names.
std::map<std::string, RoundedWeights> rounded_weights(const OnnxGraph& graph, const QuantizationPlan& plan,
                                                      const std::map<std::string, ChannelCodes>& codes,
                                                      const std::map<std::string, InputMoments>& moments) {
  const ChannelPaths paths(graph, plan.convolutions, plan.scaled_channels);
  std::map<std::string, RoundedWeights> weights;
  for (const auto& node : graph.nodes) {
    if (!plan.makes_integer(node) || weights.contains(node.inputs.at(1))) continue;
    std::vector<float> factors;
    for (const auto& map : paths.maps_read_by(node)) {
      const ChannelCodes& found = codes.at(map);
      for (const float scale : found.scales) factors.push_back(scale / found.shared.scale);
    }
    const std::string& name = node.inputs[1];
    weights.emplace(
        name, round_weights(graph.constant(name).value(), std::move(factors), covariances_of(name, graph, moments)));
  }
  return weights;
}

/// Of the convolutions whose input was seen, by their outputs' names.
std::map<std::string, std::vector<float>> corrected_biases(const OnnxGraph& graph,
                                                           const std::map<std::string, RoundedWeights>& weights,
                                                           const std::map<std::string, InputMoments>& moments) {
  std::map<std::string, std::vector<float>> biases;
  for (const auto& node : graph.nodes) {
    const auto found = moments.find(node.outputs.at(0));
    if (found == moments.end()) continue;
    const RoundedWeights& rounded = weights.at(node.inputs.at(1));
    auto bias = bias_of(graph, node, rounded.integers.scales.size());
    if (bias.empty()) continue;
    const auto shifts = mean_shifts(rounded, found->second.means());
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = static_cast<float>(double(bias[i]) - shifts[i]);
    biases[node.outputs[0]] = std::move(bias);
  }
  return biases;
}

/// Puts a bias of its own in the place of a convolution's.
void replace_bias(OnnxGraph& graph, const std::string& convolution, const std::vector<float>& bias) {
  auto& node = *std::ranges::find_if(graph.nodes, [&](const OnnxNode& n) { return n.outputs.at(0) == convolution; });
  const std::string fresh = convolution + "_corrected_bias";
  graph.add_constant(fresh, {static_cast<std::int64_t>(bias.size())}, ElementType::kFloat,
                     bytes_of(bias.data(), bias.size() * sizeof(bias[0])));
  node.inputs.resize(3);
  const std::string old = std::exchange(node.inputs[2], fresh);
  const auto reads_old = [&](const OnnxNode& n) { return std::ranges::find(n.inputs, old) != n.inputs.end(); };
  if (!old.empty() && std::ranges::none_of(graph.nodes, reads_old)) graph.remove_constant(old);
}

/// Integers in the place of weights, and the nodes that scale them back to the tensor of the same name.
std::vector<OnnxNode> replace_weights(OnnxGraph& graph, std::int64_t opset, const std::string& tensor,
                                      const RoundedWeights& rounded) {
  const OnnxConstant& stored = rounded.exact;
  const IntegerWeights& weights = rounded.integers;
  const auto rows = static_cast<std::size_t>(stored.dims[0]);
  const std::vector<std::int8_t> zeros(rows);
  const std::string codes = tensor + "_codes";
  const std::string scale = tensor + "_scale";
  const std::string zero = tensor + "_zero";
  const bool knows_channels = opset >= kOpsetOfChannelScales;
  std::vector<std::int64_t> scale_dims = {stored.dims[0]};
  if (!knows_channels) scale_dims.resize(stored.dims.size(), 1);
  graph.remove_constant(tensor);
  graph.add_constant(codes, stored.dims, ElementType::kInt8,
                     bytes_of(weights.integers.data(), weights.integers.size()));
  graph.add_constant(scale, scale_dims, ElementType::kFloat,
                     bytes_of(weights.scales.data(), rows * sizeof(weights.scales[0])));
  if (knows_channels) {
    graph.add_constant(zero, {stored.dims[0]}, ElementType::kInt8, bytes_of(zeros.data(), rows));
    return {{.type = "DequantizeLinear",
             .name = tensor + "_dequantize",
             .inputs = {codes, scale, zero},
             .outputs = {tensor},
             .rest = integer_attribute("axis", 0)}};
  }
  const std::string numbers = tensor + "_numbers";
  return {{.type = "Cast",
           .name = tensor + "_cast",
           .inputs = {codes},
           .outputs = {numbers},
           .rest = integer_attribute("to", static_cast<std::uint64_t>(ElementType::kFloat))},
          {.type = "Mul", .name = tensor + "_dequantize", .inputs = {numbers, scale}, .outputs = {tensor}}};
}

}  // namespace

void rewrite_quantized(OnnxGraph& graph, std::int64_t opset, const QuantizationPlan& plan,
                       const std::map<std::string, ChannelCodes>& codes,
                       const std::map<std::string, InputMoments>& moments) {
  // All are read before the first is replaced: exporters store equal weights once, under several names.
  const auto weights = rounded_weights(graph, plan, codes, moments);
  const auto biases = corrected_biases(graph, weights, moments);
  for (const auto& [convolution, bias] : biases) replace_bias(graph, convolution, bias);
  std::vector<OnnxNode> nodes;
  const auto append = [&](auto&& more) { std::ranges::move(more, std::back_inserter(nodes)); };
  for (const auto& [tensor, rounded] : weights) append(replace_weights(graph, opset, tensor, rounded));
  for (const auto& tensor : graph.inputs()) {
    if (const auto found = codes.find(tensor); found != codes.end()) append(rounding_of(graph, tensor, found->second));
  }
  for (auto& node : graph.nodes) {
    const bool reads_rounded = plan.makes_integer(node) || passes_values(node) || node.type == "Add";
    for (auto& input : node.inputs) {
      if (const auto found = codes.find(input); reads_rounded && found != codes.end()) {
        input += node.type == "Add" && !found->second.scales.empty() ? "_values" : "_rounded";
      }
    }
    const auto outputs = node.outputs;
    nodes.push_back(std::move(node));
    for (const auto& tensor : outputs) {
      if (const auto found = codes.find(tensor); found != codes.end())
        append(rounding_of(graph, tensor, found->second));
    }
  }
  graph.nodes = std::move(nodes);
}

struct Quantizer::State {
  std::string name;
  std::vector<std::uint8_t> bytes;
  OnnxHeader header;
  OnnxGraph graph;
  int width_px = 0;
  int height_px = 0;
  QuantizationPlan plan;
  std::vector<std::string> maps;  ///< all of the plan
  std::vector<ValueHistogram> values;
  std::vector<std::vector<ValueHistogram>> by_channel;  ///< of each map; none where its channels share a scale
  std::map<std::string, InputMoments> moments;          ///< of each convolution that has a window
  std::vector<std::string> watched;                     ///< the maps, then what convolutions read that is none
  std::unique_ptr<InnerMaps> inner;                     ///< of what is watched
  int pictures = 0;

  State(const std::filesystem::path& model, int threads)
      : name(model.string()),
        bytes(read_model_bytes(model)),
        header(parse_onnx_header(bytes, name)),
        graph(bytes, name) {
    check_input();
    std::vector<std::string> tensors = graph.inputs();
    for (const auto& node : graph.nodes) tensors.insert(tensors.end(), node.outputs.begin(), node.outputs.end());
    const int width = width_px != 0 ? width_px : kOpenSize;
    const int height = height_px != 0 ? height_px : kOpenSize;
    plan = plan_quantization(graph, header.opset, name, inner_shapes(model, tensors, width, height), width, height);
    for (const auto& group : plan.groups) maps.insert(maps.end(), group.begin(), group.end());
    values.resize(maps.size());
    for (const auto& map : maps) {
      const auto scaled = plan.scaled_channels.find(map);
      const std::size_t channels = scaled == plan.scaled_channels.end() ? 0 : static_cast<std::size_t>(scaled->second);
      by_channel.emplace_back(channels, ValueHistogram(kChannelSteps));
    }
    watched = maps;
    for (const auto& [convolution, window] : plan.windows) {
      moments.emplace(convolution, window);
      if (std::ranges::find(watched, window.input) == watched.end()) watched.push_back(window.input);
    }
    inner = open_inner_maps(model, watched, width_px, height_px, threads);
  }

  void add_moments() {
    for (auto& [convolution, seen] : moments) {
      const auto found = std::ranges::find(watched, seen.window().input);
      const auto index = static_cast<std::size_t>(found - watched.begin());
      const auto shape = inner->shape(index);
      seen.add(inner->map(index), shape.at(2), shape.at(3));
    }
  }

  /// Of a group whose first map is `first` of all.
  ChannelCodes codes_of(const std::vector<std::string>& group, std::size_t first, const Codes& plain,
                        const ChannelPaths& paths) const {
    std::vector<ChannelValues> channels;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (by_channel[first + i].empty()) return {plain};
      const std::vector<double> importance = paths.importance(group[i]);
      for (std::size_t c = 0; c < importance.size(); ++c) {
        channels.push_back({&by_channel[first + i][c], importance[c]});
      }
    }
    return choose_channel_codes(plain, channels);
  }

  void check_input() {
    const auto& input = header.inputs.at(0);
    if (header.inputs.size() != 1 || input.shape.size() != 4) {
      base::fail(base::ErrorCode::kUnsupported, "the input of {} is no picture of the form [N,3,H,W]", name);
    }
    if (!input.is_float) {
      base::fail(base::ErrorCode::kUnsupported, "{} computes in half precision: export it in FP32", name);
    }
    if (input.shape[2] > 0 && input.shape[3] > 0) {
      height_px = static_cast<int>(input.shape[2]);
      width_px = static_cast<int>(input.shape[3]);
    }
  }
};

Quantizer::Quantizer(const std::filesystem::path& model, int threads)
    : state_(std::make_unique<State>(model, threads)) {}

Quantizer::~Quantizer() = default;

int Quantizer::convolutions() const {
  return static_cast<int>(std::ranges::count(state_->graph.nodes, "Conv", &OnnxNode::type));
}

int Quantizer::integer_convolutions() const {
  return static_cast<int>(state_->plan.convolutions.size());
}

int Quantizer::width_px() const {
  return state_->width_px;
}

int Quantizer::height_px() const {
  return state_->height_px;
}

void Quantizer::measure(std::span<const float> picture, int width_px, int height_px) {
  State& s = *state_;
  s.inner->run(picture, width_px, height_px);
  for (std::size_t i = 0; i < s.maps.size(); ++i) {
    if (!s.values[i].add(s.inner->map(i))) {
      base::fail(base::ErrorCode::kUnsupported, "the map '{}' of {} holds numbers that are not finite", s.maps[i],
                 s.name);
    }
    const std::size_t channels = s.by_channel[i].size();
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t length = s.inner->map(i).size() / channels;
      s.by_channel[i][c].add(s.inner->map(i).subspan(c * length, length));
    }
  }
  s.add_moments();
  ++s.pictures;
}

std::string Quantizer::finish() const {
  const State& s = *state_;
  TOUCHLINE_REQUIRE(s.pictures > 0, "no picture has set the ranges of {}", s.name);
  std::map<std::string, ChannelCodes> codes;
  const ChannelPaths paths(s.graph, s.plan.convolutions, s.plan.scaled_channels);
  std::size_t first = 0;
  for (const auto& group : s.plan.groups) {
    ValueHistogram joined;
    for (std::size_t i = 0; i < group.size(); ++i) joined.add(s.values[first + i]);
    const ChannelCodes chosen = s.codes_of(group, first, choose_codes(joined), paths);
    auto scales = chosen.scales.begin();
    for (std::size_t i = 0; i < group.size(); ++i) {
      const auto end = scales + static_cast<std::ptrdiff_t>(s.by_channel[first + i].size());
      codes[group[i]] = {chosen.shared, {scales, end}};
      scales = end;
    }
    first += group.size();
  }
  OnnxGraph graph = s.graph;
  rewrite_quantized(graph, s.header.opset, s.plan, codes, s.moments);
  return graph.to_bytes();
}

}  // namespace touchline::inference
