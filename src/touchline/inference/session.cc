#include "touchline/inference/session.h"

#include "touchline/base/error.h"
#include "touchline/inference/openvino/openvino_session.h"

namespace touchline::inference {

void SessionOptions::check() const {
  const bool own_size = width_px == 0 && height_px == 0;
  TOUCHLINE_REQUIRE(own_size || (width_px >= 32 && width_px <= 4096 && height_px >= 32 && height_px <= 4096),
                    "a network's input of {}x{} pixels is outside 32..4096", width_px, height_px);
  TOUCHLINE_REQUIRE(threads >= 0 && threads <= 256, "threads must lie in 0..256, not {}", threads);
  TOUCHLINE_REQUIRE(streams >= 0 && streams <= 64, "streams must lie in 0..64, not {}", streams);
  TOUCHLINE_REQUIRE(slots >= 1 && slots <= 32, "slots must lie in 1..32, not {}", slots);
}

std::unique_ptr<Session> open_session(const SessionOptions& options) {
  return open_openvino_session(options);
}

}  // namespace touchline::inference
