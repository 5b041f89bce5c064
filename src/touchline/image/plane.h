#pragma once

#include <cstddef>
#include <cstdint>

namespace touchline::image {

/// A borrowed rectangle of samples in host memory; rows are `stride` samples apart. Does not own.
template <typename T>
struct PlaneView {
  T* data = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t stride = 0;

  T* row(int y) const { return data + y * stride; }
  T& at(int x, int y) const { return row(y)[x]; }
  operator PlaneView<const T>() const { return {data, width, height, stride}; }
};

using Plane = PlaneView<std::uint8_t>;
using ConstPlane = PlaneView<const std::uint8_t>;

}  // namespace touchline::image
