#include "touchline/track/fill.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::track {
namespace {

using geometry::BoxPx;
using match::MatchFrame;
using match::State;
using match::Track;

// A timestamp's rounding must not decide whether a frame is out of reach.
constexpr double kRounding_s = 1e-6;

const Track* find_track(const MatchFrame& frame, std::int64_t id) {
  const auto at = std::find_if(frame.tracks.begin(), frame.tracks.end(), [id](const Track& t) { return t.id == id; });
  return at == frame.tracks.end() ? nullptr : &*at;
}

const Track* find_sighting(const MatchFrame& frame, std::int64_t id) {
  const auto* track = find_track(frame, id);
  return track != nullptr && track->state == State::kDetected ? track : nullptr;
}

float mixed(float a, float b, double share) {
  return static_cast<float>(a + share * (double(b) - double(a)));
}

BoxPx mixed(const BoxPx& a, const BoxPx& b, double share) {
  return {mixed(a.x0, b.x0, share), mixed(a.y0, b.y0, share), mixed(a.x1, b.x1, share), mixed(a.y1, b.y1, share)};
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Two sightings of one person and the frames between.
struct Gap {
  const MatchFrame& first;
  const MatchFrame& last;
  const Track& from;
  const Track& to;
};

double share_of(const Gap& gap, const MatchFrame& frame) {
  const double length_s = gap.last.pts_s - gap.first.pts_s;
  return length_s > 0 ? (frame.pts_s - gap.first.pts_s) / length_s : 0.5;
}

/// By how much those seen before, in and after the frame are off their straight lines there.
geometry::ImagePoint bend(const Gap& gap, const MatchFrame& frame, double share, int least_witnesses) {
  std::vector<double> dx;
  std::vector<double> dy;
  for (const auto& witness : frame.tracks) {
    if (witness.state != State::kDetected) continue;
    const auto* before = find_sighting(gap.first, witness.id);
    const auto* after = find_sighting(gap.last, witness.id);
    if (before == nullptr || after == nullptr) continue;
    const auto straight = mixed(before->box_px, after->box_px, share).foot();
    dx.push_back(witness.box_px.foot().x - straight.x);
    dy.push_back(witness.box_px.foot().y - straight.y);
  }
  if (dx.size() < static_cast<std::size_t>(least_witnesses)) return {};
  return {median(dx), median(dy)};
}

void put(MatchFrame& frame, Track&& track) {
  const auto at = std::lower_bound(frame.tracks.begin(), frame.tracks.end(), track.id,
                                   [](const Track& t, std::int64_t id) { return t.id < id; });
  if (at != frame.tracks.end() && at->id == track.id) {
    *at = std::move(track);
  } else {
    frame.tracks.insert(at, std::move(track));
  }
}

void fill_frame(MatchFrame& frame, const Gap& gap, const FillOptions& options) {
  const double share = share_of(gap, frame);
  const auto offset = bend(gap, frame, share, options.least_witnesses);
  Track track = gap.to;
  track.state = State::kInterpolated;
  track.score = 0;
  track.kit = {};
  track.speed_mps.reset();
  track.box_px = mixed(gap.from.box_px, gap.to.box_px, share);
  const auto dx = static_cast<float>(offset.x);
  const auto dy = static_cast<float>(offset.y);
  track.box_px = {track.box_px.x0 + dx, track.box_px.y0 + dy, track.box_px.x1 + dx, track.box_px.y1 + dy};
  track.position_m.reset();
  if (gap.from.position_m && gap.to.position_m) {
    const auto& a = *gap.from.position_m;
    const auto& b = *gap.to.position_m;
    track.position_m = geometry::PitchPoint{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
  }
  put(frame, std::move(track));
}

}  // namespace

void FillOptions::check() const {
  TOUCHLINE_REQUIRE(lookahead_s >= 0 && lookahead_s <= 10, "lookahead_s must lie between 0 and 10 s, not {}",
                    lookahead_s);
  TOUCHLINE_REQUIRE(hold_s >= 0 && hold_s <= 1, "hold_s must lie between 0 and 1 s, not {}", hold_s);
  TOUCHLINE_REQUIRE(least_witnesses >= 1 && least_witnesses <= 64, "least_witnesses must lie between 1 and 64, not {}",
                    least_witnesses);
}

void fill_people(std::deque<MatchFrame>& ring, const FillOptions& options) {
  if (ring.size() < 3) return;
  const auto& newest = ring.back();
  for (const auto& sighting : newest.tracks) {
    if (sighting.state != State::kDetected) continue;
    std::size_t back = ring.size() - 1;
    const Track* earlier = nullptr;
    while (earlier == nullptr && back > 0) {
      --back;
      if (ring[back].shot != newest.shot || newest.pts_s - ring[back].pts_s > options.lookahead_s + kRounding_s) break;
      earlier = find_sighting(ring[back], sighting.id);
    }
    if (earlier == nullptr || back + 2 >= ring.size()) continue;
    const Track from = *earlier;
    const Gap gap{ring[back], newest, from, sighting};
    for (std::size_t i = back + 1; i + 1 < ring.size(); ++i) fill_frame(ring[i], gap, options);
  }
}

GapFiller::GapFiller(const FillOptions& options) : options_(options) {
  options_.check();
}

void GapFiller::push(MatchFrame&& frame) {
  ring_.push_back(std::move(frame));
  fill_people(ring_, options_);
}

std::optional<MatchFrame> GapFiller::pop_ready() {
  if (ring_.empty()) return std::nullopt;
  const auto& oldest = ring_.front();
  const auto& newest = ring_.back();
  const bool out_of_reach = newest.pts_s - oldest.pts_s >= options_.lookahead_s - kRounding_s;
  if (!finished_ && !out_of_reach && newest.shot == oldest.shot) return std::nullopt;
  MatchFrame frame = std::move(ring_.front());
  ring_.pop_front();
  hold(frame);
  return frame;
}

void GapFiller::hold(MatchFrame& frame) {
  if (!frame.tracks.empty()) {
    last_.pts_s = frame.pts_s;
    last_.shot = frame.shot;
    last_.tracks = frame.tracks;
    return;
  }
  if (frame.shot != last_.shot || frame.pts_s - last_.pts_s > options_.hold_s + kRounding_s) return;
  frame.tracks = last_.tracks;
  for (auto& track : frame.tracks) {
    track.state = State::kHeld;
    track.score = 0;
    track.kit = {};
    track.speed_mps.reset();
  }
}

void GapFiller::finish() {
  finished_ = true;
}

}  // namespace touchline::track
