#pragma once

#include <cstdint>
#include <optional>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"
#include "touchline/match/detection.h"
#include "touchline/match/state.h"
#include "touchline/match/team.h"

namespace touchline::match {

/// One person in one frame, with identity.
struct Track {
  std::int64_t id = 0;  ///< from 1; never reused in a run
  PersonClass person_class = PersonClass::kPlayer;
  ClassScores class_share{};  ///< of the detector's votes over the whole track, by PersonClass; all 0: unknown
  geometry::BoxPx box_px;
  float score = 0;  ///< of the detection; 0 when not detected in this frame
  State state = State::kDetected;
  double since_s = 0;  ///< time of the first frame with this id
  KitFeature kit;      ///< of the detection in this frame; weight 0 when not detected
  TeamLabel team;
  std::optional<geometry::PitchPoint> position_m;
  std::optional<double> speed_mps;
};

/// The ball in one frame.
struct Ball {
  geometry::ImagePoint point_px;
  geometry::BoxPx box_px;
  State state = State::kDetected;
  float score = 0;
  std::optional<geometry::PitchPoint> position_m;
};

}  // namespace touchline::match
