#include "touchline/inference/openvino/runtime.h"

#include <algorithm>
#include <openvino/openvino.hpp>

namespace touchline::inference {

ov::Core& openvino_core() {
  static ov::Core instance;
  return instance;
}

std::string reason_of(const std::exception& exception) {
  const std::string text = exception.what();
  std::string reason;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.find("Exception from") == std::string::npos) return line;
    if (reason.empty()) reason = line;
    begin = end + 1;
  }
  return reason;
}

}  // namespace touchline::inference
