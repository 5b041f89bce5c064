#include "touchline/synth/game.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

using geometry::PitchPoint;

constexpr double kGravity = 9.81;
constexpr double kRollingBrake = 2.2;  // m/s², a ball on short grass
constexpr double kControlReach_m = 0.9;
constexpr double kTackleReach_m = 1.1;

// Depth from the own goal side (0) to the front (1), width −1 … 1.
constexpr std::array<std::array<PitchPoint, 10>, 3> kFormations = {{
    {{{0.02, -0.85},
      {0, -0.3},
      {0, 0.3},
      {0.02, 0.85},
      {0.45, -0.8},
      {0.35, -0.25},
      {0.38, 0.25},
      {0.45, 0.8},
      {0.9, -0.25},
      {1, 0.2}}},
    {{{0.04, -0.85},
      {0, -0.3},
      {0, 0.3},
      {0.04, 0.85},
      {0.3, 0},
      {0.5, -0.4},
      {0.5, 0.4},
      {0.9, -0.85},
      {1, 0},
      {0.9, 0.85}}},
    {{{0, -0.5},
      {-0.03, 0},
      {0, 0.5},
      {0.35, -0.9},
      {0.35, -0.3},
      {0.35, 0.3},
      {0.35, 0.9},
      {0.75, -0.35},
      {0.75, 0.35},
      {1, 0}}},
}};

double squared(double v) {
  return v * v;
}

double distance(PitchPoint a, PitchPoint b) {
  return std::sqrt(squared(a.x - b.x) + squared(a.y - b.y));
}

PitchPoint flat(Vec3 p) {
  return {p.x, p.y};
}

double direction_of(int team) {
  return team == 0 ? 1.0 : -1.0;
}  // where the team attacks

double speed(Vec3 v) {
  return std::sqrt(v.x * v.x + v.y * v.y);
}

}  // namespace

Game::Game(const match::PitchModel& pitch, std::uint64_t seed)
    : half_length_(pitch.length_m() / 2), half_width_(pitch.width_m() / 2), seed_(seed), random_(seed ^ 0x9A3EULL) {
  for (int team = 0; team < 2; ++team) {
    const auto& formation = kFormations[static_cast<std::size_t>(random_.pick(3))];
    for (int i = 1; i < kTeamSize; ++i) {
      home_[static_cast<std::size_t>(team * kTeamSize + i)] = formation[static_cast<std::size_t>(i - 1)];
    }
  }
  const double start_x = random_.uniform(-25, 25);
  now_.ball_m = {start_x, random_.uniform(-15, 15), kBallRadius_m};
  for (int p = 0; p < kPeople; ++p) {
    PersonState& person = now_.people[static_cast<std::size_t>(p)];
    person.facing = {p < kTeamSize ? 1.0 : -1.0, 0};
    person.stride_turns = random_.uniform();
    person.place_m = goal_of(p).place_m;
  }
  int nearest = 1;
  for (int p = 0; p < kReferee; ++p) {
    const auto gap = [&](int q) {
      return distance(now_.people[static_cast<std::size_t>(q)].place_m, flat(now_.ball_m));
    };
    if (!is_keeper(p) && gap(p) < gap(nearest)) nearest = p;
  }
  take(nearest);
}

void Game::step(double dt_s) {
  time_s_ += dt_s;
  for (int team = 0; team < 2; ++team) {
    int best = -1;
    for (int p = team * kTeamSize + 1; p < (team + 1) * kTeamSize; ++p) {
      const auto gap = [&](int q) {
        return distance(now_.people[static_cast<std::size_t>(q)].place_m, flat(now_.ball_m));
      };
      if (p != kicker_ && (best < 0 || gap(p) < gap(best))) best = p;
    }
    chaser_[static_cast<std::size_t>(team)] = best;
  }
  if (receiver_ >= 0) chaser_[static_cast<std::size_t>(team_of(receiver_))] = receiver_;
  std::array<Goal, kPeople> goals;
  for (int p = 0; p < kPeople; ++p) goals[static_cast<std::size_t>(p)] = goal_of(p);
  for (int p = 0; p < kPeople; ++p) move(p, goals[static_cast<std::size_t>(p)], dt_s);
  keep_apart(dt_s);
  step_ball(dt_s);
}

