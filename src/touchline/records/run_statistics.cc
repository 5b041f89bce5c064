#include "touchline/records/run_statistics.h"

#include <algorithm>
#include <cmath>

namespace touchline::records {
namespace {

constexpr double kShortestMs = 1e-3;
constexpr double kLongestMs = 1e5;
constexpr double kBinRatio = 1.02;
constexpr std::int64_t kFramesBetweenForgetting = 250;
constexpr double kLongestStep = 0.5;  // seconds a speed may stand for; a longer gap is not walked

std::size_t bin_of(double time_ms) {
  const double clamped = std::clamp(time_ms, kShortestMs, kLongestMs);
  return static_cast<std::size_t>(std::log(clamped / kShortestMs) / std::log(kBinRatio));
}

}  // namespace

TimeHistogram::TimeHistogram() : bins_(bin_of(kLongestMs) + 1) {}

void TimeHistogram::add(double time_ms) {
  if (!std::isfinite(time_ms) || time_ms < 0) return;
  ++bins_[bin_of(time_ms)];
  ++count_;
  sum_ms_ += time_ms;
  max_ms_ = std::max(max_ms_, time_ms);
}

double TimeHistogram::mean_ms() const {
  return count_ == 0 ? 0 : sum_ms_ / static_cast<double>(count_);
}

double TimeHistogram::quantile_ms(double q) const {
  const auto wanted = static_cast<std::int64_t>(std::ceil(q * static_cast<double>(count_)));
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    seen += bins_[i];
    if (seen > 0 && seen >= wanted) {
      return std::min(max_ms_, kShortestMs * std::pow(kBinRatio, static_cast<double>(i) + 0.5));
    }
  }
  return max_ms_;
}

void RunStatistics::add(const match::MatchFrame& frame) {
  ++frames_;
  ++camera_frames_[static_cast<std::size_t>(frame.pose.state)];
  if (frame.ball) ++ball_frames_[static_cast<std::size_t>(frame.ball->state)];
  ++possession_frames_[static_cast<std::size_t>(frame.possession)];
  ++people_frames_[std::min(frame.tracks.size(), match::kMaxPeople)];
  if (frame.visible_pitch) {
    ++visible_frames_;
    visible_sum_ += *frame.visible_pitch;
  }
  add_shot(frame);
  for (const auto& track : frame.tracks) add_track(track, frame.pts_s);
  add_timings(frame);
  if (frames_ % kFramesBetweenForgetting == 0) forget_short_stays(frame.pts_s);
}

void RunStatistics::add_shot(const match::MatchFrame& frame) {
  if (shots_.empty() || shots_.back().shot != frame.shot) {
    shots_.push_back({frame.shot, frame.index, frame.index, frame.pts_s, frame.pts_s});
  }
  shots_.back().last_frame = frame.index;
  shots_.back().last_pts_s = frame.pts_s;
}

void RunStatistics::add_track(const match::Track& track, double pts_s) {
  if (track.person_class != match::PersonClass::kReferee) {
    ++players_;
    if (track.team.team != match::Team::kNone) ++players_with_team_;
  }
  const auto [found, is_new] = tracks_.try_emplace(track.id);
  TrackTotal& total = found->second;
  if (is_new) {
    total.first_pts_s = pts_s;
    ++ids_;
  }
  const double step_s = is_new ? 0 : pts_s - total.last_pts_s;
  if (track.speed_mps && total.last_speed_mps && step_s <= kLongestStep) {
    total.distance_m += 0.5 * (*track.speed_mps + *total.last_speed_mps) * step_s;
  }
  total.person_class = track.person_class;
  total.team = track.team.team;
  total.last_pts_s = pts_s;
  total.last_speed_mps = track.speed_mps;
  total.top_speed_mps = std::max(total.top_speed_mps, track.speed_mps.value_or(0));
  ++total.frames;
}

void RunStatistics::forget_short_stays(double pts_s) {
  std::erase_if(tracks_, [&](const auto& entry) {
    const TrackTotal& total = entry.second;
    return total.last_pts_s < pts_s - kLongestAbsence_s && total.last_pts_s - total.first_pts_s < kShortestStay_s;
  });
}

void RunStatistics::add_timings(const match::MatchFrame& frame) {
  for (const auto& timing : frame.timings_ms) {
    auto found =
        std::find_if(stages_.begin(), stages_.end(), [&](const auto& known) { return known.first == timing.first; });
    if (found == stages_.end()) found = stages_.emplace(stages_.end(), timing.first, TimeHistogram());
    found->second.add(timing.second);
  }
}

int RunStatistics::median_people() const {
  std::int64_t seen = 0;
  for (std::size_t people = 0; people < people_frames_.size(); ++people) {
    seen += people_frames_[people];
    if (2 * seen >= frames_ && seen > 0) return static_cast<int>(people);
  }
  return 0;
}

std::optional<double> RunStatistics::team_share() const {
  if (players_ == 0) return std::nullopt;
  return static_cast<double>(players_with_team_) / static_cast<double>(players_);
}

std::optional<double> RunStatistics::mean_visible_pitch() const {
  if (visible_frames_ == 0) return std::nullopt;
  return visible_sum_ / static_cast<double>(visible_frames_);
}

}  // namespace touchline::records
