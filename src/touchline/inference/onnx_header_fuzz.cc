#include <cstddef>
#include <cstdint>

#include "touchline/base/error.h"
#include "touchline/inference/onnx_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    touchline::inference::parse_onnx_header({data, size}, "fuzz");
  } catch (const touchline::base::Error&) {
    return 0;
  }
  return 0;
}
