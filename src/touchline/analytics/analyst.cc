#include "touchline/analytics/analyst.h"

#include <algorithm>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

bool plays(const match::Track& track) {
  return track.person_class != match::PersonClass::kReferee;
}

/// Share of the players that have a team; 0 without players.
double team_share(const match::MatchFrame& frame) {
  const auto players = std::count_if(frame.tracks.begin(), frame.tracks.end(), plays);
  const auto known = std::count_if(frame.tracks.begin(), frame.tracks.end(), [](const match::Track& track) {
    return plays(track) && track.team.team != match::Team::kNone;
  });
  return players == 0 ? 0 : static_cast<double>(known) / static_cast<double>(players);
}

}  // namespace

void AnalystOptions::check() const {
  TOUCHLINE_REQUIRE(width_px >= 1 && height_px >= 1, "a picture of {} x {} pixels cannot be analysed", width_px,
                    height_px);
  motion.check();
  voronoi.check();
  possession.check();
  eval_bar.check();
}

Analyst::Analyst(const AnalystOptions& options)
    : options_((options.check(), options)),
      motion_(options.motion),
      possession_(options.possession),
      threat_(options.pitch),
      eval_bar_(options.eval_bar) {}

void Analyst::observe(const match::MatchFrame& frame) {
  motion_.observe(frame);
  last_observed_ = frame.index;
}

void Analyst::update(match::MatchFrame& frame) {
  if (frame.index > last_observed_) observe(frame);
  if (shot_ && *shot_ != frame.shot) {
    possession_.cut();
    eval_bar_.cut();
  }
  shot_ = frame.shot;
  motion_.settle(frame);
  team_a_m_.clear();
  team_b_m_.clear();
  for (const auto& track : frame.tracks) {
    if (!plays(track) || !track.position_m) continue;
    if (track.team.team == match::Team::kA) team_a_m_.push_back(*track.position_m);
    if (track.team.team == match::Team::kB) team_b_m_.push_back(*track.position_m);
  }
  const BallOwner owner = possession_.update(frame);
  frame.possession = owner.possession;
  control_and_threat(frame);
  frame.eval = eval_bar_.update(eval_inputs(frame, owner), frame.pose, team_share(frame), frame.pts_s);
}

void Analyst::control_and_threat(match::MatchFrame& frame) {
  frame.visible_pitch.reset();
  frame.threat.reset();
  match::PitchControl control = frame.control ? std::move(*frame.control) : match::PitchControl{};
  frame.control.reset();
  if (!frame.pose.camera) return;
  frame.visible_pitch = mark_visible_cells(control.visible, *frame.pose.camera, options_.width_px, options_.height_px,
                                           options_.pitch, options_.voronoi.grid);
  if (!voronoi_control(control, team_a_m_, team_b_m_, options_.pitch, options_.voronoi)) return;
  frame.threat = threat_.of(control, frame.attack);
  frame.control = std::move(control);
}

EvalInputs Analyst::eval_inputs(const match::MatchFrame& frame, const BallOwner& owner) {
  EvalInputs inputs;
  inputs.visible_pitch = frame.visible_pitch;
  if (frame.control) inputs.share_a = frame.control->share_a;
  inputs.threat = frame.threat;
  inputs.possession = owner.possession;
  inputs.owner_pressure = owner_pressure(frame, owner);
  const bool is_owned = owner.possession == match::Possession::kA || owner.possession == match::Possession::kB;
  if (is_owned && frame.attack.a != 0 && frame.ball && frame.ball->position_m) {
    const int attack = owner.possession == match::Possession::kA ? frame.attack.a : frame.attack.b();
    inputs.ball_threat = expected_threat_at(*frame.ball->position_m, attack, options_.pitch) / kLargestThreat;
  }
  return inputs;
}

std::optional<double> Analyst::owner_pressure(const match::MatchFrame& frame, const BallOwner& owner) {
  if (!owner.position_m || frame.tracks.empty()) return std::nullopt;
  const auto& opponents = owner.possession == match::Possession::kA ? team_b_m_ : team_a_m_;
  return pressure_on(*owner.position_m, opponents, options_.possession);
}

}  // namespace touchline::analytics
