#include "touchline/track/tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/geometry/assignment.h"

namespace touchline::track {
namespace {

using geometry::BoxPx;
using match::Detection;

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kShortestStep_s = 1e-3;
constexpr double kRounding_s = 1e-6;  // of timestamps: it must not decide whether a person is still held
constexpr double kLargestRatio = 2;   // half or double the size is somebody else

/// One person the tracker knows.
struct Person {
  std::int64_t id = 0;
  BoxMotion motion;
  bool confirmed = false;
  int hits = 1;
  double since_s = 0;
  double seen_s = 0;
  bool seen_last = true;
  match::ClassScores votes{};
  match::KitFeature kit;
};

bool usable(const Detection& detection, double low_score) {
  const auto& box = detection.box_px;
  const bool finite = std::isfinite(box.x0) && std::isfinite(box.y0) && std::isfinite(box.x1) &&
                      std::isfinite(box.y1) && std::isfinite(detection.score);
  return finite && box.width() > 0 && box.height() > 0 && std::isfinite(box.area()) && detection.score >= low_score;
}

void remember_kit(match::KitFeature& kit, const match::KitFeature& seen) {
  if (!(seen.weight > 0)) return;
  constexpr float kOldest = 20;  // weights add up to this, so the colour follows the light
  const float share = seen.weight / (kit.weight + seen.weight);
  for (std::size_t i = 0; i < 3; ++i) kit.lab[i] += share * (seen.lab[i] - kit.lab[i]);
  kit.weight = std::min(kit.weight + seen.weight, kOldest);
}

double kit_distance2(const match::KitFeature& a, const match::KitFeature& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += (double(a.lab[i]) - b.lab[i]) * (double(a.lab[i]) - b.lab[i]);
  return sum;
}

}  // namespace

class Tracker::Impl {
 public:
  explicit Impl(const TrackerOptions& options) : options_(options), camera_((options.check(), options.camera)) {}

  std::vector<match::Track> update(std::span<const Detection> detections, const match::PitchPose& pose, double pts_s);
  void cut();
  std::size_t remembered() const { return people_.size(); }

 private:
  void advance(const match::PitchPose& pose, double dt_s);
  void associate();
  template <typename Wanted, typename Offered>
  void match_stage(Wanted wanted, Offered offered);
  double cost(const Person& person, const Detection& detection) const;
  void see(std::size_t person, std::size_t detection);
  void start_people();
  bool duplicate(const Detection& detection) const;
  void forget();
  std::vector<match::Track> answer() const;

  TrackerOptions options_;
  CameraMotionEstimator camera_;
  geometry::AssignmentSolver solver_;
  std::vector<Person> people_;  // ordered by id
  std::int64_t next_id_ = 1;
  double now_s_ = 0;
  bool first_ = true;

  // Of the frame in hand; kept for their storage.
  std::vector<Detection> detections_;
  std::vector<int> person_of_detection_;
  std::vector<int> detection_of_person_;
  std::vector<Standing> before_, now_;
  std::vector<std::size_t> rows_, columns_;
  std::vector<double> costs_;
};

std::vector<match::Track> Tracker::Impl::update(std::span<const Detection> detections, const match::PitchPose& pose,
                                                double pts_s) {
  TOUCHLINE_REQUIRE(std::isfinite(pts_s), "the time of a frame must be finite");
  detections_.clear();
  std::copy_if(detections.begin(), detections.end(), std::back_inserter(detections_),
               [this](const Detection& detection) { return usable(detection, options_.low_score); });
  const double dt_s = first_ ? kShortestStep_s : std::max(pts_s - now_s_, kShortestStep_s);
  first_ = false;
  now_s_ = pts_s;
  advance(pose, dt_s);
  associate();
  start_people();
  forget();
  return answer();
}

void Tracker::Impl::cut() {
  people_.clear();
  camera_.reset();
  first_ = true;
}

void Tracker::Impl::advance(const match::PitchPose& pose, double dt_s) {
  before_.clear();
  now_.clear();
  for (auto& person : people_) {
    person.motion.predict(dt_s, person.seen_last, options_.motion);
    if (person.seen_last) before_.push_back({person.motion.foot_px(), person.motion.height_px()});
  }
  for (const auto& detection : detections_) {
    if (detection.score < options_.high_score) continue;
    now_.push_back({detection.box_px.foot(), detection.box_px.height()});
  }
  const auto motion = camera_.estimate(before_, now_, pose, dt_s);
  for (auto& person : people_) {
    const auto foot = person.motion.foot_px();
    person.motion.carry(motion.map(foot), motion.scale_at(foot, person.motion.height_px()));
  }
}

void Tracker::Impl::associate() {
  person_of_detection_.assign(detections_.size(), -1);
  detection_of_person_.assign(people_.size(), -1);
  const auto strong = [this](const Detection& detection) { return detection.score >= options_.high_score; };
  match_stage([](const Person& person) { return person.confirmed; }, strong);
  match_stage([](const Person& person) { return person.confirmed && person.seen_last; },
              [](const Detection&) { return true; });
  match_stage([](const Person& person) { return !person.confirmed; }, strong);
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (detection_of_person_[i] >= 0) {
      see(i, static_cast<std::size_t>(detection_of_person_[i]));
    } else {
      people_[i].seen_last = false;
    }
  }
}

