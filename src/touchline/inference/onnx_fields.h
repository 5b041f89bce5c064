#pragma once

#include <cstdint>

/// Field numbers of onnx.proto (github.com/onnx/onnx), as far as this room reads or writes them.
namespace touchline::inference {

inline constexpr std::uint32_t kModelIrVersion = 1;
inline constexpr std::uint32_t kModelProducer = 2;
inline constexpr std::uint32_t kModelGraph = 7;
inline constexpr std::uint32_t kModelOpsets = 8;
inline constexpr std::uint32_t kModelMetadata = 14;
inline constexpr std::uint32_t kGraphNodes = 1;
inline constexpr std::uint32_t kGraphInitializers = 5;
inline constexpr std::uint32_t kGraphInputs = 11;
inline constexpr std::uint32_t kGraphOutputs = 12;
inline constexpr std::uint32_t kNodeInputs = 1;
inline constexpr std::uint32_t kNodeOutputs = 2;
inline constexpr std::uint32_t kNodeName = 3;
inline constexpr std::uint32_t kNodeType = 4;
inline constexpr std::uint32_t kNodeAttributes = 5;
inline constexpr std::uint32_t kNodeDomain = 7;
inline constexpr std::uint32_t kAttributeName = 1;
inline constexpr std::uint32_t kAttributeInteger = 3;
inline constexpr std::uint32_t kAttributeTensor = 5;
inline constexpr std::uint32_t kAttributeIntegers = 8;
inline constexpr std::uint32_t kAttributeType = 20;
inline constexpr std::uint32_t kTensorDims = 1;
inline constexpr std::uint32_t kTensorType = 2;
inline constexpr std::uint32_t kTensorFloats = 4;
inline constexpr std::uint32_t kTensorIntegers = 5;
inline constexpr std::uint32_t kTensorName = 8;
inline constexpr std::uint32_t kTensorRaw = 9;
inline constexpr std::uint32_t kTensorLocation = 14;

}  // namespace touchline::inference
