#include "touchline/evaluate/hota.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/geometry/assignment.h"

namespace touchline::evaluate {
namespace {

using records::MotRow;

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kMatched = 0.5;     // overlap that CLEAR and identity ask for
constexpr double kContinued = 1000;  // CLEAR keeps a pair of the frame before whatever the overlaps are
constexpr int kNobody = -1;

double threshold(std::size_t index) {
  return 0.05 * static_cast<double>(index + 1);
}

/// The boxes of one side: ids made dense, ordered by frame.
struct Side {
  struct Box {
    std::int64_t frame;
    int id;
    geometry::BoxPx box_px;
  };
  std::vector<Box> boxes;
  std::vector<double> boxes_of_id;

  int ids() const { return static_cast<int>(boxes_of_id.size()); }
};

Side side_of(std::span<const MotRow> rows, const char* name) {
  std::vector<std::int64_t> ids;
  for (const auto& row : rows) ids.push_back(row.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  Side side;
  side.boxes_of_id.assign(ids.size(), 0);
  for (const auto& row : rows) {
    const auto id = static_cast<int>(std::lower_bound(ids.begin(), ids.end(), row.id) - ids.begin());
    side.boxes.push_back({row.frame, id, row.box_px});
    ++side.boxes_of_id[static_cast<std::size_t>(id)];
  }
  const auto key = [](const Side::Box& box) { return std::pair(box.frame, box.id); };
  std::sort(side.boxes.begin(), side.boxes.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto twice = std::adjacent_find(side.boxes.begin(), side.boxes.end(),
                                        [&](const auto& a, const auto& b) { return key(a) == key(b); });
  if (twice != side.boxes.end()) {
    base::fail(base::ErrorCode::kBadInput, "the {} has id {} twice in frame {}", name,
               ids[static_cast<std::size_t>(twice->id)], twice->frame);
  }
  return side;
}

double overlap(const geometry::BoxPx& a, const geometry::BoxPx& b) {
  const double width = std::min<double>(a.x1, b.x1) - std::max<double>(a.x0, b.x0);
  const double height = std::min<double>(a.y1, b.y1) - std::max<double>(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const auto area = [](const geometry::BoxPx& box) {
    return (double(box.x1) - double(box.x0)) * (double(box.y1) - double(box.y0));
  };
  const double all = area(a) + area(b) - width * height;
  return all > kEpsilon ? width * height / all : 0;
}

/// One frame: the boxes of both sides and how they overlap.
struct FramePair {
  std::span<const Side::Box> truth;
  std::span<const Side::Box> answer;
  std::vector<double> overlaps;  // [truth × answer]
};

std::span<const Side::Box> take_frame(std::span<const Side::Box>& rest, std::int64_t frame) {
  std::size_t count = 0;
  while (count < rest.size() && rest[count].frame == frame) ++count;
  const auto taken = rest.first(count);
  rest = rest.subspan(count);
  return taken;
}

std::vector<FramePair> frames_of(const Side& truth, const Side& answer) {
  std::vector<FramePair> frames;
  std::span<const Side::Box> truth_rest = truth.boxes;
  std::span<const Side::Box> answer_rest = answer.boxes;
  constexpr auto kEnd = std::numeric_limits<std::int64_t>::max();
  while (!truth_rest.empty() || !answer_rest.empty()) {
    const auto frame = std::min(truth_rest.empty() ? kEnd : truth_rest.front().frame,
                                answer_rest.empty() ? kEnd : answer_rest.front().frame);
    FramePair pair{take_frame(truth_rest, frame), take_frame(answer_rest, frame), {}};
    pair.overlaps.reserve(pair.truth.size() * pair.answer.size());
    for (const auto& t : pair.truth) {
      for (const auto& a : pair.answer) pair.overlaps.push_back(overlap(t.box_px, a.box_px));
    }
    frames.push_back(std::move(pair));
  }
  return frames;
}

/// One number for every pair of a true id and an answered id.
struct IdTable {
  IdTable(int rows, int columns) : columns_(columns), values(static_cast<std::size_t>(rows) * columns, 0) {}
  double& at(int row, int column) { return values[static_cast<std::size_t>(row) * columns_ + column]; }
  int columns_;
  std::vector<double> values;
};

/// The column of each row that makes the sum of the (positive) values largest.
std::span<const int> best_pairs(geometry::AssignmentSolver& solver, std::vector<double> values, std::size_t rows,
                                std::size_t columns) {
  for (auto& value : values) value = -value;
  return solver.solve(values, static_cast<int>(rows), static_cast<int>(columns), 0);
}

/// How well two ids go together over the whole sequence, before boxes are paired.
IdTable alignment(std::span<const FramePair> frames, const Side& truth, const Side& answer) {
  IdTable together(truth.ids(), answer.ids());
  std::vector<double> row_sums;
  std::vector<double> column_sums;
  for (const auto& frame : frames) {
    const std::size_t columns = frame.answer.size();
    row_sums.assign(frame.truth.size(), 0);
    column_sums.assign(columns, 0);
    for (std::size_t k = 0; k < frame.overlaps.size(); ++k) {
      row_sums[k / columns] += frame.overlaps[k];
      column_sums[k % columns] += frame.overlaps[k];
    }
    for (std::size_t k = 0; k < frame.overlaps.size(); ++k) {
      const double all = row_sums[k / columns] + column_sums[k % columns] - frame.overlaps[k];
      if (all > kEpsilon)
        together.at(frame.truth[k / columns].id, frame.answer[k % columns].id) += frame.overlaps[k] / all;
    }
  }
  for (int i = 0; i < truth.ids(); ++i) {
    for (int j = 0; j < answer.ids(); ++j) {
      double& value = together.at(i, j);
      value /= truth.boxes_of_id[static_cast<std::size_t>(i)] + answer.boxes_of_id[static_cast<std::size_t>(j)] - value;
    }
  }
  return together;
}

void add_association(TrackingCounts& counts, std::size_t level, IdTable& made, const Side& truth, const Side& answer) {
  for (int i = 0; i < truth.ids(); ++i) {
    for (int j = 0; j < answer.ids(); ++j) {
      const double pairs = made.at(i, j);
      if (pairs == 0) continue;
      const double in_truth = truth.boxes_of_id[static_cast<std::size_t>(i)];
      const double in_answer = answer.boxes_of_id[static_cast<std::size_t>(j)];
      counts.association[level] += pairs * pairs / (in_truth + in_answer - pairs);
      counts.association_recall[level] += pairs * pairs / in_truth;
      counts.association_precision[level] += pairs * pairs / in_answer;
    }
  }
}

void count_hota(TrackingCounts& counts, std::span<const FramePair> frames, const Side& truth, const Side& answer) {
  auto together = alignment(frames, truth, answer);
  std::vector<IdTable> made(kHotaThresholds, IdTable(truth.ids(), answer.ids()));
  geometry::AssignmentSolver solver;
  std::vector<double> values;
  for (const auto& frame : frames) {
    const std::size_t columns = frame.answer.size();
    values.clear();
    for (std::size_t k = 0; k < frame.overlaps.size(); ++k) {
      values.push_back(frame.overlaps[k] * together.at(frame.truth[k / columns].id, frame.answer[k % columns].id));
    }
    const auto chosen = best_pairs(solver, values, frame.truth.size(), columns);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i] < 0) continue;
      const auto j = static_cast<std::size_t>(chosen[i]);
      const double similarity = frame.overlaps[i * columns + j];
      for (std::size_t level = 0; level < kHotaThresholds && similarity >= threshold(level) - kEpsilon; ++level) {
        ++counts.true_positives[level];
        counts.localisation[level] += similarity;
        ++made[level].at(frame.truth[i].id, frame.answer[j].id);
      }
    }
  }
  for (std::size_t level = 0; level < kHotaThresholds; ++level) {
    counts.false_negatives[level] = counts.truth_boxes - counts.true_positives[level];
    counts.false_positives[level] = counts.answer_boxes - counts.true_positives[level];
    add_association(counts, level, made[level], truth, answer);
  }
}

void count_identity(TrackingCounts& counts, std::span<const FramePair> frames, const Side& truth, const Side& answer) {
  IdTable together(truth.ids(), answer.ids());
  for (const auto& frame : frames) {
    const std::size_t columns = frame.answer.size();
    for (std::size_t k = 0; k < frame.overlaps.size(); ++k) {
      if (frame.overlaps[k] >= kMatched) ++together.at(frame.truth[k / columns].id, frame.answer[k % columns].id);
    }
  }
  geometry::AssignmentSolver solver;
  const auto chosen = best_pairs(solver, together.values, truth.boxes_of_id.size(), answer.boxes_of_id.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= 0) counts.id_true_positives += together.at(static_cast<int>(i), chosen[i]);
  }
}

void count_clear(TrackingCounts& counts, std::span<const FramePair> frames, const Side& truth) {
  std::vector<int> last(static_cast<std::size_t>(truth.ids()), kNobody);
  std::vector<int> frame_before = last;
  geometry::AssignmentSolver solver;
  std::vector<double> values;
  for (const auto& frame : frames) {
    if (frame.truth.empty() || frame.answer.empty()) continue;
    const std::size_t columns = frame.answer.size();
    values.clear();
    for (std::size_t k = 0; k < frame.overlaps.size(); ++k) {
      const bool continued =
          frame_before[static_cast<std::size_t>(frame.truth[k / columns].id)] == frame.answer[k % columns].id;
      const bool allowed = frame.overlaps[k] >= kMatched - kEpsilon;
      values.push_back(allowed ? frame.overlaps[k] + (continued ? kContinued : 0) : 0);
    }
    const auto chosen = best_pairs(solver, values, frame.truth.size(), columns);
    std::fill(frame_before.begin(), frame_before.end(), kNobody);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i] < 0) continue;
      const auto j = static_cast<std::size_t>(chosen[i]);
      const auto id = static_cast<std::size_t>(frame.truth[i].id);
      counts.switches += last[id] != kNobody && last[id] != frame.answer[j].id;
      last[id] = frame_before[id] = frame.answer[j].id;
      ++counts.clear_true_positives;
      counts.clear_overlap += frame.overlaps[i * columns + j];
    }
  }
}

