#include "touchline/analytics/motion.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr double kFirstSpeedMps = 4;  // standard deviation of the speed of somebody seen for the first time
constexpr double kSameTime = 1e-6;

}  // namespace

void MotionOptions::check() const {
  TOUCHLINE_REQUIRE(position_noise_m >= 0.01 && position_noise_m <= 5, "a position noise of {} m is outside 0.01 to 5",
                    position_noise_m);
  TOUCHLINE_REQUIRE(acceleration_mps2 >= 0.1 && acceleration_mps2 <= 50,
                    "an acceleration of {} m/s² is outside 0.1 to 50", acceleration_mps2);
  TOUCHLINE_REQUIRE(largest_speed_mps >= 1 && largest_speed_mps <= 50, "a largest speed of {} m/s is outside 1 to 50",
                    largest_speed_mps);
  TOUCHLINE_REQUIRE(longest_gap_s >= 0.05 && longest_gap_s <= 5, "a longest gap of {} s is outside 0.05 to 5",
                    longest_gap_s);
  TOUCHLINE_REQUIRE(settle_s >= 0 && settle_s <= 2, "a settling time of {} s is outside 0 to 2", settle_s);
  TOUCHLINE_REQUIRE(longest_lookahead_s >= 0 && longest_lookahead_s <= 10, "a look-ahead of {} s is outside 0 to 10",
                    longest_lookahead_s);
}

MotionSmoother::MotionSmoother(const MotionOptions& options) : options_(options) {
  options.check();
}

void MotionSmoother::observe(const match::MatchFrame& frame) {
  for (const auto& track : frame.tracks) {
    if (!track.position_m || track.state != match::State::kDetected) continue;
    measure(histories_[track.id], *track.position_m, frame.pts_s);
  }
  forget(frame.pts_s);
}

void MotionSmoother::measure(History& history, geometry::PitchPoint point_m, double pts_s) const {
  const double noise2 = options_.position_noise_m * options_.position_noise_m;
  const std::array<double, 2> measured = {point_m.x, point_m.y};
  Step step;
  step.pts_s = pts_s;
  const double dt = history.empty() ? 0 : pts_s - history.back().pts_s;
  if (history.empty() || dt > options_.longest_gap_s + kSameTime || dt <= 0) {
    step.begun_s = pts_s;
    step.filtered = {{{measured[0], 0}, {measured[1], 0}}};
    step.predicted = step.filtered;
    step.covariance = {noise2, 0, kFirstSpeedMps * kFirstSpeedMps};
    history.push_back(step);
    return;
  }
  const Step& last = history.back();
  step.begun_s = last.begun_s;
  const Covariance& c = last.covariance;
  const double a2 = options_.acceleration_mps2 * options_.acceleration_mps2;
  // White noise of acceleration, held over a frame's time.
  const Covariance p = {c.pp + 2 * dt * c.pv + dt * dt * c.vv + a2 * std::pow(dt, 4) / 4,
                        c.pv + dt * c.vv + a2 * std::pow(dt, 3) / 2, c.vv + a2 * dt * dt};
  const double det = p.pp * p.vv - p.pv * p.pv;
  // C = covariance · Fᵀ · p⁻¹, with F = (1 dt; 0 1).
  const double m00 = c.pp + dt * c.pv;
  const double m10 = c.pv + dt * c.vv;
  step.gain = {(m00 * p.vv - c.pv * p.pv) / det, (c.pv * p.pp - m00 * p.pv) / det, (m10 * p.vv - c.vv * p.pv) / det,
               (c.vv * p.pp - m10 * p.pv) / det};
  const double k_place = p.pp / (p.pp + noise2);
  const double k_speed = p.pv / (p.pp + noise2);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const Axis& before = last.filtered[axis];
    step.predicted[axis] = {before.place + dt * before.speed, before.speed};
    const double surprise = measured[axis] - step.predicted[axis].place;
    step.filtered[axis] = {step.predicted[axis].place + k_place * surprise,
                           step.predicted[axis].speed + k_speed * surprise};
  }
  step.covariance = {(1 - k_place) * p.pp, (1 - k_place) * p.pv, p.vv - k_speed * p.pv};
  history.push_back(step);
}

std::array<MotionSmoother::Axis, 2> MotionSmoother::smoothed(const History& history, std::size_t index) const {
  std::size_t last = index;
  while (last + 1 < history.size() && history[last + 1].begun_s == history[index].begun_s) ++last;
  std::array<Axis, 2> state = history[last].filtered;
  for (std::size_t k = last; k > index; --k) {
    const Step& after = history[k];
    const auto& before = history[k - 1].filtered;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double d_place = state[axis].place - after.predicted[axis].place;
      const double d_speed = state[axis].speed - after.predicted[axis].speed;
      state[axis] = {before[axis].place + after.gain[0] * d_place + after.gain[1] * d_speed,
                     before[axis].speed + after.gain[2] * d_place + after.gain[3] * d_speed};
    }
  }
  return state;
}

void MotionSmoother::settle(match::MatchFrame& frame) {
  for (auto& track : frame.tracks) {
    track.speed_mps.reset();
    const auto found = histories_.find(track.id);
    if (found != histories_.end()) settle_track(track, found->second, frame.pts_s);
  }
}

void MotionSmoother::settle_track(match::Track& track, const History& history, double pts_s) const {
  const auto after =
      std::find_if(history.begin(), history.end(), [&](const Step& step) { return step.pts_s >= pts_s - kSameTime; });
  if (after == history.end() || !track.position_m) return;
  const auto index = static_cast<std::size_t>(after - history.begin());
  std::array<Axis, 2> state = smoothed(history, index);
  const bool is_filled = after->pts_s > pts_s + kSameTime;
  if (is_filled) {
    if (index == 0 || history[index - 1].begun_s != after->begun_s) return;
    const auto before = smoothed(history, index - 1);
    const double share = (pts_s - history[index - 1].pts_s) / (after->pts_s - history[index - 1].pts_s);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      state[axis].place = before[axis].place + share * (state[axis].place - before[axis].place);
      state[axis].speed = before[axis].speed + share * (state[axis].speed - before[axis].speed);
    }
  }
  track.position_m = geometry::PitchPoint{state[0].place, state[1].place};
  if (history.back().pts_s - after->begun_s < options_.settle_s - kSameTime) return;
  track.speed_mps = std::min(std::hypot(state[0].speed, state[1].speed), options_.largest_speed_mps);
}

void MotionSmoother::forget(double pts_s) {
  const double oldest_s = pts_s - options_.longest_lookahead_s - options_.longest_gap_s;
  for (auto entry = histories_.begin(); entry != histories_.end();) {
    History& history = entry->second;
    while (!history.empty() && history.front().pts_s < oldest_s) history.pop_front();
    entry = history.empty() ? histories_.erase(entry) : std::next(entry);
  }
}

}  // namespace touchline::analytics
