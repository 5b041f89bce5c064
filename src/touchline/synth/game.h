#pragma once

#include <array>
#include <cstdint>

#include "touchline/match/pitch_model.h"
#include "touchline/synth/play.h"

namespace touchline::synth {

/// The rules by which a made-up match moves on: one call of step() per time step. Not thread-safe.
class Game {
 public:
  Game(const match::PitchModel& pitch, std::uint64_t seed);

  void step(double dt_s);
  const Moment& moment() const { return now_; }

 private:
  struct Goal {
    geometry::PitchPoint place_m;
    double speed_mps = 0;  ///< the most this person wants to run
  };

  void step_ball(double dt_s);
  void roll_or_fly(double dt_s);
  void carry(double dt_s);
  void kick();
  void kick_to(geometry::PitchPoint target_m, bool high);
  void shoot();
  void try_to_control();
  void take(int person);
  int best_mate() const;
  Goal goal_of(int person) const;
  Goal outfield_goal(int person) const;
  Goal keeper_goal(int person) const;
  Goal official_goal(int person) const;
  geometry::PitchPoint slot(int person) const;
  geometry::PitchPoint meeting_place(int person) const;
  void move(int person, const Goal& goal, double dt_s);
  void keep_apart(double dt_s);
  double offside_line(double side) const;

  double half_length_;
  double half_width_;
  std::uint64_t seed_;
  mutable Random random_;
  Moment now_;
  std::array<geometry::PitchPoint, kPeople>
      home_{};  ///< formation place of outfield players: depth 0 … 1, width −1 … 1
  double time_s_ = 0;
  double hold_s_ = 1;  ///< how long the owner keeps the ball
  double since_kick_s_ = 10;
  int kicker_ = -1;
  int receiver_ = -1;
  int kicking_team_ = 0;
  double pressed_s_ = 0;
  std::array<int, 2> chaser_{};  ///< who of each team goes for the ball
};

}  // namespace touchline::synth
