#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "touchline/image/frame.h"

namespace touchline::testing {

/// A picture in one color whose rows stand between guard bytes, with guard rows above and below: shows whether drawing
/// ever touches a byte outside.
class GuardedPicture {
 public:
  static constexpr std::uint8_t kGuard = 0xA5;

  GuardedPicture(int width, int height, std::array<std::uint8_t, 3> sample = {110, 118, 122},
                 image::ColorSpace color = {}) {
    planes_.reserve(3);
    view_.y = add(width, height, sample[0]);
    view_.u = add((width + 1) / 2, (height + 1) / 2, sample[1]);
    view_.v = add((width + 1) / 2, (height + 1) / 2, sample[2]);
    view_.color = color;
    before_ = planes_;
  }
  GuardedPicture(GuardedPicture&&) = default;
  GuardedPicture& operator=(GuardedPicture&&) = default;

  const image::I420View& view() const { return view_; }
  bool untouched() const { return planes_ == before_; }
  bool same_bytes(const GuardedPicture& other) const { return planes_ == other.planes_; }

  bool guards_intact() const {
    const std::array<image::Plane, 3> views = {view_.y, view_.u, view_.v};
    for (std::size_t p = 0; p < views.size(); ++p) {
      std::vector<std::uint8_t> bytes = planes_[p];
      for (int y = 0; y < views[p].height; ++y) {
        std::fill_n(bytes.data() + (views[p].row(y) - planes_[p].data()), views[p].width, kGuard);
      }
      if (!std::ranges::all_of(bytes, [](std::uint8_t b) { return b == kGuard; })) return false;
    }
    return true;
  }

 private:
  static constexpr int kSide = 40;
  static constexpr int kRows = 3;

  image::Plane add(int width, int height, std::uint8_t value) {
    const std::ptrdiff_t stride = width + 2 * kSide;
    auto& bytes = planes_.emplace_back(static_cast<std::size_t>(stride * (height + 2 * kRows)), kGuard);
    const image::Plane plane{bytes.data() + kRows * stride + kSide, width, height, stride};
    for (int y = 0; y < height; ++y) std::fill_n(plane.row(y), width, value);
    return plane;
  }

  std::vector<std::vector<std::uint8_t>> planes_;
  std::vector<std::vector<std::uint8_t>> before_;
  image::I420View view_;
};

}  // namespace touchline::testing
