#pragma once

#include <cstdint>
#include <string>

namespace touchline::synth {

/// Where the cameras of a made-up match stand and how they film. Each shot stands elsewhere within its kind.
enum class CameraKind : std::uint8_t {
  kMain,      ///< the main stand: the leading camera and, in every other shot, its neighbours
  kGoal,      ///< behind a goal or beside it up to the corner, 3 to 20 m high, follows the ball
  kBeside,    ///< at the side of a penalty area, 2 to 12 m high
  kTactical,  ///< 25 to 45 m high behind a goal or at a corner, wide
  kStatic,    ///< does not move, shows nearly the whole pitch, bends lines
  kClose,     ///< a long lens on one person or a few
  kFarSide,   ///< the opposite stand
  kMixed,     ///< another of the kinds above in each shot
};

/// The kind of this name: main, goal, beside, tactical, static, close, far_side or mixed.
/// Throws base::Error(kInvalidArgument) with the list of names for any other.
CameraKind parse_camera_kind(const std::string& name);

/// Of the kinds but kMixed one drawn by seed and shot, in the shares of a broadcast with many cameras; kMixed is the
/// only kind for which seed and shot matter.
CameraKind kind_of_shot(CameraKind kind, std::uint64_t seed, int shot);

}  // namespace touchline::synth