void Game::step_ball(double dt_s) {
  since_kick_s_ += dt_s;
  if (since_kick_s_ > 0.6) kicker_ = -1;
  if (now_.owner >= 0) {
    carry(dt_s);
    hold_s_ -= dt_s;
    if (hold_s_ <= 0) kick();
  } else {
    roll_or_fly(dt_s);
    if (since_kick_s_ > 0.2) try_to_control();
  }
}

void Game::roll_or_fly(double dt_s) {
  Vec3& v = now_.ball_velocity_mps;
  Vec3& p = now_.ball_m;
  const bool flies = p.z > kBallRadius_m + 1e-3 || v.z > 0.5;
  if (flies) v.z -= kGravity * dt_s;
  // Beyond the lines a wall of boards and ball boys: the ball stops soon.
  const bool outside = std::abs(p.x) > half_length_ - 0.3 || std::abs(p.y) > half_width_ - 0.3;
  const double brake = outside ? 60 : flies ? 0.6 : kRollingBrake;
  const double now = speed(v);
  const double after = std::max(0.0, now - brake * dt_s);
  if (now > 0) {
    v.x *= after / now;
    v.y *= after / now;
  }
  p = p + dt_s * v;
  if (p.z < kBallRadius_m) {
    p.z = kBallRadius_m;
    v.z = v.z < -1.2 ? -0.5 * v.z : 0;
    v.x *= v.z > 0 ? 0.75 : 1;
    v.y *= v.z > 0 ? 0.75 : 1;
  }
}

void Game::carry(double dt_s) {
  const PersonState& owner = now_.people[static_cast<std::size_t>(now_.owner)];
  const double pace = std::sqrt(squared(owner.velocity_mps.x) + squared(owner.velocity_mps.y));
  const double touch = 0.7 + 0.17 * pace * (0.6 + 0.4 * sin_turns(owner.stride_turns));
  const Vec3 wanted = {owner.place_m.x + touch * owner.facing.x, owner.place_m.y + touch * owner.facing.y,
                       kBallRadius_m};
  const Vec3 old = now_.ball_m;
  Vec3 pull = 10.0 * dt_s * (wanted - old);
  const double far = length(pull);
  if (far > 12 * dt_s) pull = (12 * dt_s / far) * pull;
  now_.ball_m = old + pull;
  now_.ball_m.z = std::max(now_.ball_m.z, kBallRadius_m);
  now_.ball_velocity_mps = (1 / dt_s) * (now_.ball_m - old);
  const int rival = chaser_[static_cast<std::size_t>(1 - team_of(now_.owner))];
  const bool pressed = rival >= 0 && !is_keeper(now_.owner) &&
                       distance(now_.people[static_cast<std::size_t>(rival)].place_m, owner.place_m) < kTackleReach_m;
  pressed_s_ = pressed ? pressed_s_ + dt_s : 0;
  if (pressed_s_ > 0.7) {
    pressed_s_ = 0;
    if (random_.chance(0.35))
      take(rival);
    else
      hold_s_ = std::min(hold_s_, 0.1);
  }
}

int Game::best_mate() const {
  const int team = team_of(now_.owner);
  const double ahead = direction_of(team);
  const PitchPoint from = flat(now_.ball_m);
  int best = -1;
  double best_score = -1e9;
  for (int p = team * kTeamSize; p < (team + 1) * kTeamSize; ++p) {
    if (p == now_.owner) continue;
    const PitchPoint to = now_.people[static_cast<std::size_t>(p)].place_m;
    const double d = distance(from, to);
    if (d < 6 || d > 48) continue;
    double open = 10;
    for (int q = (1 - team) * kTeamSize; q < (2 - team) * kTeamSize; ++q) {
      open = std::min(open, distance(now_.people[static_cast<std::size_t>(q)].place_m, to));
    }
    const double score = 0.1 * ahead * (to.x - from.x) + 0.35 * open - 0.05 * std::abs(d - 16) -
                         (is_keeper(p) ? 3 : 0) + 2.5 * random_.uniform();
    if (score > best_score) best = p;
    best_score = std::max(score, best_score);
  }
  return best;
}

