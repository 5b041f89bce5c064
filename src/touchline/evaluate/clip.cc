#include "touchline/evaluate/clip.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/evaluate/quantile.h"
#include "touchline/geometry/assignment.h"
#include "touchline/records/summary.h"

namespace touchline::evaluate {
namespace {

using match::MatchFrame;
using match::Track;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kOverlapWorth = 1e-3;  // far below the worth of one more person found

/// How many of how many.
struct Share {
  std::int64_t part = 0;
  std::int64_t all = 0;

  void add(bool counts) {
    part += counts;
    ++all;
  }
  void append(const Share& other) {
    part += other.part;
    all += other.all;
  }
  std::optional<double> value() const {
    if (all == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(all);
  }
};

/// Where a shot begins, by frame index.
using Cuts = std::vector<std::int64_t>;

/// Number of cuts in `these` without a partner in `others` at most `slack` frames away; each partner serves once.
int unpaired(const Cuts& these, Cuts others, int slack) {
  int lonely = 0;
  for (const std::int64_t cut : these) {
    const auto partner =
        std::find_if(others.begin(), others.end(), [&](std::int64_t other) { return std::abs(other - cut) <= slack; });
    if (partner == others.end()) {
      ++lonely;
    } else {
      others.erase(partner);
    }
  }
  return lonely;
}

}  // namespace

void ClipOptions::check() const {
  TOUCHLINE_REQUIRE(person_iou > 0 && person_iou <= 1, "an overlap of {} is outside 0 to 1", person_iou);
  TOUCHLINE_REQUIRE(ball_px >= 0.1 && ball_px <= 1000, "a ball distance of {} px is outside 0.1 to 1000", ball_px);
  TOUCHLINE_REQUIRE(cut_frames >= 0 && cut_frames <= 100, "{} frames of slack at cuts are outside 0 to 100",
                    cut_frames);
}

namespace {

/// What depends on which goal is the left one.
struct PitchErrors {
  std::vector<double> places_m;
  std::vector<double> cameras_px;
  Share attack;

  void append(const PitchErrors& other) {
    places_m.insert(places_m.end(), other.places_m.begin(), other.places_m.end());
    cameras_px.insert(cameras_px.end(), other.cameras_px.begin(), other.cameras_px.end());
    attack.append(other.attack);
  }
};

geometry::PitchPoint turned(geometry::PitchPoint point) {
  return {-point.x, -point.y};
}

}  // namespace

struct ClipComparison::Inside {
  ClipOptions options;
  records::PictureSize picture;
  geometry::AssignmentSolver solver;
  std::vector<double> costs;

  std::int64_t frames = 0;
  std::int64_t missing = 0;
  std::int64_t extra = 0;
  Share people, roles, teams, places_known;
  std::int64_t false_people = 0;
  PitchErrors done;             ///< of finished shots
  PitchErrors straight, round;  ///< of this shot: as the run says, and with its pitch turned by half a circle
  int turned_shots = 0;         ///< finished ones that were judged turned
  std::int64_t id_switches = 0;
  std::unordered_map<std::int64_t, std::int64_t> id_of_person;  ///< run's id that last covered a true one, in this shot
  Share camera_known, camera_measured;
  Share ball, ball_seen;
  std::vector<double> ball_errors_px;
  std::int64_t false_balls = 0;
  std::optional<int> true_shot, run_shot;
  Cuts true_cuts, run_cuts;

