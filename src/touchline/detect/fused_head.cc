#include "touchline/detect/fused_head.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

constexpr int kBins = 16;
constexpr int kSides = 4;
static_assert(kFusedSideRows == kSides * kBins);
constexpr std::array<int, 3> kStrides = {8, 16, 32};
constexpr int kPointStride = 8;
constexpr int kBallStride = 4;
constexpr int kPeakReach = 2;  // a 5×5 neighbourhood
constexpr int kVoteReach = 2;  // a 5×5 neighbourhood

void require_size(int width_px, int height_px) {
  TOUCHLINE_REQUIRE(width_px >= 32 && height_px >= 32 && width_px % 32 == 0 && height_px % 32 == 0,
                    "our network's input must be a multiple of 32 on both sides, not {}x{}", width_px, height_px);
}

/// The expected value of a distribution of 16 logits that lie `stride` floats apart.
float expected_bin(const float* logits, std::size_t stride) {
  std::array<float, kBins> values;
  for (std::size_t i = 0; i < kBins; ++i) values[i] = logits[i * stride];
  const float highest = *std::ranges::max_element(values);
  float sum = 0;
  float weighted = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    const float e = std::exp(values[i] - highest);
    sum += e;
    weighted += e * static_cast<float>(i);
  }
  return weighted / sum;
}

/// The `det` output: rows of `cells` logits, those of classes behind the four distributions.
struct FusedRows {
  const float* det = nullptr;
  std::size_t cells = 0;
  std::size_t class_count = 0;

  const float* classes() const { return det + kFusedSideRows * cells; }
};

RawBox decode_cell(const FusedRows& rows, std::size_t index, float center_x, float center_y, float stride) {
  RawBox raw;
  const std::size_t cells = rows.cells;
  const float* cell = rows.det + index;
  const float* classes = rows.classes() + index;
  std::size_t best = 0;
  for (std::size_t c = 0; c < rows.class_count; ++c) {
    if (classes[c * cells] > classes[best * cells]) best = c;
    raw.class_scores[c] = logistic(classes[c * cells]);
  }
  raw.class_index = static_cast<std::int32_t>(best);
  raw.score = raw.class_scores[best];
  std::array<float, kSides> reach;
  for (std::size_t side = 0; side < kSides; ++side) {
    reach[side] = expected_bin(cell + side * kBins * cells, cells) * stride;
  }
  raw.box_px = {center_x - reach[0], center_y - reach[1], center_x + reach[2], center_y + reach[3]};
  return raw;
}

/// By value: std::max's references keep loops scalar.
inline float higher(float a, float b) {
  return a > b ? a : b;
}

/// best[i] = the highest of the class logits of cell begin + i. Passes that the compiler turns into vectors.
void best_class_logits(std::span<float> best, const FusedRows& rows, std::size_t begin) {
  const float* first = rows.classes() + begin;
  std::copy_n(first, best.size(), best.data());
  for (std::size_t c = 1; c < rows.class_count; ++c) {
    float* __restrict highest = best.data();
    const float* __restrict logits = first + c * rows.cells;
    for (std::size_t i = 0; i < best.size(); ++i) highest[i] = higher(highest[i], logits[i]);
  }
}

float highest_of(const float* __restrict values, std::size_t count) {
  std::array<float, 16> lanes;
  lanes.fill(values[0]);
  std::size_t i = 0;
  for (; i + lanes.size() <= count; i += lanes.size()) {
    for (std::size_t k = 0; k < lanes.size(); ++k) lanes[k] = higher(lanes[k], values[i + k]);
  }
  float highest = *std::ranges::max_element(lanes);
  for (; i < count; ++i) highest = std::max(highest, values[i]);
  return highest;
}

/// True when no neighbour within kPeakReach is higher, and none before it in memory is equal.
bool is_peak(const float* map, int width, int height, int x, int y) {
  const float value = map[y * width + x];
  for (int v = std::max(0, y - kPeakReach); v <= std::min(height - 1, y + kPeakReach); ++v) {
    for (int u = std::max(0, x - kPeakReach); u <= std::min(width - 1, x + kPeakReach); ++u) {
      const float other = map[v * width + u];
      const bool is_before = v < y || (v == y && u < x);
      if (other > value || (other == value && is_before)) return false;
    }
  }
  return true;
}

/// One pitch point's logits, and where each cell says that it lies, in cells from its own centre.
struct PointMaps {
  const float* heat = nullptr;
  const float* dx = nullptr;
  const float* dy = nullptr;
  int width = 0;
  int height = 0;
};

/// Where the cells within kVoteReach of a peak say that the point lies, in cells: their mean weighted by score.
geometry::ImagePoint joint_vote(const PointMaps& maps, int peak) {
  const int x = peak % maps.width;
  const int y = peak / maps.width;
  double weights = 0;
  geometry::ImagePoint sum{0, 0};
  for (int v = std::max(0, y - kVoteReach); v <= std::min(maps.height - 1, y + kVoteReach); ++v) {
    for (int u = std::max(0, x - kVoteReach); u <= std::min(maps.width - 1, x + kVoteReach); ++u) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(v) * maps.width + u;
      const double weight = double(logistic(maps.heat[at]));
      weights += weight;
      sum.x += weight * (u + 0.5 + double(maps.dx[at]));
      sum.y += weight * (v + 0.5 + double(maps.dy[at]));
    }
  }
  return {sum.x / weights, sum.y / weights};
}

}  // namespace

