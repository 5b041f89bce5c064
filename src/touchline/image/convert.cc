#include "touchline/image/convert.h"

#include <algorithm>

#include "touchline/base/error.h"
#include "touchline/image/color.h"

namespace touchline::image {
namespace {

Rgb pixel_of(const std::vector<std::uint8_t>& rgb, int width, int x, int y) {
  const std::size_t at = (static_cast<std::size_t>(y) * width + x) * 3;
  return {rgb[at], rgb[at + 1], rgb[at + 2]};
}

}  // namespace

std::vector<std::uint8_t> rgb_from_i420(const ConstI420View& picture) {
  const int width = picture.width();
  const int height = picture.height();
  std::vector<std::uint8_t> rgb;
  rgb.reserve(static_cast<std::size_t>(width) * height * 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Yuv sample{picture.y.at(x, y), picture.u.at(x / 2, y / 2), picture.v.at(x / 2, y / 2)};
      const Rgb color = rgb_from_yuv(sample, picture.color);
      rgb.insert(rgb.end(), {color.r, color.g, color.b});
    }
  }
  return rgb;
}

void i420_from_rgb(const I420View& picture, const std::vector<std::uint8_t>& rgb) {
  const int width = picture.width();
  const int height = picture.height();
  TOUCHLINE_REQUIRE(rgb.size() == static_cast<std::size_t>(width) * height * 3,
                    "{} bytes are no RGB picture of {}x{} pixels", rgb.size(), width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) picture.y.at(x, y) = yuv_from_rgb(pixel_of(rgb, width, x, y), picture.color).y;
  }
  for (int cy = 0; cy < picture.u.height; ++cy) {
    for (int cx = 0; cx < picture.u.width; ++cx) {
      int count = 0;
      int u = 0;
      int v = 0;
      for (int y = 2 * cy; y < std::min(2 * cy + 2, height); ++y) {
        for (int x = 2 * cx; x < std::min(2 * cx + 2, width); ++x) {
          const Yuv sample = yuv_from_rgb(pixel_of(rgb, width, x, y), picture.color);
          u += sample.u;
          v += sample.v;
          ++count;
        }
      }
      picture.u.at(cx, cy) = static_cast<std::uint8_t>((u + count / 2) / count);
      picture.v.at(cx, cy) = static_cast<std::uint8_t>((v + count / 2) / count);
    }
  }
}

}  // namespace touchline::image
