// Where everyone wants to be, and how they get there.
#include <algorithm>
#include <cmath>

#include "touchline/synth/game.h"

namespace touchline::synth {
namespace {

using geometry::PitchPoint;

constexpr double kTopSpeed = 8.6;      // m/s
constexpr double kAcceleration = 4.2;  // m/s²
constexpr double kBraking = 6.5;       // m/s²
constexpr double kPersonSpace_m = 0.95;
constexpr double kRunOut_m = 1.5;  // nobody goes farther beyond the lines
constexpr double kKick_s = 0.45;

double norm(PitchPoint p) {
  return std::sqrt(p.x * p.x + p.y * p.y);
}
PitchPoint flat(Vec3 p) {
  return {p.x, p.y};
}
double direction_of(int team) {
  return team == 0 ? 1.0 : -1.0;
}

}  // namespace

Game::Goal Game::goal_of(int person) const {
  if (person >= kReferee) return official_goal(person);
  return is_keeper(person) ? keeper_goal(person) : outfield_goal(person);
}

Game::Goal Game::outfield_goal(int person) const {
  const int team = team_of(person);
  const double ahead = direction_of(team);
  const PitchPoint ball = flat(now_.ball_m);
  const PersonState& state = now_.people[static_cast<std::size_t>(person)];
  if (person == now_.owner) {
    const double to_goal = half_length_ - ahead * ball.x;
    const double side = value_noise(0.4 * time_s_, 10.0 * person, seed_);
    const double x = state.place_m.x + ahead * std::min(6.0, to_goal - 8);
    const double y = state.place_m.y + 6 * side - 0.1 * ball.y;
    return {{std::clamp(x, 3 - half_length_, half_length_ - 3), std::clamp(y, 3 - half_width_, half_width_ - 3)}, 6.0};
  }
  if (person == chaser_[static_cast<std::size_t>(team)]) {
    if (now_.owner < 0) return {meeting_place(person), 8.2};
    if (team_of(now_.owner) != team) {
      const PersonState& owner = now_.people[static_cast<std::size_t>(now_.owner)];
      const bool keeper = is_keeper(now_.owner);
      return {{owner.place_m.x - ahead * (keeper ? 12.0 : 1.0), owner.place_m.y}, keeper ? 3.0 : 6.8};
    }
  }
  const PitchPoint place = slot(person);
  const double gap = norm({place.x - state.place_m.x, place.y - state.place_m.y});
  return {place, std::clamp(0.55 * gap, 0.4, 7.2)};
}

PitchPoint Game::slot(int person) const {
  const int team = team_of(person);
  const double ahead = direction_of(team);
  const PitchPoint home = home_[static_cast<std::size_t>(person)];
  const bool has_ball = kicking_team_ == team;
  const double ball = ahead * now_.ball_m.x;
  const double back_line = std::clamp(0.62 * ball - (has_ball ? 17 : 21), 14 - half_length_, 4.0);
  double depth = back_line + (has_ball ? 34 : 27) * home.x;
  // Now and then somebody runs into the space behind.
  const double run = value_noise(0.16 * time_s_, 7.0 * person, seed_ + 5);
  if (run > 0.45 && home.x > 0.3) depth += 22 * (run - 0.45);
  depth = std::clamp(depth, 6 - half_length_, half_length_ - 5);
  const double wander_x = 3.2 * fractal_noise(0.14 * time_s_, 3.0 * person, 2, seed_ + 1);
  const double wander_y = 3.6 * fractal_noise(0.14 * time_s_, 3.0 * person, 2, seed_ + 2);
  const double width = (has_ball ? 0.82 : 0.58) * half_width_ * home.y;
  const double across = width + (has_ball ? 0.2 : 0.38) * now_.ball_m.y + wander_y;
  return {ahead * (depth + wander_x), std::clamp(across, 1.5 - half_width_, half_width_ - 1.5)};
}

Game::Goal Game::keeper_goal(int person) const {
  const double own = -direction_of(team_of(person));
  const double away = half_length_ - own * now_.ball_m.x;  // ball's distance from the own goal line
  if (now_.owner == person) {
    const PitchPoint place = now_.people[static_cast<std::size_t>(person)].place_m;
    return {{own * (half_length_ - 9), 0.8 * place.y}, 2.0};
  }
  if (receiver_ == person) return {meeting_place(person), 6};
  const double out = std::clamp(0.18 * away, 1.2, 13.0);
  const double y = std::clamp(now_.ball_m.y * (1 + 0.5 * out) / std::max(8.0, away), -5.0, 5.0);
  return {{own * (half_length_ - out), y + 0.6 * value_noise(0.3 * time_s_, person, seed_)}, away < 25 ? 4.0 : 1.6};
}

double Game::offside_line(double side) const {
  const int first = side < 0 ? 0 : kTeamSize;  // team a defends the left
  double last = 0;
  double second = 0;
  for (int p = first; p < first + kTeamSize; ++p) {
    const double x = side * now_.people[static_cast<std::size_t>(p)].place_m.x;
    if (x > last) {
      second = last;
      last = x;
    } else {
      second = std::max(second, x);
    }
  }
  return std::clamp(std::max(second, side * now_.ball_m.x), 0.0, half_length_);
}

Game::Goal Game::official_goal(int person) const {
  if (person == kReferee) {
    const double side = now_.ball_m.x > 0 ? -1 : 1;
    const PitchPoint place = {0.9 * now_.ball_m.x + 8 * side, 0.75 * now_.ball_m.y + (now_.ball_m.y > 4 ? -9.0 : 9.0)};
    const PitchPoint at = now_.people[kReferee].place_m;
    return {place, std::clamp(0.4 * norm({place.x - at.x, place.y - at.y}), 0.8, 6.5)};
  }
  const double y = (half_width_ + 0.7) * (person == kReferee + 1 ? -1 : 1);
  const double side = person == kReferee + 1 ? 1 : -1;
  return {{side * offside_line(side), y}, 6.5};
}

PitchPoint Game::meeting_place(int person) const {
  const PitchPoint at = now_.people[static_cast<std::size_t>(person)].place_m;
  Vec3 ball = now_.ball_m;
  Vec3 v = now_.ball_velocity_mps;
  constexpr double kLook_s = 0.15;
  for (double t = 0; t < 4; t += kLook_s) {
    if (ball.z < 1.3 && norm({ball.x - at.x, ball.y - at.y}) < 0.6 + 7.2 * t) break;
    ball = ball + kLook_s * v;
    v.z = ball.z > kBallRadius_m ? v.z - 9.81 * kLook_s : std::max(0.0, -0.4 * v.z);
    ball.z = std::max(ball.z, kBallRadius_m);
    const double pace = norm({v.x, v.y});
    const double slower = ball.z > 0.2 || pace < 1e-9 ? 1 : std::max(0.0, pace - 2.2 * kLook_s) / pace;
    v.x *= slower;
    v.y *= slower;
  }
  return {std::clamp(ball.x, -half_length_, half_length_), std::clamp(ball.y, -half_width_, half_width_)};
}

void Game::move(int person, const Goal& goal, double dt_s) {
  PersonState& state = now_.people[static_cast<std::size_t>(person)];
  const PitchPoint way = {goal.place_m.x - state.place_m.x, goal.place_m.y - state.place_m.y};
  const double gap = norm(way);
  const double wanted = gap < 0.15 ? 0 : std::min(std::min(goal.speed_mps, kTopSpeed), 1.8 * gap);
  const PitchPoint target = gap > 0 ? PitchPoint{way.x / gap * wanted, way.y / gap * wanted} : PitchPoint{};
  PitchPoint change = {target.x - state.velocity_mps.x, target.y - state.velocity_mps.y};
  const double most = (wanted < norm(state.velocity_mps) ? kBraking : kAcceleration) * dt_s;
  const double size = norm(change);
  if (size > most) change = {change.x * most / size, change.y * most / size};
  state.velocity_mps = {state.velocity_mps.x + change.x, state.velocity_mps.y + change.y};
  const double pace = norm(state.velocity_mps);
  state.place_m = {state.place_m.x + dt_s * state.velocity_mps.x, state.place_m.y + dt_s * state.velocity_mps.y};
  state.place_m.x = std::clamp(state.place_m.x, -half_length_ - kRunOut_m, half_length_ + kRunOut_m);
  state.place_m.y = std::clamp(state.place_m.y, -half_width_ - kRunOut_m, half_width_ + kRunOut_m);
  const PitchPoint to_ball = {now_.ball_m.x - state.place_m.x, now_.ball_m.y - state.place_m.y};
  const double ball_gap = norm(to_ball);
  PitchPoint look = state.facing;
  if (pace > 2.2)
    look = {state.velocity_mps.x / pace, state.velocity_mps.y / pace};
  else if (ball_gap > 1)
    look = {to_ball.x / ball_gap, to_ball.y / ball_gap};
  const double turn = std::min(1.0, 5 * dt_s);
  PitchPoint facing = {mix(state.facing.x, look.x, turn), mix(state.facing.y, look.y, turn)};
  if (norm(facing) < 0.3) facing = {-state.facing.y, state.facing.x};  // a turn on the spot goes through the side
  state.facing = {facing.x / norm(facing), facing.y / norm(facing)};
  if (pace > 0.3) state.stride_turns += dt_s * (0.62 + 0.13 * pace);
  if (state.kick > 0) state.kick = state.kick + dt_s / kKick_s;
  if (state.kick >= 1) state.kick = 0;
}

void Game::keep_apart(double dt_s) {
  for (int p = 0; p < kPeople; ++p) {
    for (int q = p + 1; q < kPeople; ++q) {
      PersonState& a = now_.people[static_cast<std::size_t>(p)];
      PersonState& b = now_.people[static_cast<std::size_t>(q)];
      const PitchPoint way = {b.place_m.x - a.place_m.x, b.place_m.y - a.place_m.y};
      const double gap = norm(way);
      if (gap >= kPersonSpace_m || gap < 1e-6) continue;
      const double push = 3.0 * dt_s * (kPersonSpace_m - gap) / gap;
      a.place_m = {a.place_m.x - push * way.x, a.place_m.y - push * way.y};
      b.place_m = {b.place_m.x + push * way.x, b.place_m.y + push * way.y};
    }
  }
}

}  // namespace touchline::synth
