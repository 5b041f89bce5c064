#include "touchline/analytics/possession.h"

#include <cmath>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr double kTimeSlack = 1e-6;  // a window of five frames of 1/25 s is 0.2 s in spite of rounding

bool can_own(const match::Track& track) {
  return track.person_class != match::PersonClass::kReferee && track.team.team != match::Team::kNone &&
         track.position_m.has_value();
}

const match::Track* find_track(const match::MatchFrame& frame, std::int64_t id) {
  for (const auto& track : frame.tracks) {
    if (track.id == id) return &track;
  }
  return nullptr;
}

match::Possession possession_of(match::Team team) {
  if (team == match::Team::kNone) return match::Possession::kUnknown;
  return team == match::Team::kA ? match::Possession::kA : match::Possession::kB;
}

}  // namespace

void PossessionOptions::check() const {
  TOUCHLINE_REQUIRE(reach_m >= 0.2 && reach_m <= 5, "a reach of {} m is outside 0.2 to 5", reach_m);
  TOUCHLINE_REQUIRE(takeover_s >= 0 && takeover_s <= 2, "a takeover after {} s is outside 0 to 2", takeover_s);
  TOUCHLINE_REQUIRE(fast_ball_mps >= 1 && fast_ball_mps <= 50, "a fast ball of {} m/s is outside 1 to 50",
                    fast_ball_mps);
  TOUCHLINE_REQUIRE(contested_after_s >= 0.1 && contested_after_s <= 10, "contested after {} s is outside 0.1 to 10",
                    contested_after_s);
  TOUCHLINE_REQUIRE(speed_window_s >= 0.02 && speed_window_s <= 1, "a speed window of {} s is outside 0.02 to 1",
                    speed_window_s);
  TOUCHLINE_REQUIRE(pressure_radius_m >= 1 && pressure_radius_m <= 50, "a pressure radius of {} m is outside 1 to 50",
                    pressure_radius_m);
  TOUCHLINE_REQUIRE(pressure_sigma_m >= 0.5 && pressure_sigma_m <= 20, "a pressure width of {} m is outside 0.5 to 20",
                    pressure_sigma_m);
}

PossessionFilter::PossessionFilter(const PossessionOptions& options) : options_(options) {
  options.check();
}

void PossessionFilter::cut() {
  ball_.clear();
  owner_.reset();
  owner_team_ = match::Team::kNone;
  rival_.reset();
  last_reached_s_.reset();
}

BallOwner PossessionFilter::update(const match::MatchFrame& frame) {
  if (!frame.ball || !frame.ball->position_m) return {};
  const geometry::PitchPoint ball_m = *frame.ball->position_m;
  const double speed_mps = ball_speed_mps(frame.pts_s, ball_m);
  const match::Track* nearest = nullptr;
  double nearest_m = options_.reach_m;
  bool anyone = false;
  for (const auto& track : frame.tracks) {
    if (!can_own(track)) continue;
    anyone = true;
    const double distance = geometry::distance_m(*track.position_m, ball_m);
    if (distance <= nearest_m && (nearest == nullptr || distance < nearest_m)) {
      nearest = &track;
      nearest_m = distance;
    }
  }
  if (!anyone) return {};
  consider(nearest, frame.pts_s, speed_mps);
  if (frame.pts_s - *last_reached_s_ > options_.contested_after_s) return {match::Possession::kContested, {}, {}};
  if (!owner_) return {};
  const match::Track* owner = find_track(frame, *owner_);
  if (owner != nullptr && owner->team.team != match::Team::kNone) owner_team_ = owner->team.team;
  return {possession_of(owner_team_), owner_, owner != nullptr ? owner->position_m : std::nullopt};
}

double PossessionFilter::ball_speed_mps(double pts_s, geometry::PitchPoint ball_m) {
  // The youngest place that is a whole window old stays in front; a gap longer than that starts anew.
  if (!ball_.empty() && pts_s - ball_.back().pts_s > options_.speed_window_s + kTimeSlack) ball_.clear();
  ball_.push_back({pts_s, ball_m});
  while (ball_.size() > 1 && pts_s - ball_[1].pts_s >= options_.speed_window_s - kTimeSlack) ball_.pop_front();
  const double elapsed_s = pts_s - ball_.front().pts_s;
  return elapsed_s > 0 ? geometry::distance_m(ball_m, ball_.front().position_m) / elapsed_s : 0;
}

void PossessionFilter::consider(const match::Track* nearest, double pts_s, double speed_mps) {
  if (!last_reached_s_) last_reached_s_ = pts_s;
  if (nearest == nullptr) {
    rival_.reset();
    return;
  }
  const bool was_free = !owner_ || pts_s - *last_reached_s_ > options_.contested_after_s;
  const bool is_fast = speed_mps > options_.fast_ball_mps;
  last_reached_s_ = pts_s;
  if (owner_ == nearest->id) {
    rival_.reset();
    return;
  }
  if (rival_ != nearest->id) {
    rival_ = nearest->id;
    rival_since_s_ = pts_s;
  }
  const bool waited = pts_s - rival_since_s_ >= options_.takeover_s - kTimeSlack;
  if ((was_free || waited) && !(is_fast && owner_)) {
    owner_ = nearest->id;
    owner_team_ = nearest->team.team;
    rival_.reset();
  }
}

double pressure_on(geometry::PitchPoint owner_m, std::span<const geometry::PitchPoint> opponents_m,
                   const PossessionOptions& options) {
  const double radius2 = options.pressure_radius_m * options.pressure_radius_m;
  const double spread = 2 * options.pressure_sigma_m * options.pressure_sigma_m;
  double sum = 0;
  for (const auto& opponent : opponents_m) {
    const double dx = opponent.x - owner_m.x;
    const double dy = opponent.y - owner_m.y;
    const double square = dx * dx + dy * dy;
    if (square <= radius2) sum += std::exp(-square / spread);
  }
  return 1 - std::exp(-sum);
}

}  // namespace touchline::analytics
