#include "touchline/track/ball_path.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/track/candidate_worth.h"
#include "touchline/track/picture_motion.h"

namespace touchline::track {
namespace {

using geometry::ImagePoint;
using match::BallCandidate;

constexpr double kWorst = -std::numeric_limits<double>::infinity();
constexpr double kShortestStep_s = 1e-3;
constexpr double kRounding_s = 1e-6;
constexpr double kBallsPerHeight = 8;       // a ball is 0.22 m wide, a person 1.8 m tall
constexpr double kUsualHeight_px = 60;      // until anything was seen that tells
constexpr double kRememberedSpeed_s = 0.5;  // a speed measured over a longer link says little
constexpr double kLargestBend = 0.35;       // of the way between two sightings, for a curved bridge

/// A candidate in one frame and the best chain that ends there.
struct Node {
  BallCandidate candidate;
  ImagePoint now_px;       // where it lies in the newest frame's picture
  double sum = kWorst;     // of the best chain
  std::int64_t step = -1;  // of its predecessor, −1: the chain begins here
  int node = -1;
};

struct Step {
  std::int64_t frame = 0;
  double pts_s = 0;
  geometry::Mat3 now_from_step = geometry::kIdentity;
  bool seen = true;  // false: the network skipped it, nothing tells how the picture moved until the next
  std::vector<Node> nodes;
  double sum_absent = 0;  // best chain that is out of sight here on purpose
  int absent_after = -1;  // the node of the step before that it left, −1: absent there too
};

/// A place in the window.
struct At {
  std::int64_t step;
  int node;
};

bool usable(const BallCandidate& candidate) {
  return std::isfinite(candidate.point_px.x) && std::isfinite(candidate.point_px.y) && std::isfinite(candidate.score) &&
         candidate.score > 0;
}

}  // namespace

class BallPath::Impl {
 public:
  explicit Impl(const BallPathOptions& options) : options_(options), worth_(options) { options_.check(); }

  void push(std::int64_t frame, std::span<const BallCandidate> candidates, const match::PitchPose& pose,
            std::span<const match::Track> people, double pts_s);
  std::optional<BallDecision> pop_ready();
  void cut();
  void finish();

 private:
  Step& step(std::int64_t number) { return steps_[static_cast<std::size_t>(number - first_)]; }
  const Step& step(std::int64_t number) const { return steps_[static_cast<std::size_t>(number - first_)]; }
  std::int64_t newest() const { return first_ + static_cast<std::int64_t>(steps_.size()) - 1; }
  const Node& node(At at) const { return step(at.step).nodes[static_cast<std::size_t>(at.node)]; }

  void measure_height(std::span<const match::Track> people, std::span<const BallCandidate> candidates);
  void move_window(const geometry::Mat3& now_from_seen, double now_s);
  void forget();
  void add_nodes(Step& step, std::span<const BallCandidate> candidates);
  void link(Node& node, double pts_s, double dt_s) const;
  double link_cost(const Step& from, const Node& a, const Node& b, double gap_s, double step_s) const;
  std::optional<ImagePoint> speed_at(const Step& at, const Node& node) const;
  void leave(Step& newest) const;
  void best_chain();
  match::Ball decide_between(At before, At after, const Step& wanted) const;
  std::optional<match::Ball> decide(std::int64_t number);
  std::optional<match::Ball> hold(At last, const Step& wanted) const;
  ImagePoint bridge(At before, At after, double share) const;
  match::Ball ball_at(ImagePoint now_px, const Step& wanted, const Node& like, match::State state) const;

