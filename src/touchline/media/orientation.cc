#include "touchline/media/orientation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "touchline/base/error.h"

namespace touchline::media {
namespace {

constexpr int kTile = 16;

void orient_plane(const image::Plane& target, const image::ConstPlane& source, Orientation orientation) {
  const std::ptrdiff_t step_x = (orientation.flip_x ? -1 : 1);
  for (int tile_y = 0; tile_y < target.height; tile_y += kTile) {
    const int end_y = std::min(tile_y + kTile, target.height);
    for (int tile_x = 0; tile_x < target.width; tile_x += kTile) {
      const int end_x = std::min(tile_x + kTile, target.width);
      for (int y = tile_y; y < end_y; ++y) {
        const int v = orientation.flip_y ? target.height - 1 - y : y;
        const int u = orientation.flip_x ? target.width - 1 - tile_x : tile_x;
        const std::uint8_t* from = orientation.transpose ? &source.at(v, u) : &source.at(u, v);
        const std::ptrdiff_t step = step_x * (orientation.transpose ? source.stride : 1);
        std::uint8_t* to = target.row(y);
        for (int x = tile_x; x < end_x; ++x, from += step) to[x] = *from;
      }
    }
  }
}

}  // namespace

Orientation orientation_of(const int* display_matrix) {
  if (display_matrix == nullptr) return {};
  const auto a = static_cast<std::int64_t>(display_matrix[0]);
  const auto b = static_cast<std::int64_t>(display_matrix[1]);
  const auto c = static_cast<std::int64_t>(display_matrix[3]);
  const auto d = static_cast<std::int64_t>(display_matrix[4]);
  const bool transpose = std::abs(b) + std::abs(c) > std::abs(a) + std::abs(d);
  return transpose ? Orientation{true, c < 0, b < 0} : Orientation{false, a < 0, d < 0};
}

void orient(const image::I420View& target, const image::ConstI420View& source, Orientation orientation) {
  const int width = orientation.transpose ? source.height() : source.width();
  const int height = orientation.transpose ? source.width() : source.height();
  TOUCHLINE_REQUIRE(target.width() == width && target.height() == height,
                    "a picture of {}x{} cannot be turned into one of {}x{}", source.width(), source.height(),
                    target.width(), target.height());
  orient_plane(target.y, source.y, orientation);
  orient_plane(target.u, source.u, orientation);
  orient_plane(target.v, source.v, orientation);
}

}  // namespace touchline::media