template <typename Wanted, typename Offered>
void Tracker::Impl::match_stage(Wanted wanted, Offered offered) {
  rows_.clear();
  columns_.clear();
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (detection_of_person_[i] < 0 && wanted(people_[i])) rows_.push_back(i);
  }
  for (std::size_t j = 0; j < detections_.size(); ++j) {
    if (person_of_detection_[j] < 0 && offered(detections_[j])) columns_.push_back(j);
  }
  if (rows_.empty() || columns_.empty()) return;
  costs_.clear();
  for (const auto i : rows_) {
    for (const auto j : columns_) costs_.push_back(cost(people_[i], detections_[j]));
  }
  const auto chosen =
      solver_.solve(costs_, static_cast<int>(rows_.size()), static_cast<int>(columns_.size()), options_.cost_limit);
  for (std::size_t k = 0; k < rows_.size(); ++k) {
    if (chosen[k] < 0) continue;
    const auto j = columns_[static_cast<std::size_t>(chosen[k])];
    detection_of_person_[rows_[k]] = static_cast<int>(j);
    person_of_detection_[j] = static_cast<int>(rows_[k]);
  }
}

double Tracker::Impl::cost(const Person& person, const Detection& detection) const {
  const auto& motion = person.motion;
  const double height = motion.height_px();
  const auto center = detection.box_px.center();
  const double dx = center.x - motion.center_px().x;
  const double dy = center.y - motion.center_px().y;
  const double reach = options_.reach_heights * height;
  if (std::abs(dx) > reach || std::abs(dy) > reach) return kNever;
  const double ratio = detection.box_px.height() / height;
  if (ratio > kLargestRatio || ratio * kLargestRatio < 1) return kNever;
  const double noise_x = options_.motion.noise_x * height;
  const double noise_y = options_.motion.noise_y * height;
  const double var_x = motion.variance_x() + noise_x * noise_x;
  const double var_y = motion.variance_y() + noise_y * noise_y;
  double sum = dx * dx / var_x + dy * dy / var_y;
  if (sum > options_.gate * options_.gate) return kNever;
  const double size = std::log(ratio) / options_.size_noise;
  sum += std::min(size * size, options_.size_cost);
  sum += options_.surprise_weight * std::log(var_x * var_y / (noise_x * noise_x * noise_y * noise_y));
  sum += options_.overlap_weight * (1 - geometry::iou(motion.box_px(), detection.box_px));
  if (person.kit.weight > 0 && detection.kit.weight > 0) {
    const double trust = double(detection.kit.weight) * std::min(1.0F, person.kit.weight);
    sum += options_.kit_weight * trust * kit_distance2(person.kit, detection.kit);
  }
  return sum;
}

void Tracker::Impl::see(std::size_t index, std::size_t detection_index) {
  auto& person = people_[index];
  const auto& detection = detections_[detection_index];
  person.motion.correct(detection.box_px, options_.motion);
  person.seen_s = now_s_;
  person.seen_last = true;
  ++person.hits;
  const match::ClassScores votes = match::votes_of(detection);
  for (std::size_t c = 0; c < votes.size(); ++c) person.votes[c] += votes[c];
  remember_kit(person.kit, detection.kit);
  if (person.hits >= options_.confirm_hits || detection.score >= options_.birth_score) person.confirmed = true;
}