void Game::kick() {
  const int team = team_of(now_.owner);
  const double to_goal = half_length_ - direction_of(team) * now_.ball_m.x;
  if (to_goal < 22 && std::abs(now_.ball_m.y) < 16 && random_.chance(0.5)) return shoot();
  const int mate = best_mate();
  if (mate < 0) {
    hold_s_ = 0.3;
    return;
  }
  const PersonState& target = now_.people[static_cast<std::size_t>(mate)];
  const double d = distance(flat(now_.ball_m), target.place_m);
  const double lead_s = 0.3 + 0.035 * d;
  const double error_m = 0.04 * d;
  const PitchPoint to = {std::clamp(target.place_m.x + lead_s * target.velocity_mps.x + error_m * random_.normal(),
                                    3 - half_length_, half_length_ - 3),
                         std::clamp(target.place_m.y + lead_s * target.velocity_mps.y + error_m * random_.normal(),
                                    2 - half_width_, half_width_ - 2)};
  receiver_ = mate;
  kick_to(to, d > 26 || random_.chance(0.12));
}

void Game::shoot() {
  const int team = team_of(now_.owner);
  receiver_ = team == 0 ? kTeamSize : 0;
  const PitchPoint keeper = now_.people[static_cast<std::size_t>(receiver_)].place_m;
  kick_to({keeper.x, keeper.y + random_.uniform(-0.6, 0.6)}, false);
  now_.ball_velocity_mps = 1.5 * now_.ball_velocity_mps;
  now_.ball_velocity_mps.z = random_.uniform(0, 2.5);
}

void Game::kick_to(PitchPoint target_m, bool high) {
  const PitchPoint from = flat(now_.ball_m);
  const double d = std::max(1.0, distance(from, target_m));
  const double vh = high ? std::clamp(0.45 * d + 4, 9.0, 22.0) : std::sqrt(16 + 2 * kRollingBrake * d);
  now_.ball_velocity_mps = {vh * (target_m.x - from.x) / d, vh * (target_m.y - from.y) / d,
                            high ? 0.5 * kGravity * d / vh : 0};
  kicker_ = now_.owner;
  kicking_team_ = team_of(kicker_);
  now_.people[static_cast<std::size_t>(kicker_)].kick = 0.02;
  now_.owner = -1;
  since_kick_s_ = 0;
}

void Game::try_to_control() {
  const double pace = speed(now_.ball_velocity_mps);
  int best = -1;
  double best_gap = kControlReach_m;
  for (int p = 0; p < kReferee; ++p) {
    if (p == kicker_) continue;
    const double reach = is_keeper(p) ? 2.4 : now_.ball_m.z;
    const bool intended = p == receiver_;
    if (now_.ball_m.z > reach + (is_keeper(p) ? 0 : 1.2 - reach)) continue;
    if (!intended && pace > 13) continue;
    const double gap =
        distance(now_.people[static_cast<std::size_t>(p)].place_m, flat(now_.ball_m)) * (intended ? 0.7 : 1);
    if (gap < best_gap) best = p;
    best_gap = std::min(gap, best_gap);
  }
  if (best >= 0) take(best);
}

void Game::take(int person) {
  now_.owner = person;
  kicker_ = -1;
  receiver_ = -1;
  kicking_team_ = team_of(person);
  pressed_s_ = 0;
  hold_s_ = is_keeper(person) ? random_.uniform(1.2, 2.2) : random_.uniform(0.4, 2.2);
}

}  // namespace touchline::synth
