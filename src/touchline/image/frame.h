#pragma once

#include <cstdint>
#include <memory>

#include "touchline/image/plane.h"

namespace touchline::image {

enum class ColorMatrix { kBt601, kBt709 };
enum class ColorRange { kLimited, kFull };

/// How luma and chroma become RGB.
struct ColorSpace {
  ColorMatrix matrix = ColorMatrix::kBt709;
  ColorRange range = ColorRange::kLimited;
  friend bool operator==(const ColorSpace&, const ColorSpace&) = default;
};

/// A picture in planar 4:2:0, 8 bit: y is width × height, u and v are ⌈width/2⌉ × ⌈height/2⌉, chroma sited at the
/// middle of its 2×2 luma samples (mpeg1) for all our resampling. Borrowed, writable.
struct I420View {
  Plane y;
  Plane u;
  Plane v;
  ColorSpace color;

  int width() const { return y.width; }
  int height() const { return y.height; }
};

/// The same, read-only.
struct ConstI420View {
  ConstPlane y;
  ConstPlane u;
  ConstPlane v;
  ColorSpace color;

  int width() const { return y.width; }
  int height() const { return y.height; }
};

inline ConstI420View read_only(const I420View& view) {
  return {view.y, view.u, view.v, view.color};
}

/// One decoded picture with its place in time. Immutable and cheap to copy: copies share the storage, which lives as
/// long as any of them. Thread-safe for reading.
struct Frame {
  ConstI420View picture;
  double pts_s = 0;        ///< presentation time from the container, seconds
  std::int64_t index = 0;  ///< presentation order, from 0
  std::shared_ptr<const void> storage;

  int width() const { return picture.width(); }
  int height() const { return picture.height(); }
};

}  // namespace touchline::image
