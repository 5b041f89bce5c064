#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "touchline/calibrate/fit.h"
#include "touchline/image/frame.h"
#include "touchline/match/detection.h"

namespace touchline::pipeline {

/// All that one frame says by itself. Frames that the network skipped carry no detections.
struct Observation {
  image::Frame frame;
  bool starts_shot = false;  ///< a cut lies before this frame
  bool sampled = false;      ///< the network saw this frame
  match::FrameDetections detections;
  std::optional<calibrate::PoseFit> fit;
  std::vector<std::pair<std::string, double>> timings_ms;
};

}  // namespace touchline::pipeline
