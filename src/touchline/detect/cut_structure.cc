#include "touchline/detect/cut_structure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace touchline::detect {
namespace {

using match::CutSignature;

constexpr int kColumns = CutSignature::kFineColumns;
constexpr int kRows = CutSignature::kFineRows;
constexpr int kRowsRead = 4;            // of each cell
constexpr int kReach = 3;               // the surroundings are 7 × 7 cells
constexpr int kMaxShiftX = 10;          // cells
constexpr int kMaxShiftY = 2;           // cells
constexpr float kLeastPower = 4;        // mean square, luma²: below, noise decides
constexpr float kSurelyOneShot = 0.9F;  // no need to look for a pan

using Fine = std::array<float, kColumns * kRows>;

float cell_mean(const image::ConstPlane& luma, int column, int row) {
  const int x0 = std::min(column * luma.width / kColumns, luma.width - 1);
  const int x1 = std::max(x0 + 1, (column + 1) * luma.width / kColumns);
  const int y0 = std::min(row * luma.height / kRows, luma.height - 1);
  const int y1 = std::max(y0 + 1, (row + 1) * luma.height / kRows);
  const int step = std::max(1, (y1 - y0) / kRowsRead);
  std::uint32_t sum = 0;
  std::uint32_t count = 0;
  for (int y = y0; y < y1; y += step) {
    const std::uint8_t* line = luma.row(y);
    for (int x = x0; x < x1; ++x) sum += line[x];
    count += static_cast<std::uint32_t>(x1 - x0);
  }
  return static_cast<float>(sum) / static_cast<float>(count);
}

float surroundings(const Fine& means, int column, int row) {
  float sum = 0;
  int count = 0;
  for (int y = std::max(0, row - kReach); y <= std::min(kRows - 1, row + kReach); ++y) {
    for (int x = std::max(0, column - kReach); x <= std::min(kColumns - 1, column + kReach); ++x) {
      sum += means[static_cast<std::size_t>(y * kColumns + x)];
      ++count;
    }
  }
  return sum / static_cast<float>(count);
}

float power(const CutSignature& signature) {
  float sum = 0;
  for (const auto value : signature.structure) sum += static_cast<float>(value) * static_cast<float>(value);
  return sum / static_cast<float>(signature.structure.size());
}

float correlation(const CutSignature& a, const CutSignature& b, int dx, int dy) {
  const int width = kColumns - std::abs(dx);
  std::int32_t ab = 0;
  std::int32_t aa = 0;
  std::int32_t bb = 0;
  for (int y = std::max(0, dy); y < kRows + std::min(0, dy); ++y) {
    const std::int8_t* from = a.structure.data() + y * kColumns + std::max(0, dx);
    const std::int8_t* to = b.structure.data() + (y - dy) * kColumns + std::max(0, -dx);
    for (int x = 0; x < width; ++x) {
      ab += from[x] * to[x];
      aa += from[x] * from[x];
      bb += to[x] * to[x];
    }
  }
  const float scale = std::sqrt(static_cast<float>(aa) * static_cast<float>(bb));
  return scale > 0 ? static_cast<float>(ab) / scale : 0;
}

}  // namespace

void add_structure(CutSignature& signature, const image::ConstPlane& luma) {
  Fine means{};
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      means[static_cast<std::size_t>(row * kColumns + column)] = cell_mean(luma, column, row);
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      const auto i = static_cast<std::size_t>(row * kColumns + column);
      const float above = std::round(means[i] - surroundings(means, column, row));
      signature.structure[i] = static_cast<std::int8_t>(std::clamp(above, -127.0F, 127.0F));
    }
  }
}

float structure_agreement(const CutSignature& a, const CutSignature& b) {
  if (power(a) < kLeastPower || power(b) < kLeastPower) return 1;
  float best = correlation(a, b, 0, 0);
  if (best > kSurelyOneShot) return best;
  for (int dy = -kMaxShiftY; dy <= kMaxShiftY; ++dy) {
    for (int dx = -kMaxShiftX; dx <= kMaxShiftX; ++dx) best = std::max(best, correlation(a, b, dx, dy));
  }
  return best;
}

}  // namespace touchline::detect
