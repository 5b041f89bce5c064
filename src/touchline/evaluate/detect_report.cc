#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "touchline/evaluate/average_precision.h"

namespace touchline::evaluate {
namespace {

using records::ObjectClass;

constexpr double kBallRadiusPx = 8;

/// Truth and detections of one report line.
struct Boxes {
  std::vector<TrueBox> truth;
  std::vector<ScoredBox> detections;  ///< people from a score on, see PeopleOptions
  std::vector<ScoredBox> candidates;  ///< everything, see score_as()
};

struct AllBoxes {
  std::array<Boxes, records::kObjectClassCount> by_class;
  Boxes people;
};

void add_detected(AllBoxes& all, int picture, const records::DetectedObject& object, const PeopleOptions& options) {
  const bool is_person = object.object_class != ObjectClass::kBall;
  const bool counts = !is_person || object.score >= options.min_score;
  const ScoredBox box = {picture, object.box_px, object.score};
  if (counts) all.by_class[static_cast<std::size_t>(object.object_class)].detections.push_back(box);
  if (is_person && counts) all.people.detections.push_back(box);
  if (is_person) all.people.candidates.push_back(box);
  for (std::size_t c = 0; c < all.by_class.size(); ++c) {
    const auto score = score_as(object, static_cast<ObjectClass>(c));
    if (score) all.by_class[c].candidates.push_back({picture, object.box_px, *score});
  }
}

AllBoxes gathered(const std::vector<records::DetectedPicture>& pictures, const LabelFolder& labels,
                  const PeopleOptions& options) {
  AllBoxes all;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const int picture = static_cast<int>(i);
    for (const auto& object : labels.objects_of(pictures[i].image)) {
      all.by_class[static_cast<std::size_t>(object.object_class)].truth.push_back({picture, object.box_px});
      if (object.object_class != ObjectClass::kBall) all.people.truth.push_back({picture, object.box_px});
    }
    for (const auto& object : pictures[i].objects) add_detected(all, picture, object, options);
  }
  return all;
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

std::string number_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "-";
}

}  // namespace

DetectReport evaluate_detections(const std::string& detections_path, const std::string& label_folder,
                                 const PeopleOptions& options) {
  options.check();
  const auto pictures = records::read_detections(detections_path);
  const AllBoxes all = gathered(pictures, LabelFolder(label_folder), options);
  DetectReport report;
  report.pictures = static_cast<int>(pictures.size());
  double sum = 0;
  int labelled = 0;
  for (std::size_t c = 0; c < all.by_class.size(); ++c) {
    const auto& boxes = all.by_class[c];
    const ApResult result = class_result(boxes.truth, boxes.detections, boxes.candidates);
    report.classes.push_back({std::string(records::name_of(static_cast<ObjectClass>(c))), result});
    sum += result.ap.value_or(0);
    labelled += result.ap.has_value();
  }
  if (labelled > 0) report.mean_ap = sum / labelled;
  report.classes.push_back({"person", class_result(all.people.truth, all.people.detections, all.people.candidates)});
  const auto& ball = all.by_class[static_cast<std::size_t>(ObjectClass::kBall)];
  const ApOptions by_center = {ApOptions::Rule::kCenterPixels, kBallRadiusPx, 100};
  report.classes.push_back({"ball 8px", average_precision(ball.truth, ball.detections, by_center)});
  return report;
}

std::string to_text(const DetectReport& report) {
  std::string text = fmt::format("{} pictures\n{:<12}{:>8}{:>8}{:>8}{:>10}{:>9}{:>12}\n", report.pictures, "class",
                                 "AP50", "recall", "F1", "at score", "objects", "detections");
  for (const auto& line : report.classes) {
    fmt::format_to(std::back_inserter(text), "{:<12}{:>8}{:>8.3f}{:>8.3f}{:>10.3f}{:>9}{:>12}\n", line.name,
                   number_or_dash(line.result.ap), line.result.recall, line.result.best_f1, line.result.best_f1_score,
                   line.result.true_objects, line.result.detections);
  }
  fmt::format_to(std::back_inserter(text), "{:<12}{:>8}\n", "mean", number_or_dash(report.mean_ap));
  return text;
}

std::string to_json(const DetectReport& report) {
  nlohmann::ordered_json json = {{"pictures", report.pictures}, {"mean_ap50", number_or_null(report.mean_ap)}};
  for (const auto& line : report.classes) {
    json["classes"][line.name] = {{"ap", number_or_null(line.result.ap)}, {"recall", line.result.recall},
                                  {"best_f1", line.result.best_f1},       {"best_f1_score", line.result.best_f1_score},
                                  {"objects", line.result.true_objects},  {"detections", line.result.detections}};
  }
  return json.dump(2) + "\n";
}

}  // namespace touchline::evaluate
