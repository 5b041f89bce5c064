#include "touchline/track/fill.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "touchline/match/detection.h"

namespace touchline::track {
namespace {

using geometry::BoxPx;
using match::MatchFrame;
using match::State;
using match::Track;

// A timestamp's rounding must not decide whether a frame is out of reach.
constexpr double kRounding_s = 1e-6;

const Track* find_sighting(const MatchFrame& frame, std::int64_t id) {
  const auto at = std::lower_bound(frame.tracks.begin(), frame.tracks.end(), id,
                                   [](const Track& track, std::int64_t wanted) { return track.id < wanted; });
  return at != frame.tracks.end() && at->id == id && at->state == State::kDetected ? &*at : nullptr;
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

/// The frames between two that hold sightings: ring[first] and the newest. Its bends are the same for everyone who is
/// missing there.
struct Gap {
  std::size_t first;
  std::vector<geometry::ImagePoint> bends;  // of frames first + 1 … newest − 1
};

double share_of(const MatchFrame& first, const MatchFrame& frame, const MatchFrame& last) {
  const double length_s = last.pts_s - first.pts_s;
  return length_s > 0 ? (frame.pts_s - first.pts_s) / length_s : 0.5;
}

/// By how much those seen before, in and after the frame are off their straight lines there.
geometry::ImagePoint bend(const MatchFrame& first, const MatchFrame& frame, const MatchFrame& last,
                          int least_witnesses) {
  const double share = share_of(first, frame, last);
  std::vector<double> dx;
  std::vector<double> dy;
  for (const auto& witness : frame.tracks) {
    if (witness.state != State::kDetected) continue;
    const auto* before = find_sighting(first, witness.id);
    const auto* after = find_sighting(last, witness.id);
    if (before == nullptr || after == nullptr) continue;
    const auto straight = mixed(before->box_px, after->box_px, share).foot();
    dx.push_back(witness.box_px.foot().x - straight.x);
    dy.push_back(witness.box_px.foot().y - straight.y);
  }
  if (dx.size() < static_cast<std::size_t>(least_witnesses)) return {};
  return {median(dx), median(dy)};
}

Gap measure_gap(const std::deque<MatchFrame>& ring, std::size_t first, int least_witnesses) {
  Gap gap{first, {}};
  const auto& last = ring.back();
  for (std::size_t i = first + 1; i + 1 < ring.size(); ++i) {
    gap.bends.push_back(bend(ring[first], ring[i], last, least_witnesses));
  }
  return gap;
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

void fill_frame(MatchFrame& frame, const Track& from, const Track& to, double share, geometry::ImagePoint offset) {
  Track track = to;
  track.state = State::kInterpolated;
  track.score = 0;
  track.kit = {};
  track.speed_mps.reset();
  track.box_px = mixed(from.box_px, to.box_px, share);
  const auto dx = static_cast<float>(offset.x);
  const auto dy = static_cast<float>(offset.y);
  track.box_px = {track.box_px.x0 + dx, track.box_px.y0 + dy, track.box_px.x1 + dx, track.box_px.y1 + dy};
  track.position_m.reset();
  if (from.position_m && to.position_m) {
    const auto& a = *from.position_m;
    const auto& b = *to.position_m;
    track.position_m = geometry::PitchPoint{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
  }
  put(frame, std::move(track));
}

// Note [Gaps in close-ups]
// Without a camera a track is held together by boxes alone, and people of close-ups hide each other: an id that comes
// back after half a second, or a body's height away, is often somebody else's. Of the boxes filled in ten made-up
// close-ups (touchline_n, 640 px) those in shorter and narrower gaps lay on somebody in 298 of 393 cases, the others in
// 57 of 362, and in two more close-ups, looked at afterwards, in 21 of 69. With a camera a long gap is nearly as
// good as a short one.
bool is_doubtful(const std::deque<MatchFrame>& ring, std::size_t first, const Track& from, const Track& to,
                 const FillOptions& options) {
  if (from.position_m || to.position_m) return false;
  const auto a = from.box_px.center();
  const auto b = to.box_px.center();
  const double height = 0.5 * (double(from.box_px.height()) + double(to.box_px.height()));
  const bool wide = std::hypot(a.x - b.x, a.y - b.y) > options.close_up_heights * height;
  const bool lasting = ring.back().pts_s - ring[first].pts_s > options.close_up_s + kRounding_s;
  if (!wide && !lasting) return false;
  // A frame that the network skipped has nobody but those filled in before: it says nothing about him.
  return std::any_of(
      ring.begin() + static_cast<std::ptrdiff_t>(first) + 1, ring.end() - 1, [](const MatchFrame& frame) {
        return std::ranges::any_of(frame.tracks, [](const Track& t) { return t.state != State::kInterpolated; });
      });
}

/// The frame before the newest in which the track was last seen; the newest's index when that is out of reach.
std::size_t last_sighting(const std::deque<MatchFrame>& ring, std::int64_t id, double reach_s) {
  const std::size_t newest = ring.size() - 1;
  for (std::size_t back = newest; back > 0;) {
    --back;
    if (ring[back].shot != ring[newest].shot || ring[newest].pts_s - ring[back].pts_s > reach_s + kRounding_s) break;
    if (find_sighting(ring[back], id) != nullptr) return back;
  }
  return newest;
}

}  // namespace

void fill_people(std::deque<MatchFrame>& ring, const FillOptions& options) {
  if (ring.size() < 3) return;
  const auto& newest = ring.back();
  std::vector<Gap> gaps;
  for (const auto& sighting : newest.tracks) {
    if (sighting.state != State::kDetected) continue;
    const auto first = last_sighting(ring, sighting.id, options.lookahead_s);
    if (first + 2 >= ring.size()) continue;
    const Track from = *find_sighting(ring[first], sighting.id);
    if (is_doubtful(ring, first, from, sighting, options)) continue;
    auto gap = std::find_if(gaps.begin(), gaps.end(), [&](const Gap& known) { return known.first == first; });
    if (gap == gaps.end()) gap = gaps.insert(gaps.end(), measure_gap(ring, first, options.least_witnesses));
    for (std::size_t i = first + 1; i + 1 < ring.size(); ++i) {
      fill_frame(ring[i], from, sighting, share_of(ring[first], ring[i], newest), gap->bends[i - first - 1]);
    }
  }
}

void drop_hidden(std::vector<Track>& tracks) {
  std::vector<BoxPx> seen;
  for (const auto& track : tracks) {
    if (track.state == State::kDetected) seen.push_back(track.box_px);
  }
  std::erase_if(tracks, [&seen](const Track& track) {
    if (track.state == State::kDetected) return false;
    return std::any_of(seen.begin(), seen.end(),
                       [&track](const BoxPx& box) { return geometry::iou(track.box_px, box) >= match::kSameBodyIou; });
  });
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
  // Also behind a cut frames leave one by one: a ring that empties at once would need room for all of them further on.
  const double waited_s = ring_.back().pts_s - ring_.front().pts_s;
  if (!finished_ && waited_s < options_.lookahead_s - kRounding_s) return std::nullopt;
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