double ratio(double part, double whole) {
  return part / std::max(1.0, whole);
}

}  // namespace

TrackingCounts count_tracking(std::span<const MotRow> truth, std::span<const MotRow> answer) {
  std::vector<MotRow> counted;
  std::copy_if(truth.begin(), truth.end(), std::back_inserter(counted),
               [](const MotRow& row) { return row.confidence != 0; });
  const auto truth_side = side_of(counted, "truth");
  const auto answer_side = side_of(answer, "tracker's answer");
  const auto frames = frames_of(truth_side, answer_side);
  TrackingCounts counts;
  counts.truth_boxes = static_cast<double>(truth_side.boxes.size());
  counts.answer_boxes = static_cast<double>(answer_side.boxes.size());
  counts.truth_ids = truth_side.ids();
  counts.answer_ids = answer_side.ids();
  count_hota(counts, frames, truth_side, answer_side);
  count_identity(counts, frames, truth_side, answer_side);
  count_clear(counts, frames, truth_side);
  return counts;
}

TrackingCounts combined(std::span<const TrackingCounts> sequences) {
  TrackingCounts sum;
  for (const auto& one : sequences) {
    for (auto member :
         {&TrackingCounts::true_positives, &TrackingCounts::false_negatives, &TrackingCounts::false_positives,
          &TrackingCounts::association, &TrackingCounts::association_recall, &TrackingCounts::association_precision,
          &TrackingCounts::localisation}) {
      for (std::size_t level = 0; level < kHotaThresholds; ++level) (sum.*member)[level] += (one.*member)[level];
    }
    for (auto member : {&TrackingCounts::id_true_positives, &TrackingCounts::clear_true_positives,
                        &TrackingCounts::switches, &TrackingCounts::clear_overlap, &TrackingCounts::truth_boxes,
                        &TrackingCounts::answer_boxes, &TrackingCounts::truth_ids, &TrackingCounts::answer_ids}) {
      sum.*member += one.*member;
    }
  }
  return sum;
}

