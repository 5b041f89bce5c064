#include "touchline/synth/play.h"

#include <algorithm>
#include <cmath>

#include "touchline/synth/game.h"

namespace touchline::synth {
namespace {

constexpr double kStep_s = 0.02;
constexpr double kWarmUp_s = 8;

geometry::PitchPoint blend(geometry::PitchPoint a, geometry::PitchPoint b, double t) {
  return {mix(a.x, b.x, t), mix(a.y, b.y, t)};
}

PersonState blend(const PersonState& a, const PersonState& b, double t) {
  PersonState state;
  state.place_m = blend(a.place_m, b.place_m, t);
  state.velocity_mps = blend(a.velocity_mps, b.velocity_mps, t);
  state.facing = blend(a.facing, b.facing, t);
  const double norm = std::sqrt(state.facing.x * state.facing.x + state.facing.y * state.facing.y);
  state.facing = norm > 1e-6 ? geometry::PitchPoint{state.facing.x / norm, state.facing.y / norm} : b.facing;
  state.stride_turns = mix(a.stride_turns, b.stride_turns, t);
  state.kick = b.kick >= a.kick ? mix(a.kick, b.kick, t) : a.kick;
  return state;
}

}  // namespace

Play::Play(const match::PitchModel& pitch, double duration_s, std::uint64_t seed) {
  Game game(pitch, seed);
  for (double t = 0; t < kWarmUp_s; t += kStep_s) game.step(kStep_s);
  const auto count = static_cast<std::size_t>(duration_s / kStep_s) + 3;
  steps_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    steps_.push_back(game.moment());
    game.step(kStep_s);
  }
}

Moment Play::at(double time_s) const {
  const double step = std::clamp(time_s / kStep_s, 0.0, static_cast<double>(steps_.size()) - 1.001);
  const auto i = static_cast<std::size_t>(step);
  const double t = step - static_cast<double>(i);
  const Moment& a = steps_[i];
  const Moment& b = steps_[i + 1];
  Moment moment;
  for (std::size_t p = 0; p < a.people.size(); ++p) moment.people[p] = blend(a.people[p], b.people[p], t);
  moment.ball_m = mix(a.ball_m, b.ball_m, t);
  moment.ball_velocity_mps = mix(a.ball_velocity_mps, b.ball_velocity_mps, t);
  moment.owner = a.owner;
  return moment;
}

}  // namespace touchline::synth
