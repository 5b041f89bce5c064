#pragma once

#include <memory>

#include "touchline/inference/session.h"

namespace touchline::inference {

/// open_session() on OpenVINO's CPU device; the same contract.
std::unique_ptr<Session> open_openvino_session(const SessionOptions& options);

}  // namespace touchline::inference
