#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "touchline/match/pitch_model.h"
#include "touchline/synth/fixed_math.h"

namespace touchline::synth {

/// People of a match, by index: 0 team a's goalkeeper, 1–10 team a, 11 team b's goalkeeper, 12–21 team b, 22 the
/// referee, 23 and 24 his assistants. Team a defends the left goal.
inline constexpr int kPeople = 25;
inline constexpr int kTeamSize = 11;
inline constexpr int kReferee = 22;

/// 0 = a, 1 = b; players and goalkeepers only.
inline int team_of(int person) {
  return person < kTeamSize ? 0 : 1;
}
inline bool is_keeper(int person) {
  return person == 0 || person == kTeamSize;
}

/// One person at one moment.
struct PersonState {
  geometry::PitchPoint place_m;
  geometry::PitchPoint velocity_mps;
  geometry::PitchPoint facing;  ///< unit vector
  double stride_turns = 0;      ///< phase of the gait, one turn = two steps
  double kick = 0;              ///< 0 … 1: how far into the swing of a kick; 0 when not kicking
};

/// Everyone and the ball at one moment.
struct Moment {
  std::array<PersonState, kPeople> people;
  Vec3 ball_m;  ///< the ball's middle; z = radius on the ground
  Vec3 ball_velocity_mps;
  int owner = -1;  ///< who controls the ball, −1 = it rolls or flies
};

inline constexpr double kBallRadius_m = 0.11;

/// The course of a made-up match: formations that follow the ball, dribbles, passes, high balls, shots that a keeper
/// holds. Played once on construction in steps of 20 ms; immutable and thread-safe afterwards.
class Play {
 public:
  Play(const match::PitchModel& pitch, double duration_s, std::uint64_t seed);

  /// The state at a time in [0, duration], between steps interpolated.
  Moment at(double time_s) const;

 private:
  std::vector<Moment> steps_;
};

}  // namespace touchline::synth