  void compare_people(const MatchFrame& truth, const MatchFrame* run);
  void compare_pair(const Track& person, const Track& track);
  void compare_camera(const MatchFrame& truth, const MatchFrame* run);
  void compare_ball(const MatchFrame& truth, const MatchFrame* run);
  void compare_attack(const MatchFrame& truth, const MatchFrame* run);
  void note_cuts(const MatchFrame& truth, const MatchFrame* run);
  void end_shot();
  std::span<const int> pairs(const std::vector<Track>& people_of_frame, const std::vector<Track>& tracks);
};

ClipComparison::ClipComparison(const ClipOptions& options, records::PictureSize picture)
    : inside_(std::make_unique<Inside>()) {
  options.check();
  TOUCHLINE_REQUIRE(picture.width_px > 0 && picture.height_px > 0, "a picture of {} x {} pixels cannot be judged",
                    picture.width_px, picture.height_px);
  inside_->options = options;
  inside_->picture = picture;
}

ClipComparison::~ClipComparison() = default;

void ClipComparison::add(const MatchFrame& truth, const MatchFrame* run) {
  ++inside_->frames;
  if (run == nullptr) ++inside_->missing;
  inside_->note_cuts(truth, run);
  inside_->compare_people(truth, run);
  inside_->compare_camera(truth, run);
  inside_->compare_ball(truth, run);
  inside_->compare_attack(truth, run);
}

void ClipComparison::add_extra() {
  ++inside_->extra;
}

void ClipComparison::Inside::note_cuts(const MatchFrame& truth, const MatchFrame* run) {
  if (true_shot && *true_shot != truth.shot) {
    true_cuts.push_back(truth.index);
    id_of_person.clear();
    end_shot();
  }
  true_shot = truth.shot;
  if (run == nullptr) return;
  if (run_shot && *run_shot != run->shot) run_cuts.push_back(run->index);
  run_shot = run->shot;
}

void ClipComparison::Inside::end_shot() {
  const bool is_turned = !straight.cameras_px.empty() &&
                         quantile(round.cameras_px, 0.5).value() < quantile(straight.cameras_px, 0.5).value();
  turned_shots += is_turned;
  done.append(is_turned ? round : straight);
  straight = round = {};
}

std::span<const int> ClipComparison::Inside::pairs(const std::vector<Track>& people_of_frame,
                                                   const std::vector<Track>& tracks) {
  costs.clear();
  for (const auto& person : people_of_frame) {
    for (const auto& track : tracks) {
      const double overlap = geometry::iou(person.box_px, track.box_px);
      costs.push_back(overlap >= options.person_iou ? kOverlapWorth * (1 - overlap) : kInfinity);
    }
  }
  return solver.solve(costs, static_cast<int>(people_of_frame.size()), static_cast<int>(tracks.size()), 1);
}

void ClipComparison::Inside::compare_people(const MatchFrame& truth, const MatchFrame* run) {
  static const std::vector<Track> kNobody;
  const auto& tracks = run != nullptr ? run->tracks : kNobody;
  const auto columns = pairs(truth.tracks, tracks);
  std::int64_t found = 0;
  for (std::size_t i = 0; i < truth.tracks.size(); ++i) {
    people.add(columns[i] >= 0);
    if (columns[i] < 0) continue;
    ++found;
    compare_pair(truth.tracks[i], tracks[static_cast<std::size_t>(columns[i])]);
  }
  false_people += static_cast<std::int64_t>(tracks.size()) - found;
}

void ClipComparison::Inside::compare_pair(const Track& person, const Track& track) {
  roles.add(person.person_class == track.person_class);
  if (person.person_class != match::PersonClass::kReferee && person.team.team != match::Team::kNone) {
    teams.add(person.team.team == track.team.team);
  }
  if (person.position_m) {
    places_known.add(track.position_m.has_value());
    if (track.position_m) {
      straight.places_m.push_back(geometry::distance_m(*person.position_m, *track.position_m));
      round.places_m.push_back(geometry::distance_m(*person.position_m, turned(*track.position_m)));
    }
  }
  const auto [known, is_new] = id_of_person.try_emplace(person.id, track.id);
  if (!is_new && known->second != track.id) {
    ++id_switches;
    known->second = track.id;
  }
}

void ClipComparison::Inside::compare_camera(const MatchFrame& truth, const MatchFrame* run) {
  if (!truth.pose.camera) return;
  const bool is_known = run != nullptr && run->pose.camera.has_value();
  camera_known.add(is_known);
  camera_measured.add(is_known && run->pose.state == match::PoseState::kMeasured);
  if (!is_known) return;
  for (const auto& landmark : options.pitch.landmarks()) {
    const auto true_px = truth.pose.camera->image_from_pitch(landmark);
    const bool is_inside = true_px && true_px->x >= 0 && true_px->y >= 0 && true_px->x <= picture.width_px &&
                           true_px->y <= picture.height_px;
    if (!is_inside) continue;
    for (const auto& [errors, where] : {std::pair(&straight, landmark), std::pair(&round, turned(landmark))}) {
      const auto run_px = run->pose.camera->image_from_pitch(where);
      errors->cameras_px.push_back(run_px ? geometry::distance_px(*true_px, *run_px) : kInfinity);
    }
  }
}

void ClipComparison::Inside::compare_attack(const MatchFrame& truth, const MatchFrame* run) {
  if (truth.attack.a == 0) return;
  straight.attack.add(run != nullptr && run->attack.a == truth.attack.a);
  round.attack.add(run != nullptr && run->attack.a == -truth.attack.a);
}

void ClipComparison::Inside::compare_ball(const MatchFrame& truth, const MatchFrame* run) {
  const match::Ball* seen = run != nullptr && run->ball ? &*run->ball : nullptr;
  const bool is_detected = seen != nullptr && seen->state == match::State::kDetected;
  if (!truth.ball) {
    false_balls += is_detected;
    return;
  }
  const double error_px = seen != nullptr ? geometry::distance_px(truth.ball->point_px, seen->point_px) : kInfinity;
  if (seen != nullptr) ball_errors_px.push_back(error_px);
  ball.add(error_px <= options.ball_px);
  ball_seen.add(is_detected && error_px <= options.ball_px);
}

ClipReport ClipComparison::report() {
  Inside& in = *inside_;
  in.end_shot();
  ClipReport r;
  r.frames = in.frames;
  r.missing_frames = in.missing;
  r.extra_frames = in.extra;
  r.people = in.people.all;
  r.people_found = in.people.value();
  if (in.frames > 0) r.false_people_per_frame = static_cast<double>(in.false_people) / static_cast<double>(in.frames);
  r.median_position_m = quantile(in.done.places_m, 0.5);
  r.p90_position_m = quantile(in.done.places_m, 0.9);
  r.positions_known = in.places_known.value();
  r.role_right = in.roles.value();
  r.team_right = in.teams.value();
  r.id_switches = in.id_switches;
  r.attack_right = in.done.attack.value();
  r.camera_known = in.camera_known.value();
  r.camera_measured = in.camera_measured.value();
  r.median_camera_px = quantile(in.done.cameras_px, 0.5);
  r.p90_camera_px = quantile(in.done.cameras_px, 0.9);
  r.ball_frames = in.ball.all;
  r.ball_found = in.ball.value();
  r.ball_found_seen = in.ball_seen.value();
  r.median_ball_px = quantile(in.ball_errors_px, 0.5);
  r.false_ball_frames = in.false_balls;
  r.turned_shots = in.turned_shots;
  r.cuts = static_cast<int>(in.true_cuts.size());
  r.cuts_missed = unpaired(in.true_cuts, in.run_cuts, in.options.cut_frames);
  r.cuts_invented = unpaired(in.run_cuts, in.true_cuts, in.options.cut_frames);
  return r;
}

ClipReport evaluate_clip(const std::string& frames_path, const std::string& truth_path, records::PictureSize picture,
                         const ClipOptions& options) {
  ClipComparison comparison(options, picture);
  records::FrameFileReader run_file(frames_path, picture);
  records::FrameFileReader truth_file(truth_path, picture);
  auto run = run_file.next();
  while (const auto truth = truth_file.next()) {
    for (; run && run->index < truth->index; run = run_file.next()) comparison.add_extra();
    const bool is_paired = run && run->index == truth->index;
    comparison.add(*truth, is_paired ? &*run : nullptr);
    if (is_paired) run = run_file.next();
  }
  for (; run; run = run_file.next()) comparison.add_extra();
  return comparison.report();
}

ClipReport evaluate_clip_folder(const std::string& folder, const std::string& truth_path, const ClipOptions& options) {
  const std::filesystem::path run(folder);
  const auto picture = records::read_picture_size((run / "summary.json").string());
  return evaluate_clip((run / "frames.jsonl").string(), truth_path, picture, options);
}

}  // namespace touchline::evaluate