void Tracker::Impl::start_people() {
  for (std::size_t j = 0; j < detections_.size(); ++j) {
    const auto& detection = detections_[j];
    if (person_of_detection_[j] >= 0 || detection.score < options_.high_score || duplicate(detection)) continue;
    Person person{.id = next_id_++,
                  .motion = BoxMotion(detection.box_px, options_.motion),
                  .confirmed = detection.score >= options_.birth_score || options_.confirm_hits <= 1,
                  .hits = 1,
                  .since_s = now_s_,
                  .seen_s = now_s_,
                  .seen_last = true,
                  .votes = match::votes_of(detection),
                  .kit = {}};
    remember_kit(person.kit, detection.kit);
    person_of_detection_[j] = static_cast<int>(people_.size());
    detection_of_person_.push_back(static_cast<int>(j));
    people_.push_back(std::move(person));
  }
}

bool Tracker::Impl::duplicate(const Detection& detection) const {
  for (std::size_t j = 0; j < detections_.size(); ++j) {
    if (person_of_detection_[j] < 0) continue;
    const float common = geometry::intersection_area(detection.box_px, detections_[j].box_px);
    if (common > options_.duplicate_share * detection.box_px.area()) return true;
  }
  return false;
}

void Tracker::Impl::forget() {
  const auto expired = [this](const Person& person) {
    return now_s_ - person.seen_s > (person.confirmed ? options_.memory_s : options_.doubt_s);
  };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < people_.size(); ++i) {
    if (expired(people_[i])) continue;
    if (kept != i) {
      people_[kept] = std::move(people_[i]);
      detection_of_person_[kept] = detection_of_person_[i];
    }
    ++kept;
  }
  people_.erase(people_.begin() + static_cast<std::ptrdiff_t>(kept), people_.end());
  detection_of_person_.resize(kept);
  while (people_.size() > static_cast<std::size_t>(options_.max_tracks)) {
    const auto oldest = std::min_element(people_.begin(), people_.end(),
                                         [](const Person& a, const Person& b) { return a.seen_s < b.seen_s; });
    detection_of_person_.erase(detection_of_person_.begin() + (oldest - people_.begin()));
    people_.erase(oldest);
  }
}

std::vector<match::Track> Tracker::Impl::answer() const {
  std::vector<match::Track> tracks;
  tracks.reserve(people_.size());
  for (std::size_t i = 0; i < people_.size(); ++i) {
    const auto& person = people_[i];
    const bool held = !person.seen_last && now_s_ - person.seen_s <= options_.hold_s + kRounding_s;
    if (!person.confirmed || !(person.seen_last || held)) continue;
    match::Track track;
    track.id = person.id;
    track.since_s = person.since_s;
    const auto vote = std::max_element(person.votes.begin(), person.votes.end()) - person.votes.begin();
    track.person_class = static_cast<match::PersonClass>(vote);
    const float all = person.votes[0] + person.votes[1] + person.votes[2];
    for (std::size_t c = 0; c < person.votes.size() && all > 0; ++c) track.class_share[c] = person.votes[c] / all;
    if (person.seen_last) {
      const auto& detection = detections_[static_cast<std::size_t>(detection_of_person_[i])];
      track.box_px = detection.box_px;
      track.score = detection.score;
      track.kit = detection.kit;
    } else {
      track.box_px = person.motion.box_px();
      track.state = match::State::kHeld;
    }
    tracks.push_back(track);
  }
  return tracks;
}

Tracker::Tracker(const TrackerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Tracker::~Tracker() = default;
Tracker::Tracker(Tracker&&) noexcept = default;
Tracker& Tracker::operator=(Tracker&&) noexcept = default;

std::vector<match::Track> Tracker::update(std::span<const Detection> detections, const match::PitchPose& pose,
                                          double pts_s) {
  return impl_->update(detections, pose, pts_s);
}

void Tracker::cut() {
  impl_->cut();
}

std::size_t Tracker::remembered() const {
  return impl_->remembered();
}

}  // namespace touchline::track
