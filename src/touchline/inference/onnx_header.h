#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace touchline::inference {

/// One input or output as the file declares it; −1 stands for a dimension left open (symbolic or absent).
struct DeclaredTensor {
  std::string name;
  bool is_float = false;  ///< FP32
  std::vector<std::int64_t> shape;
};

/// What an ONNX file says about itself, read without building the network.
struct OnnxHeader {
  std::string producer;
  std::int64_t opset = 0;              ///< of the default domain
  std::vector<DeclaredTensor> inputs;  ///< without those that are initializers
  std::vector<DeclaredTensor> outputs;
  std::map<std::string, std::string> metadata;
  std::int64_t parameters = 0;  ///< numbers in all initializers

  /// What the metadata says of a key; empty where it says nothing.
  std::string metadata_of(const std::string& key) const;
};

/// Reads the header of an ONNX model from its bytes. `name` stands in the error's sentence.
/// Throws Error(kBadInput) when the bytes are no ONNX model or end too early. Thread-safe.
OnnxHeader parse_onnx_header(std::span<const std::uint8_t> bytes, const std::string& name);

/// The same from a file. Throws Error: kNotFound, kIo, or kBadInput as above. Thread-safe.
OnnxHeader read_onnx_header(const std::filesystem::path& file);

/// The whole of a model file. Throws Error: kNotFound, kIo. Thread-safe.
std::vector<std::uint8_t> read_model_bytes(const std::filesystem::path& file);

}  // namespace touchline::inference
