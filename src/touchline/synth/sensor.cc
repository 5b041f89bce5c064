#include "touchline/synth/sensor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "touchline/synth/fixed_math.h"

namespace touchline::synth {
namespace {

constexpr int kGrainSize = 1 << 14;
constexpr int kWindow = 5;      // rows the sharpening looks at
constexpr float kSoft = 0.16F;  // weight of each neighbour in the lens's blur

/// Nearly normal numbers of deviation 1, the same for everybody.
const std::vector<float>& grain() {
  static const std::vector<float> table = [] {
    Random random(0x6EA1);
    std::vector<float> values;
    for (int i = 0; i < kGrainSize; ++i) values.push_back(static_cast<float>(random.normal()));
    return values;
  }();
  return table;
}

std::uint8_t byte(float v) {
  return static_cast<std::uint8_t>(std::clamp(v + 0.5F, 0.0F, 255.0F));
}

}  // namespace

void Sensor::soften_row(const Canvas& canvas, int y, std::vector<float>& luma) const {
  const int top = std::max(0, y - 1);
  const int bottom = std::min(canvas.height - 1, y + 1);
  const Pixel* rows[3] = {canvas.row(top), canvas.row(y), canvas.row(bottom)};
  std::vector<float> column(static_cast<std::size_t>(canvas.width) + 2);
  for (int x = 0; x < canvas.width; ++x) {
    column[static_cast<std::size_t>(x) + 1] = kSoft * (rows[0][x][0] + rows[2][x][0]) + (1 - 2 * kSoft) * rows[1][x][0];
  }
  column.front() = column[1];
  column.back() = column[column.size() - 2];
  luma.resize(static_cast<std::size_t>(canvas.width));
  for (std::size_t x = 0; x < luma.size(); ++x) {
    luma[x] = kSoft * (column[x] + column[x + 2]) + (1 - 2 * kSoft) * column[x + 1];
  }
}

void Sensor::develop(const image::I420View& out, const Canvas& canvas, std::uint64_t grain_seed) {
  const int width = canvas.width;
  const int height = canvas.height;
  const auto sharp = static_cast<float>(look_->sharpening);
  const auto gain = static_cast<float>(look_->contrast * 219 / 255);
  const auto noise = static_cast<float>(look_->noise * 219 / 255);
  const float lift = 16 + 110 * (219.0F / 255) * (1 - static_cast<float>(look_->contrast));
  const auto& table = grain();
  rows_.resize(kWindow);
  for (int y = 0; y < std::min(2, height); ++y) soften_row(canvas, y, rows_[static_cast<std::size_t>(y)]);
  std::vector<float> blurred(static_cast<std::size_t>(width));
  const auto row = [&](int y) -> const std::vector<float>& {
    return rows_[static_cast<std::size_t>(std::clamp(y, 0, height - 1) % kWindow)];
  };
  for (int y = 0; y < height; ++y) {
    if (y + 2 < height) soften_row(canvas, y + 2, rows_[static_cast<std::size_t>((y + 2) % kWindow)]);
    for (std::size_t x = 0; x < blurred.size(); ++x) {
      blurred[x] = 0.3F * row(y)[x] + 0.22F * (row(y - 1)[x] + row(y + 1)[x]) + 0.13F * (row(y - 2)[x] + row(y + 2)[x]);
    }
    const std::vector<float>& line = row(y);
    const auto start = static_cast<int>(scramble(grain_seed + static_cast<std::uint64_t>(y)) & (kGrainSize - 1));
    const float dy = 2 * static_cast<float>(y) / static_cast<float>(height) - 1;
    std::uint8_t* bytes = out.y.row(y);
    for (int x = 0; x < width; ++x) {
      const int a = std::max(0, x - 2);
      const int b = std::min(width - 1, x + 2);
      const float around = 0.3F * blurred[x] +
                           0.22F * (blurred[std::max(0, x - 1)] + blurred[std::min(width - 1, x + 1)]) +
                           0.13F * (blurred[a] + blurred[b]);
      const float dx = 2 * static_cast<float>(x) / static_cast<float>(width) - 1;
      const float vignette = 1 - 0.06F * (dx * dx + dy * dy);
      const float value = (line[x] + sharp * (line[x] - around)) * vignette;
      bytes[x] = byte(lift + gain * value + noise * table[static_cast<std::size_t>((start + x) & (kGrainSize - 1))]);
    }
  }
  for (int y = 0; y < out.u.height; ++y) {
    const Pixel* top = canvas.row(2 * y);
    const Pixel* bottom = canvas.row(std::min(2 * y + 1, height - 1));
    const auto start = static_cast<int>(scramble(~grain_seed - static_cast<std::uint64_t>(y)) & (kGrainSize - 1));
    for (int x = 0; x < out.u.width; ++x) {
      const int left = 2 * x;
      const int right = std::min(2 * x + 1, width - 1);
      const Pixel sum = splat(0.25F * 224 / 255) * (top[left] + top[right] + bottom[left] + bottom[right]);
      const auto at = static_cast<std::size_t>((start + 2 * x) & (kGrainSize - 1));
      out.u.row(y)[x] = byte(128 + sum[1] + 0.4F * noise * table[at]);
      out.v.row(y)[x] = byte(128 + sum[2] + 0.4F * noise * table[(at + 1) & (kGrainSize - 1)]);
    }
  }
}

}  // namespace touchline::synth
