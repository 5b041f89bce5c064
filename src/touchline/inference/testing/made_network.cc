#include "touchline/inference/testing/made_network.h"

#include <algorithm>
#include <random>

namespace touchline::inference::testing {
namespace {

/// A node's attribute: its numbers in a field of AttributeProto, and that field's type.
std::string attribute(const char* name, std::uint32_t number_field, const std::vector<std::uint64_t>& numbers,
                      std::uint64_t type) {
  wire::Writer content;
  content.bytes(1, name);
  for (const auto number : numbers) content.number(number_field, number);
  content.number(20, type);
  wire::Writer field;
  field.bytes(5, content.message());
  return field.message();
}

std::string integers_attribute(const char* name, const std::vector<std::uint64_t>& values) {
  return attribute(name, 8, values, 7);
}

std::string integer_attribute(const char* name, std::uint64_t value) {
  return attribute(name, 3, {value}, 2);
}

std::string node_bytes(const OnnxNode& node) {
  wire::Writer writer;
  for (const auto& input : node.inputs) writer.bytes(1, input);
  for (const auto& output : node.outputs) writer.bytes(2, output);
  writer.bytes(4, node.type);
  writer.copy(view(node.rest));
  return writer.message();
}

std::string tensor_bytes(const std::string& name, const Shape& dims, const Floats& values) {
  wire::Writer writer;
  for (const auto size : dims) writer.number(1, static_cast<std::uint64_t>(size));
  writer.number(2, 1);
  writer.bytes(8, name);
  writer.bytes(9, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
  return writer.message();
}

std::string value_bytes(const std::string& name, const Shape& shape) {
  wire::Writer dims;
  for (const auto size : shape) {
    wire::Writer dimension;
    dimension.number(1, static_cast<std::uint64_t>(size));
    dims.bytes(1, dimension.message());
  }
  wire::Writer tensor;
  tensor.number(1, 1);
  tensor.bytes(2, dims.message());
  wire::Writer type;
  type.bytes(1, tensor.message());
  wire::Writer value;
  value.bytes(1, name);
  value.bytes(2, type.message());
  return value.message();
}

}  // namespace

wire::Bytes view(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Floats random_floats(std::size_t count, unsigned seed, float least, float most) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(least, most);
  Floats values(count);
  std::ranges::generate(values, [&] { return uniform(random); });
  return values;
}

std::string Network::bytes(std::uint64_t opset) const {
  wire::Writer graph;
  for (const auto& node : nodes) graph.bytes(1, node_bytes(node));
  graph.bytes(2, "test");
  for (const auto& [name, tensor] : weights) graph.bytes(5, tensor_bytes(name, tensor.first, tensor.second));
  graph.bytes(11, value_bytes("images", {1, 3, kSide, kSide}));
  for (const auto& [name, shape] : outputs) graph.bytes(12, value_bytes(name, shape));
  wire::Writer version;
  version.number(2, opset);
  wire::Writer model;
  model.number(1, 7);
  model.bytes(7, graph.message());
  model.bytes(8, version.message());
  return model.message();
}

void Network::add_convolution(const std::string& in, const std::string& out, Shape dims, std::uint64_t stride) {
  const auto pad = stride == 1 ? static_cast<std::uint64_t>(dims[2] / 2) : 0;
  std::size_t count = 1;
  for (const auto size : dims) count *= static_cast<std::size_t>(size);
  weights[out + "_w"] = {dims, random_floats(count, static_cast<unsigned>(weights.size()), -0.3F, 0.3F)};
  nodes.push_back(
      {.type = "Conv",
       .inputs = {in, out + "_w"},
       .outputs = {out},
       .rest = integers_attribute("strides", {stride, stride}) + integers_attribute("pads", {pad, pad, pad, pad})});
}

Network small_network() {
  Network network;
  network.add_convolution("images", "a_linear", {kChannels, 3, 8, 8}, 8);
  network.nodes.push_back({.type = "Relu", .inputs = {"a_linear"}, .outputs = {"a"}});
  network.add_convolution("a", "b_linear", {kChannels, kChannels, 3, 3}, 1);
  network.nodes.push_back({.type = "Relu", .inputs = {"b_linear"}, .outputs = {"b"}});
  network.nodes.push_back({.type = "Add", .inputs = {"a", "b"}, .outputs = {"c"}});
  network.nodes.push_back(
      {.type = "Concat", .inputs = {"c", "b"}, .outputs = {"d"}, .rest = integer_attribute("axis", 1)});
  network.add_convolution("d", "said", {kChannels, 2 * kChannels, 1, 1}, 1);
  network.add_convolution("images", "fine", {kChannels, 3, 4, 4}, 4);
  network.add_convolution("c", "deep", {1, 1, 1, 1}, 1);
  network.weights["deep_w"] = {{kChannels, 1, 1, 1}, {1, 2, 3, 4}};
  network.nodes.back().rest += integer_attribute("group", kChannels);
  network.add_convolution("b", "ball", {1, kChannels, 1, 1}, 1);
  network.outputs = {{"said", {1, kChannels, 8, 8}},
                     {"fine", {1, kChannels, 16, 16}},
                     {"deep", {1, kChannels, 8, 8}},
                     {"ball", {1, 1, 8, 8}}};
  return network;
}

}  // namespace touchline::inference::testing
