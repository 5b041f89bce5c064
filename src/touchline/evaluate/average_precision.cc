#include "touchline/evaluate/average_precision.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <numeric>

#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

using records::ObjectClass;

constexpr int kRecallPoints = 101;
constexpr double kLeastClassScore = 0.01;
constexpr double kFarthestPx = 1e6;  // no picture is larger, so nearer always fits better than not at all

/// How well a detection fits an object under the rule, larger is better; below 0: not at all.
double fit(const geometry::BoxPx& detection, const geometry::BoxPx& object, const ApOptions& options) {
  if (options.rule == ApOptions::Rule::kIou) {
    const double iou = geometry::iou(detection, object);
    return iou >= options.threshold ? iou : -1;
  }
  const auto center = detection.center();
  const double distance = geometry::distance_px(center, object.center());
  const bool inside = options.rule == ApOptions::Rule::kCenterNear && center.x >= object.x0 && center.x <= object.x1 &&
                      center.y >= object.y0 && center.y <= object.y1;
  return distance <= options.threshold || inside ? kFarthestPx - distance : -1;
}

/// Indices of the detections that count, best score first.
std::vector<std::size_t> ranked(std::span<const ScoredBox> detections, const ApOptions& options) {
  std::vector<std::size_t> order(detections.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return detections[a].score > detections[b].score; });
  std::map<int, int> taken;
  std::erase_if(order, [&](std::size_t i) { return ++taken[detections[i].picture] > options.most_per_picture; });
  return order;
}

double interpolated_ap(std::vector<double> precision, const std::vector<double>& recall) {
  for (std::size_t i = precision.size(); i-- > 1;) precision[i - 1] = std::max(precision[i - 1], precision[i]);
  double sum = 0;
  for (int k = 0; k < kRecallPoints; ++k) {
    const auto at = std::lower_bound(recall.begin(), recall.end(), k / (kRecallPoints - 1.0));
    if (at != recall.end()) sum += precision[static_cast<std::size_t>(at - recall.begin())];
  }
  return sum / kRecallPoints;
}

}  // namespace

void ApOptions::check() const {
  const double largest = rule == Rule::kIou ? 1 : 1000;
  TOUCHLINE_REQUIRE(threshold > 0 && threshold <= largest, "a threshold of {} is outside 0 to {}", threshold, largest);
  TOUCHLINE_REQUIRE(most_per_picture >= 1 && most_per_picture <= 10000,
                    "{} detections a picture are outside 1 to 10000", most_per_picture);
}

void PeopleOptions::check() const {
  TOUCHLINE_REQUIRE(min_score >= 0 && min_score <= 1, "a person's least score of {} is outside 0 to 1", min_score);
}

std::optional<double> score_as(const records::DetectedObject& object, ObjectClass object_class) {
  const bool is_own = object.object_class == object_class;
  if (is_own && object.class_scores == match::ClassScores{}) return object.score;
  if (object.object_class == ObjectClass::kBall || object_class == ObjectClass::kBall) return {};
  const double score = object.class_scores[static_cast<std::size_t>(object_class) - 1];
  return score >= kLeastClassScore ? std::optional(score) : std::nullopt;
}

ApResult class_result(std::span<const TrueBox> truth, std::span<const ScoredBox> said,
                      std::span<const ScoredBox> candidates) {
  ApResult result = average_precision(truth, said, {});
  result.ap = average_precision(truth, candidates, {}).ap;
  return result;
}

std::vector<std::optional<std::size_t>> hits_of(std::span<const TrueBox> truth, std::span<const ScoredBox> detections,
                                                const ApOptions& options) {
  options.check();
  std::map<int, std::vector<std::size_t>> free_objects;
  for (std::size_t i = 0; i < truth.size(); ++i) free_objects[truth[i].picture].push_back(i);
  std::vector<std::optional<std::size_t>> hits(detections.size());
  for (const std::size_t d : ranked(detections, options)) {
    auto& candidates = free_objects[detections[d].picture];
    auto best = candidates.end();
    double best_fit = -1;
    for (auto it = candidates.begin(); it != candidates.end(); ++it) {
      const double value = fit(detections[d].box_px, truth[*it].box_px, options);
      // Of objects that fit equally well COCO takes the last.
      if (value >= 0 && value >= best_fit) {
        best = it;
        best_fit = value;
      }
    }
    if (best == candidates.end()) continue;
    hits[d] = *best;
    candidates.erase(best);
  }
  return hits;
}

ApResult average_precision(std::span<const TrueBox> truth, std::span<const ScoredBox> detections,
                           const ApOptions& options) {
  ApResult result;
  result.true_objects = static_cast<int>(truth.size());
  const auto hits = hits_of(truth, detections, options);
  auto order = ranked(detections, options);
  std::erase_if(order, [&](std::size_t d) { return detections[d].ignorable && !hits[d]; });
  result.detections = static_cast<int>(order.size());
  if (truth.empty()) return result;
  std::vector<double> precision;
  std::vector<double> recall;
  double found = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    found += hits[order[i]].has_value();
    precision.push_back(found / static_cast<double>(i + 1));
    recall.push_back(found / static_cast<double>(truth.size()));
    if (precision.back() >= kSurePrecision) result.sure_recall = recall.back();
    const double f1 = 2 * found / static_cast<double>(i + 1 + truth.size());
    if (f1 > result.best_f1) {
      result.best_f1 = f1;
      result.best_f1_score = detections[order[i]].score;
    }
  }
  result.recall = recall.empty() ? 0 : recall.back();
  result.precision = precision.empty() ? 0 : precision.back();
  result.ap = interpolated_ap(precision, recall);
  return result;
}

}  // namespace touchline::evaluate
