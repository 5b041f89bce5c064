#pragma once

#include <cstdint>

#include "touchline/match/pitch_model.h"
#include "touchline/synth/camera_kind.h"
#include "touchline/synth/fixed_math.h"
#include "touchline/synth/play.h"

namespace touchline::synth {

/// A camera on its tripod and how its cameraman follows the game. Lengths in metres.
struct Rig {
  CameraKind kind = CameraKind::kMain;
  Vec3 place_m;
  double focal = 1;  ///< focal length / picture width when the aim is at its anchor
  double zoom = 0;   ///< main, far side: how much closer toward the goals; others: share of the distance made up for
  double k1 = 0;
  double roll_turns = 0;
  Vec3 anchor_m;  ///< where the aim rests; z is the height aimed at
  double follow_x = 0;
  double follow_y = 0;  ///< shares of the way from the anchor to the subject that the aim goes
  double reach_x_m = 0;
  double reach_y_m = 0;  ///< the aim never goes farther out than this
  double delay_s = 0.7;
  int subject = kNobody;  ///< whom a close camera follows

  static constexpr int kNobody = -1;       ///< the game: the ball and, a little, the middle of all players
  static constexpr int kBallPlayers = -2;  ///< the few players nearest to the ball
};

/// What decides where a shot's camera stands.
struct RigRequest {
  CameraKind kind = CameraKind::kMain;  ///< not kMixed
  int shot = 0;
  std::uint64_t seed = 0;
  double aspect = 16.0 / 9;  ///< picture width / height
  double start_s = 0;
};

/// The camera of a shot. Depends on nothing but its arguments.
Rig rig_of(const RigRequest& request, const match::PitchModel& pitch, const Play& play);

/// What the rig films at a moment, on the ground.
Vec3 subject_of(const Rig& rig, const Moment& moment);

}  // namespace touchline::synth
