#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/inference/wire_format.h"

namespace touchline::inference {

/// Element types of ONNX tensors that are made or read here (TensorProto.DataType).
enum class ElementType : std::uint8_t { kFloat = 1, kUint8 = 2, kInt8 = 3, kHalf = 10 };

/// One operation: its type, the tensors it reads and makes, and everything else as the file has it.
struct OnnxNode {
  std::string type;
  std::string domain{};  ///< empty = ONNX's own
  std::string name{};
  std::vector<std::string> inputs;  ///< "" where an optional one is left out
  std::vector<std::string> outputs;
  std::string rest{};  ///< attributes and comments, fields of NodeProto
};

/// Numbers as floats, and the type that the operation reading them sees.
struct OnnxConstant {
  std::vector<std::int64_t> dims;
  ElementType type = ElementType::kFloat;
  std::vector<float> values;
};

/// The operations of an ONNX file, to be changed and written again. Everything that is not asked for here (inputs,
/// outputs, shapes, metadata, opsets) goes into the new file byte by byte.
class OnnxGraph {
 public:
  /// `name` stands in the errors' sentences. The bytes must outlive the graph.
  /// Throws Error: kBadInput when they are no ONNX model; kUnsupported when its weights lie in another file.
  OnnxGraph(std::span<const std::uint8_t> bytes, std::string name);

  std::vector<OnnxNode> nodes;  ///< in the file's order: each behind those whose tensors it reads

  const std::vector<std::string>& inputs() const { return inputs_; }  ///< without initializers
  const std::vector<std::string>& outputs() const { return outputs_; }

  /// The numbers of a tensor that is fixed: an initializer or a Constant, directly or through Cast or Identity. Empty
  /// for a tensor that is computed, or is not of floats. Throws Error(kBadInput) when numbers are missing.
  std::optional<OnnxConstant> constant(const std::string& tensor) const;

  /// Takes away what makes the tensor: its initializer or node, and those behind it that nothing else reads.
  void remove_constant(const std::string& tensor);

  /// Adds an initializer. `values` holds the numbers as the file keeps them, little-endian.
  void add_constant(const std::string& tensor, const std::vector<std::int64_t>& dims, ElementType type,
                    std::string_view values);

  /// The file.
  std::string to_bytes() const;

 private:
  using Bytes = wire::Bytes;

  void parse(Bytes bytes);
  void parse_graph(Bytes bytes);
  std::size_t maker_of(const std::string& tensor) const;
  /// The TensorProto behind a tensor; empty when it is computed. Sets `cast` when a Cast lies between.
  Bytes stored(const std::string& tensor, bool& cast) const;
  static OnnxConstant decode(Bytes tensor);
  bool is_removed(const wire::Field& field) const;

  std::string name_;
  std::vector<std::string> inputs_;
  std::vector<std::string> outputs_;
  std::map<std::string, Bytes> initializers_;  ///< of the file
  std::vector<std::pair<std::string, std::string>> added_;
  Bytes model_;
  Bytes graph_;
};

/// The node that makes each tensor. Pointers into the graph's nodes.
std::map<std::string, const OnnxNode*> makers_of(const OnnxGraph& graph);

/// An attribute that holds a whole number, as OnnxNode::rest has it.
std::string integer_attribute(const char* name, std::uint64_t value);

/// The number of such an attribute; empty without one of the name.
std::optional<std::uint64_t> integer_attribute(const OnnxNode& node, std::string_view name);

/// The numbers of an attribute that holds many; empty without one of the name.
std::vector<std::uint64_t> integers_attribute(const OnnxNode& node, std::string_view name);

}  // namespace touchline::inference
