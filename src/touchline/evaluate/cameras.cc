#include "touchline/evaluate/cameras.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/evaluate/camera_labels.h"
#include "touchline/evaluate/seen_frames.h"

namespace touchline::evaluate {
namespace {

using records::ObjectClass;
using Of = IgnoreRegion::Of;

constexpr double kReferenceSidePx = 1280;  // the longer side at which distances in pixels are meant
constexpr double kBallRadiusPx = 8;
constexpr double kMostly = 0.5;

/// A labelled frame, what was seen in it, and its clip.
struct JudgedFrame {
  const CameraLabels* clip = nullptr;
  const LabeledFrame* truth = nullptr;
  const records::DetectedPicture* seen = nullptr;

  double scale() const { return kReferenceSidePx / std::max(clip->size.width_px, clip->size.height_px); }
};
using JudgedFrames = std::vector<JudgedFrame>;

/// The part of the frames that each line of the report is about.
struct Line {
  std::string name;
  JudgedFrames frames;
};

/// Everything that was read, kept together because JudgedFrame points into it.
struct Material {
  std::vector<CameraLabels> labels;
  std::vector<records::DetectedPicture> pictures;
  std::vector<Line> lines;
  std::vector<std::string> unjudged;
};

JudgedFrames judged_frames(const CameraLabels& clip, std::map<std::string, const records::DetectedPicture*>& seen) {
  JudgedFrames frames;
  for (const auto& frame : clip.frames) {
    const auto found = seen.find(frame_name(clip.clip, frame.frame));
    if (found == seen.end()) continue;
    frames.push_back({&clip, &frame, found->second});
    seen.erase(found);
  }
  return frames;
}

Line& line_named(std::vector<Line>& lines, const std::string& name) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const Line& line) { return line.name == name; });
  return found != lines.end() ? *found : lines.emplace_back(Line{name, {}});
}

Material material_of(const std::string& detections_path, const std::string& labels_path) {
  Material material{read_camera_labels(labels_path), {}, {}, {}};
  material.pictures = read_seen_frames(detections_path, material.labels);
  std::map<std::string, const records::DetectedPicture*> seen;
  for (const auto& picture : material.pictures) seen[picture.image] = &picture;
  std::vector<Line> groups;
  Line all{"all", {}};
  for (const auto& clip : material.labels) {
    const JudgedFrames frames = judged_frames(clip, seen);
    if (frames.empty()) {
      material.unjudged.push_back(clip.clip);
      continue;
    }
    material.lines.push_back({clip.clip, frames});
    for (JudgedFrames* more : {&line_named(groups, clip.group).frames, &all.frames}) {
      more->insert(more->end(), frames.begin(), frames.end());
    }
  }
  if (!seen.empty()) {
    base::fail(base::ErrorCode::kNotFound, "'{}' has no labels for '{}'", labels_path, seen.begin()->first);
  }
  material.lines.insert(material.lines.end(), groups.begin(), groups.end());
  material.lines.push_back(std::move(all));
  return material;
}

geometry::BoxPx scaled(const geometry::BoxPx& box, double scale) {
  const auto s = static_cast<float>(scale);
  return {box.x0 * s, box.y0 * s, box.x1 * s, box.y1 * s};
}

/// Objects of some classes and the detections that count, each with its class.
struct Boxes {
  std::vector<TrueBox> truth;
  std::vector<ObjectClass> true_classes;
  std::vector<ScoredBox> detections;
  std::vector<ObjectClass> seen_classes;
};

/// A detected object in pixels of the report; ignorable where it lies mostly in an ignore region of its kind.
ScoredBox scored_box(const JudgedFrame& frame, int picture, const records::DetectedObject& object, double score) {
  const Of of = object.object_class == ObjectClass::kBall ? Of::kBall : Of::kPeople;
  const bool ignorable = ignored_share(object.box_px, frame.truth->ignore, of) > kMostly;
  return {picture, scaled(object.box_px, frame.scale()), score, ignorable};
}

std::vector<ScoredBox> candidates_of(const JudgedFrames& frames, ObjectClass object_class) {
  std::vector<ScoredBox> candidates;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (const auto& object : frames[i].seen->objects) {
      const auto score = score_as(object, object_class);
      if (score) candidates.push_back(scored_box(frames[i], static_cast<int>(i), object, *score));
    }
  }
  return candidates;
}