  BallPathOptions options_;
  PictureMotion motion_;
  CandidateWorth worth_;
  std::deque<Step> steps_;  // decided ones stay as long as chains may reach back to them
  std::int64_t first_ = 0;  // number of steps_.front()
  std::int64_t undecided_ = 0;
  double height_px_ = kUsualHeight_px;
  std::vector<double> heights_;
  std::vector<At> chain_;  // newest first
  std::deque<BallDecision> ready_;
};

void BallPath::Impl::push(std::int64_t frame, std::span<const BallCandidate> candidates, const match::PitchPose& pose,
                          std::span<const match::Track> people, double pts_s) {
  TOUCHLINE_REQUIRE(std::isfinite(pts_s), "the time of a frame must be finite");
  const double dt_s = steps_.empty() ? kShortestStep_s : std::max(pts_s - steps_.back().pts_s, kShortestStep_s);
  const double time_s = steps_.empty() ? pts_s : steps_.back().pts_s + dt_s;
  candidates = candidates.first(std::min(candidates.size(), match::kMaxBallCandidates));
  measure_height(people, candidates);
  const auto motion = motion_.update(people, pose);
  if (motion) move_window(*motion, time_s);
  worth_.advance(motion.value_or(geometry::kIdentity), dt_s);
  Step added;
  added.frame = frame;
  added.pts_s = time_s;
  added.seen = motion.has_value();
  add_nodes(added, candidates);
  for (auto& node : added.nodes) {
    link(node, time_s, dt_s);
    node.sum += worth_.of(node.candidate, pose, height_px_);
  }
  leave(added);
  steps_.push_back(std::move(added));
  while (undecided_ <= newest() && time_s - step(undecided_).pts_s >= options_.lookahead_s - kRounding_s) {
    best_chain();
    ready_.push_back({step(undecided_).frame, decide(undecided_)});
    ++undecided_;
  }
  forget();
}

std::optional<BallDecision> BallPath::Impl::pop_ready() {
  if (ready_.empty()) return std::nullopt;
  std::optional<BallDecision> decision(std::move(ready_.front()));
  ready_.pop_front();
  return decision;
}

void BallPath::Impl::cut() {
  finish();
  motion_.reset();
  worth_.reset();
  first_ += static_cast<std::int64_t>(steps_.size());
  steps_.clear();
}

void BallPath::Impl::finish() {
  if (undecided_ <= newest()) best_chain();
  for (; undecided_ <= newest(); ++undecided_) ready_.push_back({step(undecided_).frame, decide(undecided_)});
}

void BallPath::Impl::measure_height(std::span<const match::Track> people, std::span<const BallCandidate> candidates) {
  heights_.clear();
  for (const auto& person : people) {
    if (person.state == match::State::kDetected) heights_.push_back(person.box_px.height());
  }
  if (heights_.empty() && steps_.empty()) {
    for (const auto& ball : candidates) heights_.push_back(kBallsPerHeight * ball.box_px.height());
  }
  if (heights_.empty()) return;
  const auto middle = heights_.begin() + static_cast<std::ptrdiff_t>(heights_.size() / 2);
  std::nth_element(heights_.begin(), middle, heights_.end());
  if (std::isfinite(*middle) && *middle >= 1) height_px_ = *middle;
}

// The motion reaches from the last frame that was seen to now; frames skipped in between have their share of it behind
// them.
void BallPath::Impl::move_window(const geometry::Mat3& now_from_seen, double now_s) {
  const auto last_seen = std::find_if(steps_.rbegin(), steps_.rend(), [](const Step& past) { return past.seen; });
  const double seen_s = last_seen == steps_.rend() ? now_s : last_seen->pts_s;
  for (auto& past : steps_) {
    auto now_from_past = now_from_seen;
    if (past.pts_s > seen_s) {
      const double left = (now_s - past.pts_s) / (now_s - seen_s);
      for (std::size_t i = 0; i < now_from_past.size(); ++i) {
        now_from_past[i] =
            geometry::kIdentity[i] + left * (now_from_seen[i] / now_from_seen[8] - geometry::kIdentity[i]);
      }
    }
    past.now_from_step = geometry::normalized(geometry::multiply(now_from_past, past.now_from_step));
    for (auto& node : past.nodes) node.now_px = moved(past.now_from_step, node.candidate.point_px);
  }
}

// What no chain can reach any more goes. Sums are kept small on the way.
void BallPath::Impl::forget() {
  const double reach_s = std::max(options_.lookahead_s, 0.0) + 2 * options_.max_gap_s + options_.hold_s;
  while (steps_.size() > 1 && first_ < undecided_ && steps_.back().pts_s - steps_.front().pts_s > reach_s) {
    steps_.pop_front();
    ++first_;
  }
  const double base = steps_.back().sum_absent;
  for (auto& past : steps_) {
    past.sum_absent -= base;
    for (auto& node : past.nodes) node.sum -= base;
  }
}

void BallPath::Impl::add_nodes(Step& step, std::span<const BallCandidate> candidates) {
  const double absent = steps_.empty() ? 0 : steps_.back().sum_absent;
  for (const auto& candidate : candidates) {
    if (!usable(candidate)) continue;
    Node node;
    node.candidate = candidate;
    node.now_px = candidate.point_px;
    node.sum = absent - options_.find_cost;
    step.nodes.push_back(node);
  }
}

void BallPath::Impl::link(Node& node, double pts_s, double dt_s) const {
  for (std::int64_t number = newest(); number >= first_; --number) {
    const auto& from = step(number);
    const double gap_s = pts_s - from.pts_s;
    if (number != newest() && gap_s > options_.max_gap_s + kRounding_s) break;
    for (std::size_t i = 0; i < from.nodes.size(); ++i) {
      const auto& earlier = from.nodes[i];
      if (earlier.sum <= node.sum) continue;  // links only cost
      const double sum = earlier.sum - link_cost(from, earlier, node, gap_s, dt_s);
      if (sum > node.sum) {
        node.sum = sum;
        node.step = number;
        node.node = static_cast<int>(i);
      }
    }
  }
}

std::optional<ImagePoint> BallPath::Impl::speed_at(const Step& at, const Node& node) const {
  if (node.step < first_) return std::nullopt;
  const auto& from = step(node.step);
  const double span_s = at.pts_s - from.pts_s;
  if (span_s > kRememberedSpeed_s) return std::nullopt;
  const auto& earlier = from.nodes[static_cast<std::size_t>(node.node)];
  return ImagePoint{(node.now_px.x - earlier.now_px.x) / span_s, (node.now_px.y - earlier.now_px.y) / span_s};
}

double BallPath::Impl::link_cost(const Step& from, const Node& a, const Node& b, double gap_s, double step_s) const {
  const double distance = geometry::distance_px(a.now_px, b.now_px) / height_px_;
  const double speed = std::max(0.0, distance - options_.swerve) / gap_s;
  if (speed > options_.max_speed) return std::numeric_limits<double>::infinity();
  double cost = options_.speed_cost * speed + options_.gap_cost_per_s * (gap_s - step_s);
  const double scatter = options_.swerve * (1 + 4 * gap_s);
  double error = distance / 3;
  if (const auto flight = speed_at(from, a)) {
    error = std::hypot(b.now_px.x - a.now_px.x - flight->x * gap_s, b.now_px.y - a.now_px.y - flight->y * gap_s) /
            height_px_;
  }
  cost += std::min(options_.kick_cost, error * error / (2 * scatter * scatter));
  return cost;
}

void BallPath::Impl::leave(Step& newest_step) const {
  if (steps_.empty()) return;
  const auto& before = steps_.back();
  newest_step.sum_absent = before.sum_absent;
  for (std::size_t i = 0; i < before.nodes.size(); ++i) {
    const double left = before.nodes[i].sum - options_.lose_cost;
    if (left > newest_step.sum_absent) {
      newest_step.sum_absent = left;
      newest_step.absent_after = static_cast<int>(i);
    }
  }
}

// The chain that explains the window best, newest sighting first.
void BallPath::Impl::best_chain() {
  chain_.clear();
  const auto& last = step(newest());
  At at{newest(), -1};
  double best = last.sum_absent;
  for (std::size_t i = 0; i < last.nodes.size(); ++i) {
    if (last.nodes[i].sum > best) {
      best = last.nodes[i].sum;
      at.node = static_cast<int>(i);
    }
  }
  while (at.step >= first_) {
    if (at.node < 0) {
      at.node = step(at.step).absent_after;
      --at.step;
      continue;
    }
    chain_.push_back(at);
    const auto& here = node(at);
    at = here.step >= 0 ? At{here.step, here.node} : At{at.step - 1, -1};
  }
}

std::optional<match::Ball> BallPath::Impl::decide(std::int64_t number) {
  const auto& wanted = step(number);
  const auto before = std::find_if(chain_.begin(), chain_.end(), [&](const At& at) { return at.step <= number; });
  if (before == chain_.end()) return std::nullopt;
  if (before->step == number) {
    const auto& here = node(*before);
    return match::Ball{.point_px = here.candidate.point_px,
                       .box_px = here.candidate.box_px,
                       .state = match::State::kDetected,
                       .score = here.candidate.score,
                       .position_m = std::nullopt};
  }
  if (before != chain_.begin()) {
    const At after = *std::prev(before);
    if (step(after.step).pts_s - step(before->step).pts_s <= options_.max_gap_s + kRounding_s) {
      return decide_between(*before, after, wanted);
    }
  }
  return hold(*before, wanted);
}

match::Ball BallPath::Impl::decide_between(At before, At after, const Step& wanted) const {
  const double from_s = step(before.step).pts_s;
  const double share = (wanted.pts_s - from_s) / (step(after.step).pts_s - from_s);
  return ball_at(bridge(before, after, share), wanted, node(share < 0.5 ? before : after), match::State::kInterpolated);
}

// A straight line, or the cubic with the speeds at both ends where those agree with the way between, as in one free
// flight.
ImagePoint BallPath::Impl::bridge(At before, At after, double share) const {
  const auto a = node(before).now_px;
  const auto b = node(after).now_px;
  const double span_s = step(after.step).pts_s - step(before.step).pts_s;
  const ImagePoint straight = {a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
  const auto speed_a = speed_at(step(before.step), node(before));
  const auto next = std::find_if(chain_.rbegin(), chain_.rend(), [&](const At& at) { return at.step > after.step; });
  if (!speed_a || next == chain_.rend() || node(*next).step != after.step) return straight;
  const auto speed_b = speed_at(step(next->step), node(*next));
  if (!speed_b) return straight;
  const double off = std::hypot((speed_a->x + speed_b->x) / 2 * span_s - (b.x - a.x),
                                (speed_a->y + speed_b->y) / 2 * span_s - (b.y - a.y));
  if (off > kLargestBend * geometry::distance_px(a, b) + options_.swerve * height_px_) return straight;
  const double s = share;
  const double ha = s * (1 - s) * (1 - s) * span_s;
  const double hb = -s * s * (1 - s) * span_s;
  const double blend = s * s * (3 - 2 * s);
  return {a.x + blend * (b.x - a.x) + ha * speed_a->x + hb * speed_b->x,
          a.y + blend * (b.y - a.y) + ha * speed_a->y + hb * speed_b->y};
}

std::optional<match::Ball> BallPath::Impl::hold(At last, const Step& wanted) const {
  const double unseen_s = wanted.pts_s - step(last.step).pts_s;
  if (unseen_s > options_.hold_s + kRounding_s) return std::nullopt;
  const auto& seen = node(last);
  auto point = seen.now_px;
  if (const auto speed = speed_at(step(last.step), seen)) {
    point = {point.x + speed->x * unseen_s, point.y + speed->y * unseen_s};
  }
  return ball_at(point, wanted, seen, match::State::kHeld);
}

match::Ball BallPath::Impl::ball_at(ImagePoint now_px, const Step& wanted, const Node& like, match::State state) const {
  const auto back = geometry::inverse(wanted.now_from_step);
  const auto point = back ? moved(*back, now_px) : now_px;
  const auto half_width = like.candidate.box_px.width() / 2;
  const auto half_height = like.candidate.box_px.height() / 2;
  const auto x = static_cast<float>(point.x);
  const auto y = static_cast<float>(point.y);
  return {.point_px = point,
          .box_px = {x - half_width, y - half_height, x + half_width, y + half_height},
          .state = state,
          .score = 0,
          .position_m = std::nullopt};
}

BallPath::BallPath(const BallPathOptions& options) : impl_(std::make_unique<Impl>(options)) {}
BallPath::~BallPath() = default;
BallPath::BallPath(BallPath&&) noexcept = default;
BallPath& BallPath::operator=(BallPath&&) noexcept = default;

void BallPath::push(std::int64_t frame, std::span<const BallCandidate> candidates, const match::PitchPose& pose,
                    std::span<const match::Track> people, double pts_s) {
  impl_->push(frame, candidates, pose, people, pts_s);
}

std::optional<BallDecision> BallPath::pop_ready() {
  return impl_->pop_ready();
}

void BallPath::cut() {
  impl_->cut();
}

void BallPath::finish() {
  impl_->finish();
}

}  // namespace touchline::track
