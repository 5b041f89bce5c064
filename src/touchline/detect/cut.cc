#include "touchline/detect/cut.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "touchline/base/error.h"
#include "touchline/detect/cut_structure.h"

namespace touchline::detect {
namespace {

using match::CutSignature;

constexpr int kColumns = CutSignature::kColumns;
constexpr int kRows = CutSignature::kRows;
constexpr int kRowsRead = 8;      // of each cell
constexpr int kMaxShiftX = 3;     // cells
constexpr int kMaxShiftY = 1;     // cells
constexpr float kMaxGain = 2.5F;  // of luma between two frames of one shot
constexpr float kFlatSpread = 2;  // added to luma's deviation, so that flat pictures have a gain too
constexpr float kDarkLuma = 48;
constexpr float kBrightLuma = 208;

struct Range {
  int begin;
  int end;
};

/// Samples of cell `cell` of `cells` along an axis of `size` samples; at least one.
Range cell_range(int cell, int cells, int size) {
  const int begin = std::min(cell * size / cells, size - 1);
  return {begin, std::max(begin + 1, (cell + 1) * size / cells)};
}

std::uint8_t cell_mean(const image::ConstPlane& plane, Range columns, Range rows) {
  const int step = std::max(1, (rows.end - rows.begin) / kRowsRead);
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
  for (int y = rows.begin; y < rows.end; y += step) {
    const std::uint8_t* row = plane.row(y);
    std::uint32_t row_sum = 0;
    for (int x = columns.begin; x < columns.end; ++x) row_sum += row[x];
    sum += row_sum;
    count += static_cast<std::uint64_t>(columns.end - columns.begin);
  }
  return static_cast<std::uint8_t>((sum + count / 2) / count);
}

/// The cells that two pictures share when b is a moved by (dx, dy) cells.
struct Overlap {
  int count = 0;
  std::array<std::array<float, 3>, kColumns * kRows> a;
  std::array<std::array<float, 3>, kColumns * kRows> b;
};

void fill(Overlap& overlap, const CutSignature& a, const CutSignature& b, int dx, int dy) {
  overlap.count = 0;
  for (int y = std::max(0, dy); y < kRows + std::min(0, dy); ++y) {
    for (int x = std::max(0, dx); x < kColumns + std::min(0, dx); ++x) {
      const auto& from = a.cells[static_cast<std::size_t>(y * kColumns + x)];
      const auto& to = b.cells[static_cast<std::size_t>((y - dy) * kColumns + (x - dx))];
      const auto i = static_cast<std::size_t>(overlap.count++);
      for (std::size_t c = 0; c < 3; ++c) {
        overlap.a[i][c] = from[c];
        overlap.b[i][c] = to[c];
      }
    }
  }
}

struct LumaStatistics {
  float mean;
  float deviation;
};

LumaStatistics luma_statistics(const std::array<std::array<float, 3>, kColumns * kRows>& cells, int count) {
  float sum = 0;
  float squares = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    sum += cells[i][0];
    squares += cells[i][0] * cells[i][0];
  }
  const float mean = sum / static_cast<float>(count);
  return {mean, std::sqrt(std::max(0.0F, squares / static_cast<float>(count) - mean * mean)) + kFlatSpread};
}

/// Luma of b is about gain · luma of a + offset.
struct Light {
  float gain = 1;
  float offset = 0;
};

using Values = std::array<float, kColumns * kRows>;

float median(Values& values, int count) {
  const auto middle = values.begin() + count / 2;
  std::nth_element(values.begin(), middle, values.begin() + count);
  return *middle;
}

float median_distance(const Overlap& overlap, Light light) {
  const float scale = 1 / std::max(1.0F, light.gain);
  Values distances{};
  for (std::size_t i = 0; i < static_cast<std::size_t>(overlap.count); ++i) {
    const float luma = (light.gain * overlap.a[i][0] + light.offset - overlap.b[i][0]) * scale;
    distances[i] = 0.5F * std::abs(luma) + std::abs(overlap.a[i][1] - overlap.b[i][1]) +
                   std::abs(overlap.a[i][2] - overlap.b[i][2]);
  }
  return median(distances, overlap.count);
}

/// Brighter or darker all over: the median of the differences, which graphics on a part of the picture do not move.
Light shifted_light(const Overlap& overlap) {
  Values differences{};
  for (std::size_t i = 0; i < static_cast<std::size_t>(overlap.count); ++i) {
    differences[i] = overlap.b[i][0] - overlap.a[i][0];
  }
  return {1, median(differences, overlap.count)};
}

/// Another exposure: what gives luma the same mean and deviation in both.
Light scaled_light(const Overlap& overlap) {
  const auto of_a = luma_statistics(overlap.a, overlap.count);
  const auto of_b = luma_statistics(overlap.b, overlap.count);
  const float gain = std::clamp(of_b.deviation / of_a.deviation, 1 / kMaxGain, kMaxGain);
  return {gain, of_b.mean - gain * of_a.mean};
}

float nearest_distance(const Overlap& overlap) {
  return std::min(median_distance(overlap, shifted_light(overlap)), median_distance(overlap, scaled_light(overlap)));
}

/// Nothing to see: one gray level all over, close to black or white.
bool shows_nothing(const CutSignature& signature, float spread) {
  float lowest = 255;
  float highest = 0;
  for (const auto& cell : signature.cells) {
    lowest = std::min(lowest, static_cast<float>(cell[0]));
    highest = std::max(highest, static_cast<float>(cell[0]));
  }
  return highest - lowest < spread && (highest < kDarkLuma || lowest > kBrightLuma);
}

}  // namespace

