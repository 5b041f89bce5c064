#pragma once

#include <cstdint>
#include <vector>

#include "touchline/synth/look.h"
#include "touchline/synth/play.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// A part of a body: a ball of radius radius_a swept to one of radius_b.
struct Limb {
  enum class Kind : std::uint8_t { kPlain, kTorso, kHead, kSleeve, kThigh, kShin, kBall };
  Vec3 a_m;
  Vec3 b_m;
  double radius_a_m = 0;
  double radius_b_m = 0;
  Pixel color_a{};  ///< from a to the seam
  Pixel color_b{};  ///< from the seam to b
  float seam = 1;   ///< 0 at a, 1 at b
  Kind kind = Kind::kPlain;
  float side_a_m = 0;  ///< torso: how far a and b are to the body's right
  float side_b_m = 0;
};

/// A body in one posture, or the ball.
struct Figure {
  std::vector<Limb> limbs;
  Vec3 right;  ///< of the body
  Vec3 ahead;
  const Kit* kit = nullptr;  ///< for the torso's pattern; empty for the ball
  Pixel hair{};
  int number = 0;  ///< on the back; 0 none
};

/// The body of `person` as it stands, walks, runs or kicks in `state`. `index` varies the posture of standing
/// people and gives the number on the back.
Figure posed(const Person& person, const PersonState& state, int index);

/// The ball; it rolls with the way it has gone.
Figure ball_figure(const Moment& moment);

}  // namespace touchline::synth
