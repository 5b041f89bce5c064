#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "touchline/match/match_frame.h"

namespace touchline::overlay {

/// A made-up frame for tests and benchmarks: a main camera that sees about half of the pitch, 22 players, three
/// officials, ball, control, threat, bar. The same seed gives the same frame.
inline match::MatchFrame make_scene(int width_px, int height_px, unsigned seed) {
  std::mt19937 random(seed);
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * (static_cast<double>(random()) / 4294967296.0);
  };
  match::MatchFrame frame;
  frame.pts_s = 754.52;
  // 16 m above the ground, 60 m behind the near line's middle: pitch (x, y, 1) → picture.
  const double f = 1.15 * width_px;
  const double cx = 0.5 * width_px;
  const double cy = 0.18 * height_px;
  frame.pose.camera =
      geometry::PitchCamera::make({f, cx, 94 * cx, 0, cy, 94 * cy + 16 * f, 0, 1, 94}, 0, width_px, height_px);
  frame.pose.state = match::PoseState::kMeasured;
  for (int i = 0; i < 25; ++i) {
    match::Track person;
    person.id = i + 1;
    person.person_class = i >= 22       ? match::PersonClass::kReferee
                          : i % 11 == 0 ? match::PersonClass::kGoalkeeper
                                        : match::PersonClass::kPlayer;
    if (i < 22) person.team = {i < 11 ? match::Team::kA : match::Team::kB, 0.95F};
    person.state = i % 10 == 7   ? match::State::kHeld
                   : i % 10 == 3 ? match::State::kInterpolated
                                 : match::State::kDetected;
    person.position_m = geometry::PitchPoint{uniform(-30, 30), uniform(-33, 33)};
    const auto foot = frame.pose.camera->image_from_pitch(*person.position_m);
    const auto height = static_cast<float>(1.85 * f / (person.position_m->y + 94));
    const auto x = static_cast<float>(foot->x);
    const auto y = static_cast<float>(foot->y);
    person.box_px = {x - 0.2F * height, y - height, x + 0.2F * height, y};
    person.score = 0.9F;
    frame.tracks.push_back(person);
  }
  match::Ball ball;
  ball.position_m = geometry::PitchPoint{uniform(-25, 25), uniform(-30, 30)};
  ball.point_px = *frame.pose.camera->image_from_pitch(*ball.position_m);
  const auto radius = static_cast<float>(0.004 * width_px);
  ball.box_px = {float(ball.point_px.x) - radius, float(ball.point_px.y) - radius, float(ball.point_px.x) + radius,
                 float(ball.point_px.y) + radius};
  frame.ball = ball;
  match::PitchControl control;
  control.columns = 32;
  control.rows = 20;
  for (int row = 0; row < control.rows; ++row) {
    for (int column = 0; column < control.columns; ++column) {
      control.control_a.push_back(static_cast<float>(0.5 + 0.5 * std::sin(0.5 * column) * std::cos(0.7 * row)));
    }
  }
  control.share_a = 0.54;
  control.share_b = 0.46;
  frame.control = control;
  frame.threat = match::Threat{0.21, 0.17};
  frame.eval = match::EvalBar{18.2, 0.83, {}};
  frame.possession = match::Possession::kA;
  return frame;
}

}  // namespace touchline::overlay
