#include "touchline/synth/texture.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {

Texture::Texture(int width, int height, double texels_per_m, Edge across)
    : levels_(1), texels_per_m_(texels_per_m), across_(across) {
  levels_[0] = {width, height, static_cast<float>(texels_per_m),
                std::vector<Pixel>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

void Texture::finish() {
  while (levels_.back().width >= 8 && levels_.back().height >= 8) {
    const Level& fine = levels_.back();
    Level coarse{fine.width / 2, fine.height / 2, 0.5F * fine.scale, {}};
    coarse.texels.reserve(static_cast<std::size_t>(coarse.width) * coarse.height);
    for (int y = 0; y < coarse.height; ++y) {
      const Pixel* top = &fine.texels[static_cast<std::size_t>(2 * y) * fine.width];
      const Pixel* bottom = top + fine.width;
      for (int x = 0; x < coarse.width; ++x) {
        coarse.texels.push_back(splat(0.25F) * (top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1]));
      }
    }
    levels_.push_back(std::move(coarse));
  }
}

int Texture::level_for(double metres) const {
  double texels = metres * texels_per_m_;
  int level = 0;
  const int last = static_cast<int>(levels_.size()) - 1;
  while (texels > 1.5 && level < last) {
    texels *= 0.5;
    ++level;
  }
  return level;
}

Pixel Texture::sample(float u_m, float v_m, int level) const {
  const Level& map = levels_[static_cast<std::size_t>(level)];
  float x = u_m * map.scale - 0.5F;
  float y = v_m * map.scale - 0.5F;
  y = std::clamp(y, 0.0F, static_cast<float>(map.height) - 1.001F);
  const auto limit = static_cast<float>(map.width);
  if (across_ == Edge::kRepeat) {
    x -= limit * std::floor(x / limit);
    if (x >= limit) x = 0;
  } else {
    x = std::clamp(x, 0.0F, limit - 1.001F);
  }
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  const int next = ix + 1 < map.width ? ix + 1 : 0;
  const Pixel* row = &map.texels[static_cast<std::size_t>(iy) * map.width];
  const Pixel tx = splat(x - static_cast<float>(ix));
  const Pixel top = row[ix] + (row[next] - row[ix]) * tx;
  const Pixel* below = row + map.width;
  const Pixel bottom = below[ix] + (below[next] - below[ix]) * tx;
  return top + (bottom - top) * splat(y - static_cast<float>(iy));
}

void Texture::sample_row(Pixel* out, int count, float u_m, float v_m, float u_step_m, float v_step_m, int level) const {
  const Level& map = levels_[static_cast<std::size_t>(level)];
  const float x_step = u_step_m * map.scale;
  const float y_step = v_step_m * map.scale;
  const auto limit = static_cast<float>(map.width);
  float x = u_m * map.scale - 0.5F;
  const float y = v_m * map.scale - 0.5F;
  if (across_ == Edge::kRepeat) x -= limit * std::floor(x / limit);
  const auto steps = static_cast<float>(count - 1);
  const auto inside = [&](float first, float last, int size) {
    return std::min(first, last) >= 0 && std::max(first, last) < static_cast<float>(size) - 1.01F;
  };
  if (!inside(x, x + steps * x_step, map.width) || !inside(y, y + steps * y_step, map.height)) {
    for (int i = 0; i < count; ++i) {
      const auto k = static_cast<float>(i);
      out[i] = sample(u_m + k * u_step_m, v_m + k * v_step_m, level);
    }
    return;
  }
  for (int i = 0; i < count; ++i) {
    const float xi = x + static_cast<float>(i) * x_step;
    const float yi = y + static_cast<float>(i) * y_step;
    const int ix = static_cast<int>(xi);
    const int iy = static_cast<int>(yi);
    const Pixel* row = &map.texels[static_cast<std::size_t>(iy) * map.width + ix];
    const Pixel tx = splat(xi - static_cast<float>(ix));
    const Pixel top = row[0] + (row[1] - row[0]) * tx;
    const Pixel* below = row + map.width;
    const Pixel bottom = below[0] + (below[1] - below[0]) * tx;
    out[i] = top + (bottom - top) * splat(yi - static_cast<float>(iy));
  }
}

}  // namespace touchline::synth
