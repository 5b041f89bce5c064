#include <cstddef>
#include <cstdint>
#include <string_view>

#include "touchline/base/error.h"
#include "touchline/inference/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  touchline::inference::parse_class_names(text);
  try {
    touchline::inference::parse_manifest(text, "/models", "fuzz");
  } catch (const touchline::base::Error&) {
    return 0;
  }
  return 0;
}
