#include "touchline/evaluate/pitch_accuracy.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "touchline/base/error.h"
#include "touchline/evaluate/quantile.h"
#include "touchline/records/detections.h"

namespace touchline::evaluate {
namespace {

std::string number_or_dash(const std::optional<double>& value, const char* unit) {
  return value ? fmt::format("{:.3f}{}", *value, unit) : "-";
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

}  // namespace

void PitchAccuracyOptions::check() const {
  TOUCHLINE_REQUIRE(hit_px >= 0.1 && hit_px <= 1000, "a hit distance of {} px is outside 0.1 to 1000", hit_px);
  TOUCHLINE_REQUIRE(least_score >= 0 && least_score <= 1, "a least score of {} is outside 0 to 1", least_score);
}

PitchAccuracy::PitchAccuracy(const PitchAccuracyOptions& options) : options_(options) {
  options.check();
}

void PitchAccuracy::add(const LabeledPoints& truth, const match::SeenPoints& seen) {
  ++counts_.pictures;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const bool is_seen = seen[i].score > 0 && seen[i].score >= options_.least_score;
    if (truth[i].label == PointLabel::kAbsent) counts_.false_points += is_seen;
    if (truth[i].label != PointLabel::kVisible) continue;
    ++counts_.visible_points;
    ++counts_.visible_by_point[i];
    if (!is_seen) continue;
    ++counts_.seen_points;
    const double error_px = geometry::distance_px(truth[i].point_px, seen[i].point_px);
    errors_px_.push_back(error_px);
    if (error_px > options_.hit_px) continue;
    ++counts_.hits;
    ++counts_.hits_by_point[i];
  }
}

PitchReport PitchAccuracy::report() const {
  PitchReport report = counts_;
  if (report.visible_points > 0) report.pck = static_cast<double>(report.hits) / report.visible_points;
  report.median_px = quantile(errors_px_, 0.5);
  report.p90_px = quantile(errors_px_, 0.9);
  if (report.pictures > 0) {
    report.false_points_per_picture = static_cast<double>(report.false_points) / report.pictures;
  }
  return report;
}

PitchReport evaluate_pitch(const std::string& detections_path, const std::string& label_folder,
                           const PitchAccuracyOptions& options) {
  PitchAccuracy accuracy(options);
  const auto pictures = records::read_detections(detections_path);
  const LabelFolder labels(label_folder);
  for (const auto& picture : pictures) {
    accuracy.add(labels.points_of(picture.image), picture.points.value_or(match::SeenPoints{}));
  }
  return accuracy.report();
}

std::string to_text(const PitchReport& report) {
  std::string text = fmt::format(
      "{} pictures, {} visible points\nfound (PCK)        {}\nseen               {}\nmedian error       {}\n"
      "90th percentile    {}\nfalse points       {:.3f} a picture\n",
      report.pictures, report.visible_points, number_or_dash(report.pck, ""), report.seen_points,
      number_or_dash(report.median_px, " px"), number_or_dash(report.p90_px, " px"), report.false_points_per_picture);
  for (std::size_t i = 0; i < report.visible_by_point.size(); ++i) {
    const int visible = report.visible_by_point[i];
    if (visible == 0) continue;
    fmt::format_to(std::back_inserter(text), "point {:<3}{:>6.3f} of {}\n", i + 1,
                   static_cast<double>(report.hits_by_point[i]) / visible, visible);
  }
  return text;
}

std::string to_json(const PitchReport& report) {
  const nlohmann::ordered_json json = {{"pictures", report.pictures},
                                       {"visible_points", report.visible_points},
                                       {"seen_points", report.seen_points},
                                       {"hits", report.hits},
                                       {"pck", number_or_null(report.pck)},
                                       {"median_px", number_or_null(report.median_px)},
                                       {"p90_px", number_or_null(report.p90_px)},
                                       {"false_points", report.false_points},
                                       {"false_points_per_picture", report.false_points_per_picture},
                                       {"visible_by_point", report.visible_by_point},
                                       {"hits_by_point", report.hits_by_point}};
  return json.dump(2) + "\n";
}

}  // namespace touchline::evaluate