TrackingScores scores_of(const TrackingCounts& counts) {
  TrackingScores scores;
  for (std::size_t level = 0; level < kHotaThresholds; ++level) {
    const double pairs = counts.true_positives[level];
    const double det_a = ratio(pairs, pairs + counts.false_negatives[level] + counts.false_positives[level]);
    const double ass_a = ratio(counts.association[level], pairs);
    scores.hota += std::sqrt(det_a * ass_a);
    scores.det_a += det_a;
    scores.ass_a += ass_a;
    scores.det_recall += ratio(pairs, pairs + counts.false_negatives[level]);
    scores.det_precision += ratio(pairs, pairs + counts.false_positives[level]);
    scores.ass_recall += ratio(counts.association_recall[level], pairs);
    scores.ass_precision += ratio(counts.association_precision[level], pairs);
    scores.loc_a += std::max(1e-10, counts.localisation[level]) / std::max(1e-10, pairs);
  }
  for (auto member : {&TrackingScores::hota, &TrackingScores::det_a, &TrackingScores::ass_a,
                      &TrackingScores::det_recall, &TrackingScores::det_precision, &TrackingScores::ass_recall,
                      &TrackingScores::ass_precision, &TrackingScores::loc_a}) {
    scores.*member /= static_cast<double>(kHotaThresholds);
  }
  scores.idf1 = ratio(2 * counts.id_true_positives, counts.truth_boxes + counts.answer_boxes);
  scores.id_recall = ratio(counts.id_true_positives, counts.truth_boxes);
  scores.id_precision = ratio(counts.id_true_positives, counts.answer_boxes);
  const double false_positives = counts.answer_boxes - counts.clear_true_positives;
  scores.mota = ratio(counts.clear_true_positives - false_positives - counts.switches, counts.truth_boxes);
  scores.motp = ratio(counts.clear_overlap, counts.clear_true_positives);
  return scores;
}

}  // namespace touchline::evaluate