void CutOptions::check() const {
  TOUCHLINE_REQUIRE(min_distance >= 0 && min_distance <= 255, "a cut's distance must lie in [0, 255], not {}",
                    min_distance);
  TOUCHLINE_REQUIRE(min_ratio >= 1 && min_ratio <= 100, "a cut's ratio must lie in [1, 100], not {}", min_ratio);
  TOUCHLINE_REQUIRE(recent_s >= 0 && recent_s <= 10, "a cut's past must lie in [0, 10] s, not {}", recent_s);
  TOUCHLINE_REQUIRE(max_agreement >= 0 && max_agreement <= 1, "a cut's agreement must lie in [0, 1], not {}",
                    max_agreement);
  TOUCHLINE_REQUIRE(min_drop >= 0 && min_drop <= 1, "a cut's drop must lie in [0, 1], not {}", min_drop);
  TOUCHLINE_REQUIRE(max_blackout_s >= 0 && max_blackout_s <= 10, "a blackout must lie in [0, 10] s, not {}",
                    max_blackout_s);
  TOUCHLINE_REQUIRE(blackout_spread >= 0 && blackout_spread <= 255, "a blackout's spread must lie in [0, 255], not {}",
                    blackout_spread);
}

CutSignature cut_signature(const image::Frame& frame) {
  CutSignature signature;
  const image::ConstPlane planes[3] = {frame.picture.y, frame.picture.u, frame.picture.v};
  for (std::size_t c = 0; c < 3; ++c) {
    for (int y = 0; y < kRows; ++y) {
      const Range rows = cell_range(y, kRows, planes[c].height);
      for (int x = 0; x < kColumns; ++x) {
        signature.cells[static_cast<std::size_t>(y * kColumns + x)][c] =
            cell_mean(planes[c], cell_range(x, kColumns, planes[c].width), rows);
      }
    }
  }
  add_structure(signature, frame.picture.y);
  return signature;
}

float cut_distance(const CutSignature& a, const CutSignature& b) {
  Overlap overlap;
  fill(overlap, a, b, 0, 0);
  float nearest = nearest_distance(overlap);
  constexpr float kSurelyOneShot = 2;  // no need to look for a pan
  if (nearest < kSurelyOneShot) return nearest;
  for (int dy = -kMaxShiftY; dy <= kMaxShiftY; ++dy) {
    for (int dx = -kMaxShiftX; dx <= kMaxShiftX; ++dx) {
      fill(overlap, a, b, dx, dy);
      nearest = std::min(nearest, nearest_distance(overlap));
    }
  }
  return nearest;
}

CutDetector::CutDetector(const CutOptions& options) : options_(options) {
  options_.check();
}

bool CutDetector::stands_out(const Pair& pair) {
  while (!recent_.empty() && recent_.front().pts_s < pair.pts_s - options_.recent_s) recent_.pop_front();
  // The first pair of a shot has none to be compared with: it shows how much moves here.
  if (recent_.empty() && cut_s_ && pair.pts_s - *cut_s_ <= options_.recent_s) return false;
  float highest_distance = 0;
  float lowest_agreement = 1;
  for (const Pair& before : recent_) {
    highest_distance = std::max(highest_distance, before.distance);
    lowest_agreement = std::min(lowest_agreement, before.agreement);
  }
  const bool by_light = pair.distance > options_.min_distance && pair.distance > options_.min_ratio * highest_distance;
  const bool by_structure =
      pair.agreement < options_.max_agreement && pair.agreement < lowest_agreement - options_.min_drop;
  return by_light || by_structure;
}

bool CutDetector::update(const CutSignature& signature, double pts_s) {
  if (shows_nothing(signature, options_.blackout_spread)) {
    if (!blackout_since_s_) blackout_since_s_ = pts_s;
    return false;
  }
  const bool long_blackout = blackout_since_s_ && pts_s - *blackout_since_s_ > options_.max_blackout_s;
  blackout_since_s_.reset();
  if (!last_) {
    last_ = signature;
    return false;
  }
  const Pair pair{pts_s, cut_distance(*last_, signature), structure_agreement(*last_, signature)};
  const bool is_cut = stands_out(pair) || long_blackout;
  last_ = signature;
  if (is_cut) {
    recent_.clear();
    cut_s_ = pts_s;
  } else {
    recent_.push_back(pair);
  }
  return is_cut;
}

}  // namespace touchline::detect