float logit(float p) {
  TOUCHLINE_REQUIRE(p > 0 && p < 1, "a score threshold must lie inside (0, 1), not {}", p);
  return std::log(p / (1 - p));
}

float logistic(float x) {
  return 1 / (1 + std::exp(-x));
}

int fused_cell_count(int width_px, int height_px) {
  require_size(width_px, height_px);
  int cells = 0;
  for (const int stride : kStrides) cells += (width_px / stride) * (height_px / stride);
  return cells;
}

void decode_fused_boxes(std::vector<RawBox>& boxes, std::span<const float> det, int width_px, int height_px,
                        float min_score) {
  const auto cells = static_cast<std::size_t>(fused_cell_count(width_px, height_px));
  const std::size_t row_count = det.size() / cells;
  TOUCHLINE_REQUIRE(
      det.size() % cells == 0 && row_count > kFusedSideRows && row_count <= kFusedSideRows + kScoredClasses,
      "the output 'det' has {} numbers, not {} and 1 to {} classes for each of {} cells", det.size(), kFusedSideRows,
      kScoredClasses, cells);
  const FusedRows rows{det.data(), cells, row_count - kFusedSideRows};
  const float min_logit = logit(min_score);
  boxes.clear();
  std::vector<float> best;
  std::size_t row_begin = 0;
  for (const int stride : kStrides) {
    const auto width = static_cast<std::size_t>(width_px / stride);
    const auto height = static_cast<std::size_t>(height_px / stride);
    const auto step = static_cast<float>(stride);
    best.resize(width);
    for (std::size_t y = 0; y < height; ++y, row_begin += width) {
      best_class_logits(best, rows, row_begin);
      if (highest_of(best.data(), width) < min_logit) continue;
      for (std::size_t x = 0; x < width; ++x) {
        if (best[x] < min_logit) continue;
        boxes.push_back(decode_cell(rows, row_begin + x, (static_cast<float>(x) + 0.5F) * step,
                                    (static_cast<float>(y) + 0.5F) * step, step));
      }
    }
  }
}

void decode_fused_points(match::SeenPoints& points, std::span<const float> kp, int width_px, int height_px,
                         float min_score) {
  require_size(width_px, height_px);
  const int width = width_px / kPointStride;
  const int height = height_px / kPointStride;
  const auto cells = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  TOUCHLINE_REQUIRE(kp.size() == 3 * match::kPitchPointCount * cells, "the output 'kp' has {} numbers, not {}x{}",
                    kp.size(), 3 * match::kPitchPointCount, cells);
  const float min_logit = logit(min_score);
  for (std::size_t i = 0; i < match::kPitchPointCount; ++i) {
    points[i] = {};
    const float* map = kp.data() + i * cells;
    const float highest = highest_of(map, cells);
    if (!(highest >= min_logit)) continue;
    const int peak = static_cast<int>(std::find(map, map + cells, highest) - map);
    const float* dx = kp.data() + (match::kPitchPointCount + 2 * i) * cells;
    const auto place = joint_vote({map, dx, dx + cells, width, height}, peak);
    points[i] = {{place.x * kPointStride, place.y * kPointStride}, logistic(highest)};
  }
}

void decode_fused_balls(std::vector<BallPeak>& peaks, std::span<const float> ball, int width_px, int height_px,
                        float min_score, int max_count) {
  require_size(width_px, height_px);
  const int width = width_px / kBallStride;
  const int height = height_px / kBallStride;
  const auto cells = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  TOUCHLINE_REQUIRE(ball.size() == 3 * cells, "the output 'ball' has {} numbers, not 3x{}", ball.size(), cells);
  const float min_logit = logit(min_score);
  peaks.clear();
  for (int y = 0; y < height; ++y) {
    const float* row = ball.data() + static_cast<std::ptrdiff_t>(y) * width;
    if (highest_of(row, static_cast<std::size_t>(width)) < min_logit) continue;
    for (int x = 0; x < width; ++x) {
      if (row[x] < min_logit || !is_peak(ball.data(), width, height, x, y)) continue;
      const float* dx = row + cells + x;
      peaks.push_back(
          {{(x + 0.5 + double(dx[0])) * kBallStride, (y + 0.5 + double(dx[cells])) * kBallStride}, logistic(row[x])});
    }
  }
  std::ranges::stable_sort(peaks, [](const BallPeak& a, const BallPeak& b) { return a.score > b.score; });
  if (peaks.size() > static_cast<std::size_t>(max_count)) peaks.resize(static_cast<std::size_t>(max_count));
}

}  // namespace touchline::detect
