#pragma once

#include <optional>

#include "touchline/geometry/pitch_camera.h"
#include "touchline/match/detection.h"
#include "touchline/match/state.h"

namespace touchline::match {

/// A frame's camera, its trust, and the points it was fitted to.
struct PitchPose {
  PoseState state = PoseState::kNone;
  std::optional<geometry::PitchCamera> camera;  ///< empty exactly when state is kNone
  std::optional<double> error_px;               ///< RMS reprojection error at the points used
  std::optional<double> error_m;                ///< expected error of a place on the pitch, at the players' feet
  SeenPoints points{};                          ///< always 32; score 0 = not seen
};

}  // namespace touchline::match
