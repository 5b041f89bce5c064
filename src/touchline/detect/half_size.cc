#include "touchline/detect/half_size.h"

#include <algorithm>
#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::detect {

void halve(std::span<float> half, std::span<const float> whole, NetworkSize size, int channels) {
  const NetworkSize to = half_size_of(size);
  const auto width = static_cast<std::size_t>(size.width_px);
  const auto rows = static_cast<std::size_t>(size.height_px) / 2;
  const auto to_width = static_cast<std::size_t>(to.width_px);
  const auto planes = static_cast<std::size_t>(channels);
  TOUCHLINE_REQUIRE(size.width_px % 2 == 0 && size.height_px % 2 == 0 && whole.size() == planes * rows * 2 * width &&
                        half.size() == planes * static_cast<std::size_t>(to.height_px) * to_width,
                    "an input of {}x{} cannot be halved into {} numbers", size.width_px, size.height_px, half.size());
  std::ranges::fill(half, 0.0F);
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::size_t row = 0; row < rows; ++row) {
      const float* upper = whole.data() + (plane * rows + row) * 2 * width;
      const float* lower = upper + width;
      float* out = half.data() + (plane * static_cast<std::size_t>(to.height_px) + row) * to_width;
      for (std::size_t x = 0; x < width / 2; ++x) {
        out[x] = 0.25F * ((upper[2 * x] + upper[2 * x + 1]) + (lower[2 * x] + lower[2 * x + 1]));
      }
    }
  }
}

}  // namespace touchline::detect
