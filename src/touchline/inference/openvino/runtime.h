#pragma once

#include <exception>
#include <string>

#include "touchline/base/error.h"

namespace ov {
class Core;
}

namespace touchline::inference {

/// One OpenVINO runtime for the process: it loads plugins once and must outlive every compiled model. Thread-safe.
ov::Core& openvino_core();

/// The first line of OpenVINO's many that says something.
std::string reason_of(const std::exception& exception);

/// Runs an OpenVINO call; its exceptions become one Error: "OpenVINO could not WHAT FILE: REASON".
template <typename Call>
auto guarded(base::ErrorCode code, const char* what, const std::string& file, Call call) {
  try {
    return call();
  } catch (const base::Error&) {
    throw;
  } catch (const std::exception& exception) {
    base::fail(code, "OpenVINO could not {} {}: {}", what, file, reason_of(exception));
  }
}

}  // namespace touchline::inference
