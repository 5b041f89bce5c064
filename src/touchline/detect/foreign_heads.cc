#include "touchline/detect/foreign_heads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

using geometry::BoxPx;

constexpr std::size_t kPoseRows = 5 + 3 * match::kPitchPointCount;
constexpr float kMinPoseScore = 0.25F;

BoxPx box_around(float center_x, float center_y, float width, float height) {
  return {center_x - width / 2, center_y - height / 2, center_x + width / 2, center_y + height / 2};
}

bool is_finite(const BoxPx& box) {
  return std::isfinite(box.x0) && std::isfinite(box.y0) && std::isfinite(box.x1) && std::isfinite(box.y1);
}

void add(std::vector<RawBox>& boxes, const RawBox& raw) {
  if (is_finite(raw.box_px) && raw.box_px.x0 <= raw.box_px.x1 && raw.box_px.y0 <= raw.box_px.y1) boxes.push_back(raw);
}

/// Number of proposals in an output whose proposals have `row` numbers each.
std::size_t proposals_in(std::span<const float> output, std::size_t row) {
  TOUCHLINE_REQUIRE(output.size() % row == 0, "an output of {} numbers has no rows of {}", output.size(), row);
  return output.size() / row;
}

/// Best class of a proposal whose class scores lie side by side.
RawBox best_of_row(const float* row, std::size_t classes) {
  RawBox raw;
  const float* scores = row + 5;
  const float* best = std::max_element(scores, scores + classes);
  raw.class_index = static_cast<std::int32_t>(best - scores);
  raw.score = row[4] * *best;
  for (std::size_t c = 0; c < std::min(classes, kScoredClasses); ++c) raw.class_scores[c] = row[4] * scores[c];
  return raw;
}

}  // namespace

void decode_yolov5(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score) {
  TOUCHLINE_REQUIRE(class_count >= 1, "a detector has at least one class, not {}", class_count);
  const auto classes = static_cast<std::size_t>(class_count);
  const std::size_t count = proposals_in(output, 5 + classes);
  boxes.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const float* row = output.data() + i * (5 + classes);
    if (!(row[4] >= min_score)) continue;
    RawBox raw = best_of_row(row, classes);
    if (!(raw.score >= min_score)) continue;
    raw.box_px = box_around(row[0], row[1], row[2], row[3]);
    add(boxes, raw);
  }
}

void decode_yolov8(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score) {
  TOUCHLINE_REQUIRE(class_count >= 1, "a detector has at least one class, not {}", class_count);
  const auto classes = static_cast<std::size_t>(class_count);
  const std::size_t count = proposals_in(output, 4 + classes);
  boxes.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const float* column = output.data() + i;
    RawBox raw;
    for (std::size_t c = 0; c < classes; ++c) {
      const float score = column[(4 + c) * count];
      if (score > raw.score) {
        raw.score = score;
        raw.class_index = static_cast<std::int32_t>(c);
      }
    }
    if (!(raw.score >= min_score)) continue;
    for (std::size_t c = 0; c < std::min(classes, kScoredClasses); ++c) raw.class_scores[c] = column[(4 + c) * count];
    raw.box_px = box_around(column[0], column[count], column[2 * count], column[3 * count]);
    add(boxes, raw);
  }
}

void decode_yolo26(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score) {
  const std::size_t count = proposals_in(output, 6);
  boxes.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const float* row = output.data() + i * 6;
    if (!(row[4] >= min_score) || !(row[5] >= 0 && row[5] < static_cast<float>(class_count))) continue;
    add(boxes, {{row[0], row[1], row[2], row[3]}, static_cast<std::int32_t>(row[5]), row[4], {}});
  }
}

void decode_yolox(std::vector<RawBox>& boxes, std::span<const float> output, int width_px, int height_px,
                  int class_count, float min_score) {
  TOUCHLINE_REQUIRE(class_count >= 1, "a detector has at least one class, not {}", class_count);
  const auto classes = static_cast<std::size_t>(class_count);
  const std::size_t count = proposals_in(output, 5 + classes);
  boxes.clear();
  std::size_t i = 0;
  for (const int stride : {8, 16, 32}) {
    const auto step = static_cast<float>(stride);
    for (int y = 0; y < height_px / stride; ++y) {
      for (int x = 0; x < width_px / stride; ++x, ++i) {
        TOUCHLINE_REQUIRE(i < count, "an output of {} proposals is too short for {}x{}", count, width_px, height_px);
        const float* row = output.data() + i * (5 + classes);
        if (!(row[4] >= min_score)) continue;
        RawBox raw = best_of_row(row, classes);
        if (!(raw.score >= min_score)) continue;
        raw.box_px = box_around((row[0] + static_cast<float>(x)) * step, (row[1] + static_cast<float>(y)) * step,
                                std::exp(row[2]) * step, std::exp(row[3]) * step);
        add(boxes, raw);
      }
    }
  }
  TOUCHLINE_REQUIRE(i == count, "an output of {} proposals is too long for {}x{}", count, width_px, height_px);
}

void decode_pitch_pose(match::SeenPoints& points, std::span<const float> output, float min_score) {
  const std::size_t count = proposals_in(output, kPoseRows);
  points = {};
  if (count == 0) return;
  const float* scores = output.data() + 4 * count;
  const float* best = std::max_element(scores, scores + count);
  if (!(*best >= kMinPoseScore)) return;
  const float* column = output.data() + (best - scores);
  for (std::size_t k = 0; k < match::kPitchPointCount; ++k) {
    const float* point = column + (5 + 3 * k) * count;
    const float score = point[2 * count];
    if (score >= min_score && std::isfinite(point[0]) && std::isfinite(point[count])) {
      points[k] = {{double(point[0]), double(point[count])}, std::min(score, 1.0F)};
    }
  }
}

}  // namespace touchline::detect