/// Of the classes that `counts` lets through; detections from min_score on.
Boxes boxes_of(const JudgedFrames& frames, double min_score, const std::function<bool(ObjectClass)>& counts) {
  Boxes boxes;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int picture = static_cast<int>(i);
    const double scale = frames[i].scale();
    for (const auto& object : frames[i].truth->objects) {
      if (!counts(object.object_class)) continue;
      boxes.truth.push_back({picture, scaled(object.box_px, scale)});
      boxes.true_classes.push_back(object.object_class);
    }
    for (const auto& object : frames[i].seen->objects) {
      if (!counts(object.object_class) || object.score < min_score) continue;
      boxes.detections.push_back(scored_box(frames[i], picture, object, object.score));
      boxes.seen_classes.push_back(object.object_class);
    }
  }
  return boxes;
}

void judge_people(CameraScore& score, const JudgedFrames& frames, const PeopleOptions& options) {
  const auto is_person = [](ObjectClass c) { return c != ObjectClass::kBall; };
  const Boxes people = boxes_of(frames, options.min_score, is_person);
  score.people = class_result(people.truth, people.detections, boxes_of(frames, 0, is_person).detections);
  const auto hits = hits_of(people.truth, people.detections, {});
  double found = 0;
  double right = 0;
  for (std::size_t d = 0; d < hits.size(); ++d) {
    if (!hits[d]) continue;
    ++found;
    right += people.true_classes[*hits[d]] == people.seen_classes[d];
  }
  if (found > 0) score.roles_right = right / found;
  if (!frames.empty()) {
    score.false_people_a_frame = (score.people.detections - found) / static_cast<double>(frames.size());
  }
}

CameraScore score_of(const Line& line, const PeopleOptions& options) {
  CameraScore score;
  score.name = line.name;
  score.frames = static_cast<int>(line.frames.size());
  judge_people(score, line.frames, options);
  for (const auto one : {ObjectClass::kGoalkeeper, ObjectClass::kPlayer, ObjectClass::kReferee}) {
    const Boxes boxes = boxes_of(line.frames, options.min_score, [one](ObjectClass c) { return c == one; });
    score.classes.push_back({std::string(records::name_of(one)),
                             class_result(boxes.truth, boxes.detections, candidates_of(line.frames, one))});
  }
  const Boxes balls = boxes_of(line.frames, 0, [](ObjectClass c) { return c == ObjectClass::kBall; });
  score.ball = average_precision(balls.truth, balls.detections, {ApOptions::Rule::kCenterNear, kBallRadiusPx, 100});
  return score;
}

LabeledPoints scaled(LabeledPoints points, double scale) {
  for (auto& point : points) point.point_px = {point.point_px.x * scale, point.point_px.y * scale};
  return points;
}

int hits_of(const LabeledPoints& truth, const match::SeenPoints& seen, const PitchAccuracyOptions& options) {
  PitchAccuracy accuracy(options);
  accuracy.add(truth, seen);
  return accuracy.report().hits;
}

CameraPitchScore pitch_score_of(const Line& line, const PitchAccuracyOptions& options) {
  PitchAccuracy accuracy(options);
  for (const auto& frame : line.frames) {
    auto seen = frame.seen->points.value_or(match::SeenPoints{});
    for (auto& point : seen) {
      point.point_px = {point.point_px.x * frame.scale(), point.point_px.y * frame.scale()};
    }
    LabeledPoints truth = scaled(frame.truth->points, frame.scale());
    if (frame.clip->either_end && hits_of(turned(truth), seen, options) > hits_of(truth, seen, options)) {
      truth = turned(truth);
    }
    accuracy.add(truth, seen);
  }
  return {line.name, accuracy.report()};
}

}  // namespace

CameraReport evaluate_cameras(const std::string& detections_path, const std::string& labels_path,
                              const PeopleOptions& options) {
  options.check();
  Material material = material_of(detections_path, labels_path);
  CameraReport report;
  for (const auto& line : material.lines) report.lines.push_back(score_of(line, options));
  report.unjudged = std::move(material.unjudged);
  return report;
}

CameraPitchReport evaluate_camera_pitch(const std::string& detections_path, const std::string& labels_path,
                                        const PitchAccuracyOptions& options) {
  options.check();
  Material material = material_of(detections_path, labels_path);
  CameraPitchReport report;
  for (const auto& line : material.lines) report.lines.push_back(pitch_score_of(line, options));
  report.unjudged = std::move(material.unjudged);
  return report;
}

}  // namespace touchline::evaluate
