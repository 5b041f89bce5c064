#include "touchline/inference/onnx_header.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/inference/onnx_fields.h"
#include "touchline/inference/wire_format.h"

namespace touchline::inference {
namespace {

using wire::Bytes;
using wire::each_field;
using wire::Field;
using wire::Malformed;

constexpr std::uint64_t kElementFloat = 1;

constexpr std::uint64_t kMaxParameters = 1'000'000'000'000'000;  // what a damaged file may claim

std::int64_t parse_dimension(Bytes bytes) {
  std::int64_t dimension = -1;
  each_field(bytes, [&](const Field& field) {
    if (field.number == 1 && field.kind == 0) dimension = static_cast<std::int64_t>(field.value);
  });
  return dimension > 0 ? dimension : -1;
}

void parse_tensor_type(Bytes bytes, DeclaredTensor& tensor) {
  each_field(bytes, [&](const Field& field) {
    if (field.number == 1 && field.kind == 0) tensor.is_float = field.value == kElementFloat;
    if (field.number != 2) return;
    each_field(field.bytes, [&](const Field& dimension) {
      if (dimension.number == 1) tensor.shape.push_back(parse_dimension(dimension.bytes));
    });
  });
}

DeclaredTensor parse_value_info(Bytes bytes) {
  DeclaredTensor tensor;
  each_field(bytes, [&](const Field& field) {
    if (field.number == 1) tensor.name = field.text();
    if (field.number != 2) return;
    each_field(field.bytes, [&](const Field& type) {
      if (type.number == 1) parse_tensor_type(type.bytes, tensor);
    });
  });
  return tensor;
}

/// Name and count of numbers of an initializer.
std::pair<std::string, std::int64_t> parse_initializer(Bytes bytes) {
  std::string name;
  std::uint64_t count = 1;
  const auto multiply = [&count](std::uint64_t size) {
    count = size != 0 && count > kMaxParameters / size ? kMaxParameters : count * size;
  };
  each_field(bytes, [&](const Field& field) {
    if (field.number == kTensorName) name = field.text();
    if (field.number != kTensorDims) return;
    for (const auto size : wire::numbers_of(field)) multiply(size);
  });
  return {name, static_cast<std::int64_t>(count)};
}

bool parse_graph(Bytes bytes, OnnxHeader& header) {
  bool has_nodes = false;
  std::set<std::string> initializers;
  each_field(bytes, [&](const Field& field) {
    if (field.number == kGraphNodes) has_nodes = true;
    if (field.number == kGraphInputs) header.inputs.push_back(parse_value_info(field.bytes));
    if (field.number == kGraphOutputs) header.outputs.push_back(parse_value_info(field.bytes));
    if (field.number != kGraphInitializers) return;
    const auto [name, count] = parse_initializer(field.bytes);
    initializers.insert(name);
    header.parameters = std::min(header.parameters + count, static_cast<std::int64_t>(kMaxParameters));
  });
  std::erase_if(header.inputs, [&](const DeclaredTensor& input) { return initializers.contains(input.name); });
  return has_nodes;
}

void parse_opset(Bytes bytes, OnnxHeader& header) {
  std::string domain;
  std::uint64_t version = 0;
  each_field(bytes, [&](const Field& field) {
    if (field.number == 1) domain = field.text();
    if (field.number == 2) version = field.value;
  });
  if (domain.empty() || domain == "ai.onnx") header.opset = static_cast<std::int64_t>(version);
}

void parse_metadata(Bytes bytes, OnnxHeader& header) {
  std::string key;
  std::string value;
  each_field(bytes, [&](const Field& field) {
    if (field.number == 1) key = field.text();
    if (field.number == 2) value = field.text();
  });
  header.metadata[key] = value;
}

OnnxHeader parse_model(Bytes bytes) {
  OnnxHeader header;
  bool has_version = false;
  bool has_nodes = false;
  each_field(bytes, [&](const Field& field) {
    if (field.number == kModelIrVersion && field.kind == 0) has_version = true;
    if (field.number == kModelProducer) header.producer = field.text();
    if (field.number == kModelGraph) has_nodes = parse_graph(field.bytes, header);
    if (field.number == kModelOpsets) parse_opset(field.bytes, header);
    if (field.number == kModelMetadata) parse_metadata(field.bytes, header);
  });
  if (!has_version || !has_nodes || header.inputs.empty() || header.outputs.empty()) throw Malformed{};
  return header;
}

}  // namespace

std::string OnnxHeader::metadata_of(const std::string& key) const {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

OnnxHeader parse_onnx_header(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.empty()) base::fail(base::ErrorCode::kBadInput, "{} is empty: fetch the model again", name);
  try {
    return parse_model(bytes);
  } catch (const Malformed&) {
    base::fail(base::ErrorCode::kBadInput, "{} is no ONNX model, or is cut short ({} bytes): export or fetch it again",
               name, bytes.size());
  }
}

std::vector<std::uint8_t> read_model_bytes(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    base::fail(base::ErrorCode::kNotFound, "there is no model file {}", file.string());
  }
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream)
    base::fail(base::ErrorCode::kIo, "the model file {} cannot be read: check its permissions", file.string());
  return bytes;
}

OnnxHeader read_onnx_header(const std::filesystem::path& file) {
  return parse_onnx_header(read_model_bytes(file), file.string());
}

}  // namespace touchline::inference
