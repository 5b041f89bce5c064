#pragma once

#include <algorithm>

#include "touchline/geometry/point.h"

namespace touchline::geometry {

/// An upright box in pixels of the original picture; x0 ≤ x1, y0 ≤ y1.
struct BoxPx {
  float x0 = 0;
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;

  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
  float area() const { return width() * height(); }
  ImagePoint center() const { return {0.5 * (double(x0) + double(x1)), 0.5 * (double(y0) + double(y1))}; }
  /// Where a standing person touches the grass: the bottom middle.
  ImagePoint foot() const { return {0.5 * (double(x0) + double(x1)), double(y1)}; }
  friend bool operator==(const BoxPx&, const BoxPx&) = default;
};

/// Area common to both; 0 when they do not meet.
inline float intersection_area(const BoxPx& a, const BoxPx& b) {
  const float width = std::min(a.x1, b.x1) - std::max(a.x0, b.x0);
  const float height = std::min(a.y1, b.y1) - std::max(a.y0, b.y0);
  return width > 0 && height > 0 ? width * height : 0.0F;
}

/// Intersection over union in [0, 1]; 0 when both boxes are empty.
inline float iou(const BoxPx& a, const BoxPx& b) {
  const float common = intersection_area(a, b);
  const float all = a.area() + b.area() - common;
  return all > 0 ? common / all : 0.0F;
}

/// The part of the box inside a picture of width × height pixels; empty when it lies outside.
inline BoxPx clipped(const BoxPx& box, int width, int height) {
  const auto w = static_cast<float>(width);
  const auto h = static_cast<float>(height);
  return {std::clamp(box.x0, 0.0F, w), std::clamp(box.y0, 0.0F, h), std::clamp(box.x1, 0.0F, w),
          std::clamp(box.y1, 0.0F, h)};
}

}  // namespace touchline::geometry
