#include "touchline/inference/onnx_graph.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/inference/onnx_fields.h"

namespace touchline::inference {
namespace {

using wire::Bytes;
using wire::each_field;
using wire::Field;
using wire::Malformed;

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The first text in a field of this number.
std::string text_in(Bytes message, std::uint32_t number) {
  std::string text;
  each_field(message, [&](const Field& field) {
    if (field.number == number && text.empty()) text = field.text();
  });
  return text;
}

OnnxNode parse_node(Bytes bytes) {
  OnnxNode node;
  each_field(bytes, [&](const Field& field) {
    switch (field.number) {
      case kNodeInputs:
        node.inputs.push_back(field.text());
        break;
      case kNodeOutputs:
        node.outputs.push_back(field.text());
        break;
      case kNodeName:
        node.name = field.text();
        break;
      case kNodeType:
        node.type = field.text();
        break;
      case kNodeDomain:
        node.domain = field.text();
        break;
      default:
        node.rest += text_of(field.whole);
    }
  });
  return node;
}

std::string bytes_of(const OnnxNode& node) {
  wire::Writer writer;
  for (const auto& input : node.inputs) writer.bytes(kNodeInputs, input);
  for (const auto& output : node.outputs) writer.bytes(kNodeOutputs, output);
  if (!node.name.empty()) writer.bytes(kNodeName, node.name);
  writer.bytes(kNodeType, node.type);
  writer.copy(bytes_of(node.rest));
  if (!node.domain.empty()) writer.bytes(kNodeDomain, node.domain);
  return writer.message();
}

/// The `value` of a Constant; empty when it is no tensor.
Bytes value_of(const OnnxNode& node) {
  Bytes value;
  each_field(bytes_of(node.rest), [&](const Field& field) {
    if (field.number != kNodeAttributes || text_in(field.bytes, kAttributeName) != "value") return;
    each_field(field.bytes, [&](const Field& part) {
      if (part.number == kAttributeTensor) value = part.bytes;
    });
  });
  return value;
}

bool lies_elsewhere(Bytes tensor) {
  bool elsewhere = false;
  each_field(tensor, [&](const Field& field) {
    if (field.number == kTensorLocation) elsewhere = field.value == 1;
  });
  return elsewhere;
}

float float_of_half(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000U} << 16;
  const std::uint32_t exponent = half >> 10 & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {
    const float tiny = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -tiny : tiny;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

template <typename Number>
std::vector<Number> numbers_in(Bytes raw) {
  std::vector<Number> numbers(raw.size() / sizeof(Number));
  if (!numbers.empty()) std::memcpy(numbers.data(), raw.data(), numbers.size() * sizeof(Number));
  return numbers;
}

bool passes_constants(const OnnxNode& node) {
  return (node.type == "Cast" || node.type == "Identity") && node.inputs.size() == 1;
}

/// Of the attribute of that name, what its fields of that number hold.
std::vector<std::uint64_t> attribute_numbers(const OnnxNode& node, std::string_view name, std::uint32_t number) {
  std::vector<std::uint64_t> found;
  each_field(bytes_of(node.rest), [&](const Field& field) {
    if (field.number != kNodeAttributes || text_in(field.bytes, kAttributeName) != name) return;
    each_field(field.bytes, [&](const Field& part) {
      if (part.number != number) return;
      const auto numbers = wire::numbers_of(part);
      found.insert(found.end(), numbers.begin(), numbers.end());
    });
  });
  return found;
}

}  // namespace

OnnxGraph::OnnxGraph(Bytes bytes, std::string name) : name_(std::move(name)), model_(bytes) {
  try {
    parse(bytes);
  } catch (const Malformed&) {
    base::fail(base::ErrorCode::kBadInput, "{} is no ONNX model, or is cut short ({} bytes): export or fetch it again",
               name_, bytes.size());
  }
}

void OnnxGraph::parse(Bytes bytes) {
  each_field(bytes, [&](const Field& field) {
    if (field.number == kModelGraph) graph_ = field.bytes;
  });
  parse_graph(graph_);
  if (nodes.empty()) throw Malformed{};
  std::erase_if(inputs_, [&](const std::string& input) { return initializers_.contains(input); });
}

void OnnxGraph::parse_graph(Bytes bytes) {
  each_field(bytes, [&](const Field& field) {
    if (field.number == kGraphNodes) nodes.push_back(parse_node(field.bytes));
    if (field.number == kGraphInputs) inputs_.push_back(text_in(field.bytes, 1));
    if (field.number == kGraphOutputs) outputs_.push_back(text_in(field.bytes, 1));
    if (field.number != kGraphInitializers) return;
    if (lies_elsewhere(field.bytes)) {
      base::fail(base::ErrorCode::kUnsupported, "the weights of {} lie in a file of their own: export it as one file",
                 name_);
    }
    initializers_[text_in(field.bytes, kTensorName)] = field.bytes;
  });
}

std::size_t OnnxGraph::maker_of(const std::string& tensor) const {
  const auto makes = [&](const OnnxNode& node) {
    return std::ranges::find(node.outputs, tensor) != node.outputs.end();
  };
  const auto found = std::ranges::find_if(nodes, makes);
  return found == nodes.end() ? kNowhere : static_cast<std::size_t>(found - nodes.begin());
}

OnnxConstant OnnxGraph::decode(Bytes tensor) {
  OnnxConstant constant;
  std::uint64_t count = 1;
  Bytes raw;
  std::vector<std::uint64_t> integers;
  each_field(tensor, [&](const Field& field) {
    if (field.number == kTensorType) constant.type = static_cast<ElementType>(field.value);
    if (field.number == kTensorIntegers) integers = wire::numbers_of(field);
    if (field.number == kTensorRaw) raw = field.bytes;
    if (field.number == kTensorFloats) {
      const auto more = numbers_in<float>(field.bytes);
      constant.values.insert(constant.values.end(), more.begin(), more.end());
    }
    if (field.number != kTensorDims) return;
    for (const auto size : wire::numbers_of(field)) {
      constant.dims.push_back(static_cast<std::int64_t>(size));
      count *= size;
    }
  });
  if (constant.type == ElementType::kHalf) {
    for (const auto half : numbers_in<std::uint16_t>(raw)) constant.values.push_back(float_of_half(half));
    for (const auto half : integers) constant.values.push_back(float_of_half(static_cast<std::uint16_t>(half)));
  } else if (constant.type == ElementType::kFloat && constant.values.empty()) {
    constant.values = numbers_in<float>(raw);
  }
  const bool of_floats = constant.type == ElementType::kHalf || constant.type == ElementType::kFloat;
  if (of_floats && constant.values.size() != count) throw Malformed{};
  return constant;
}

Bytes OnnxGraph::stored(const std::string& tensor, bool& cast) const {
  std::string wanted = tensor;
  for (std::size_t step = 0; step <= nodes.size(); ++step) {
    if (const auto found = initializers_.find(wanted); found != initializers_.end()) return found->second;
    const std::size_t maker = maker_of(wanted);
    if (maker == kNowhere) return {};
    const OnnxNode& node = nodes[maker];
    if (!passes_constants(node)) return node.type == "Constant" ? value_of(node) : Bytes{};
    cast = cast || node.type == "Cast";
    wanted = node.inputs[0];
  }
  return {};
}

std::optional<OnnxConstant> OnnxGraph::constant(const std::string& tensor) const {
  try {
    bool cast = false;
    const Bytes found = stored(tensor, cast);
    if (found.empty()) return std::nullopt;
    auto constant = decode(found);
    if (constant.values.empty()) return std::nullopt;
    if (cast) constant.type = ElementType::kFloat;  // nothing else that is of floats may stand before a convolution
    return constant;
  } catch (const Malformed&) {
    base::fail(base::ErrorCode::kBadInput, "the weights '{}' of {} are damaged: export or fetch it again", tensor,
               name_);
  }
}

void OnnxGraph::remove_constant(const std::string& tensor) {
  if (const std::size_t maker = maker_of(tensor); maker != kNowhere) {
    const OnnxNode removed = std::move(nodes[maker]);
    nodes.erase(nodes.begin() + static_cast<std::ptrdiff_t>(maker));
    const auto reads = [&](const OnnxNode& node) {
      return std::ranges::find(node.inputs, removed.inputs[0]) != node.inputs.end();
    };
    if (passes_constants(removed) && std::ranges::none_of(nodes, reads)) remove_constant(removed.inputs[0]);
    return;
  }
  initializers_.erase(tensor);
}

void OnnxGraph::add_constant(const std::string& tensor, const std::vector<std::int64_t>& dims, ElementType type,
                             std::string_view values) {
  wire::Writer writer;
  for (const auto size : dims) writer.number(kTensorDims, static_cast<std::uint64_t>(size));
  writer.number(kTensorType, static_cast<std::uint64_t>(type));
  writer.bytes(kTensorName, tensor);
  writer.bytes(kTensorRaw, values);
  added_.emplace_back(tensor, writer.message());
}

bool OnnxGraph::is_removed(const Field& field) const {
  if (field.number == kGraphInitializers) return !initializers_.contains(text_in(field.bytes, kTensorName));
  if (field.number != kGraphInputs) return false;
  const std::string name = text_in(field.bytes, 1);  // old files list initializers among the inputs
  return std::ranges::find(inputs_, name) == inputs_.end() && !initializers_.contains(name);
}

std::string OnnxGraph::to_bytes() const {
  wire::Writer graph;
  for (const auto& node : nodes) graph.bytes(kGraphNodes, bytes_of(node));
  each_field(graph_, [&](const Field& field) {
    if (field.number != kGraphNodes && !is_removed(field)) graph.copy(field.whole);
  });
  for (const auto& [name, tensor] : added_) graph.bytes(kGraphInitializers, tensor);
  wire::Writer model;
  each_field(model_, [&](const Field& field) {
    if (field.number == kModelGraph) {
      model.bytes(kModelGraph, graph.message());
    } else {
      model.copy(field.whole);
    }
  });
  return model.message();
}

std::map<std::string, const OnnxNode*> makers_of(const OnnxGraph& graph) {
  std::map<std::string, const OnnxNode*> makers;
  for (const auto& node : graph.nodes) {
    for (const auto& output : node.outputs) makers[output] = &node;
  }
  return makers;
}

std::string integer_attribute(const char* name, std::uint64_t value) {
  constexpr std::uint64_t kIsInteger = 2;
  wire::Writer content;
  content.bytes(kAttributeName, name);
  content.number(kAttributeInteger, value);
  content.number(kAttributeType, kIsInteger);
  wire::Writer field;
  field.bytes(kNodeAttributes, content.message());
  return field.message();
}

std::optional<std::uint64_t> integer_attribute(const OnnxNode& node, std::string_view name) {
  const auto found = attribute_numbers(node, name, kAttributeInteger);
  return found.empty() ? std::nullopt : std::optional(found.back());
}

std::vector<std::uint64_t> integers_attribute(const OnnxNode& node, std::string_view name) {
  return attribute_numbers(node, name, kAttributeIntegers);
}

}  // namespace touchline::inference
