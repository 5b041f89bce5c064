#include "touchline/synth/sensor.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "touchline/synth/fixed_math.h"

namespace touchline::synth {
namespace {

constexpr int kGrainSize = 1 << 14;
constexpr int kLongestRow = 4096 + 2;
constexpr int kWindow = 5;                        // rows the sharpening looks at
constexpr float kSoft = 0.2F;                     // weight of each neighbour in the lens's blur
constexpr float kWide[3] = {0.3F, 0.22F, 0.13F};  // what sharpening takes for the surroundings, from the middle out
constexpr float kVignette = 0.06F;

/// Nearly normal numbers of deviation 1, the same for everybody.
const std::vector<float>& grain() {
  static const std::vector<float> table = [] {
    Random random(0x6EA1);
    std::vector<float> values;
    values.reserve(kGrainSize + kLongestRow);
    for (int i = 0; i < kGrainSize + kLongestRow; ++i) values.push_back(static_cast<float>(random.normal()));
    return values;
  }();
  return table;
}

const float* grain_row(std::uint64_t seed, int y) {
  return grain().data() + (scramble(seed + static_cast<std::uint64_t>(y)) & (kGrainSize - 1));
}

std::uint8_t byte(float v) {
  return static_cast<std::uint8_t>(std::clamp(v + 0.5F, 0.0F, 255.0F));
}

}  // namespace

void Sensor::soften_row(const Canvas& canvas, int y, std::vector<float>& luma) {
  const Pixel* rows[3] = {canvas.row(std::max(0, y - 1)), canvas.row(y),
                          canvas.row(std::min(canvas.height - 1, y + 1))};
  const auto width = static_cast<std::size_t>(canvas.width);
  column_.resize(width + 2);
  for (std::size_t x = 0; x < width; ++x) {
    column_[x + 1] = kSoft * (rows[0][x][0] + rows[2][x][0]) + (1 - 2 * kSoft) * rows[1][x][0];
  }
  column_[0] = column_[1];
  column_[width + 1] = column_[width];
  luma.resize(width);
  for (std::size_t x = 0; x < width; ++x) {
    luma[x] = kSoft * (column_[x] + column_[x + 2]) + (1 - 2 * kSoft) * column_[x + 1];
  }
}

void Sensor::blur_column(int y, int height) {
  const auto row = [&](int at) {
    return rows_[static_cast<std::size_t>(std::clamp(at, 0, height - 1) % kWindow)].data();
  };
  const float* rows[kWindow] = {row(y - 2), row(y - 1), row(y), row(y + 1), row(y + 2)};
  const std::size_t width = rows_[0].size();
  blurred_.resize(width + 4);
  float* out = blurred_.data() + 2;
  for (std::size_t x = 0; x < width; ++x) {
    out[x] = kWide[0] * rows[2][x] + kWide[1] * (rows[1][x] + rows[3][x]) + kWide[2] * (rows[0][x] + rows[4][x]);
  }
  blurred_[0] = blurred_[1] = out[0];
  blurred_[width + 2] = blurred_[width + 3] = out[width - 1];
}

void Sensor::develop_luma(const image::Plane& out, const Canvas& canvas, std::uint64_t grain_seed) {
  const auto sharp = static_cast<float>(look_->sharpening);
  const auto gain = static_cast<float>(look_->contrast * 219 / 255);
  const auto noise = static_cast<float>(look_->noise * 219 / 255);
  const float lift = 16 + 110 * (219.0F / 255) * (1 - static_cast<float>(look_->contrast));
  rows_.resize(kWindow);
  for (int y = 0; y < 2; ++y) soften_row(canvas, y, rows_[static_cast<std::size_t>(y)]);
  std::vector<float> corner_loss(static_cast<std::size_t>(canvas.width));
  for (int x = 0; x < canvas.width; ++x) {
    const float dx = 2 * static_cast<float>(x) / static_cast<float>(canvas.width) - 1;
    corner_loss[static_cast<std::size_t>(x)] = kVignette * dx * dx;
  }
  for (int y = 0; y < canvas.height; ++y) {
    if (y + 2 < canvas.height) soften_row(canvas, y + 2, rows_[static_cast<std::size_t>((y + 2) % kWindow)]);
    blur_column(y, canvas.height);
    const float* line = rows_[static_cast<std::size_t>(y % kWindow)].data();
    const float* wide = blurred_.data() + 2;
    const float* grains = grain_row(grain_seed, y);
    const float dy = 2 * static_cast<float>(y) / static_cast<float>(canvas.height) - 1;
    const float bright = 1 - kVignette * dy * dy;
    std::uint8_t* bytes = out.row(y);
    for (int x = 0; x < canvas.width; ++x) {
      const float around =
          kWide[0] * wide[x] + kWide[1] * (wide[x - 1] + wide[x + 1]) + kWide[2] * (wide[x - 2] + wide[x + 2]);
      const float value = (line[x] + sharp * (line[x] - around)) * (bright - corner_loss[static_cast<std::size_t>(x)]);
      bytes[x] = byte(lift + gain * value + noise * grains[x]);
    }
  }
}

void Sensor::develop_chroma(const image::I420View& out, const Canvas& canvas, std::uint64_t grain_seed) const {
  const float noise = 0.4F * static_cast<float>(look_->noise * 224 / 255);
  for (int y = 0; y < out.u.height; ++y) {
    const Pixel* top = canvas.row(2 * y);
    const Pixel* bottom = canvas.row(std::min(2 * y + 1, canvas.height - 1));
    const float* grains = grain_row(~grain_seed, y);
    for (int x = 0; x < out.u.width; ++x) {
      const int left = 2 * x;
      const int right = std::min(2 * x + 1, canvas.width - 1);
      const Pixel sum = splat(0.25F * 224 / 255) * (top[left] + top[right] + bottom[left] + bottom[right]);
      out.u.row(y)[x] = byte(128 + sum[1] + noise * grains[2 * x]);
      out.v.row(y)[x] = byte(128 + sum[2] + noise * grains[2 * x + 1]);
    }
  }
}

void Sensor::develop(const image::I420View& out, const Canvas& canvas, std::uint64_t grain_seed) {
  develop_luma(out.y, canvas, grain_seed);
  develop_chroma(out, canvas, grain_seed);
}

}  // namespace touchline::synth
