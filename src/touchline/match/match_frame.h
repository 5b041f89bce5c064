#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "touchline/match/eval_bar.h"
#include "touchline/match/pitch_pose.h"
#include "touchline/match/team.h"
#include "touchline/match/track.h"

namespace touchline::match {

/// Who has the ball.
enum class Possession : std::uint8_t { kUnknown, kA, kB, kContested };

/// Who reaches which place of the pitch first, on a grid over the whole pitch (columns along x, row 0 at y = −W/2).
struct PitchControl {
  enum class Model : std::uint8_t { kVoronoi, kPhysics };
  Model model = Model::kVoronoi;
  int columns = 0;
  int rows = 0;
  std::vector<float> control_a;       ///< [rows × columns] in [0, 1]; cell centres; empty when absent
  std::vector<std::uint8_t> visible;  ///< [rows × columns]: 1 where the cell's centre lies inside the picture
  double share_a = 0;                 ///< mean of control_a over the visible cells
  double share_b = 0;
};

/// Controlled expected threat of both teams, in [0, 1].
struct Threat {
  double a = 0;
  double b = 0;
};

/// Everything known about one frame. What is unknown is empty, never zero.
struct MatchFrame {
  std::int64_t index = 0;
  double pts_s = 0;
  int shot = 0;  ///< from 0; grows at every cut
  PitchPose pose;
  std::vector<Track> tracks;
  std::optional<Ball> ball;
  Possession possession = Possession::kUnknown;
  AttackDirection attack;
  std::optional<double> visible_pitch;  ///< share of the pitch inside the picture
  std::optional<PitchControl> control;
  std::optional<Threat> threat;
  std::optional<EvalBar> eval;
  std::vector<std::pair<std::string, double>> timings_ms;  ///< stage → wall time of this frame
};

}  // namespace touchline::match
