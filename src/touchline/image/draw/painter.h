#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "touchline/geometry/point.h"
#include "touchline/image/color.h"
#include "touchline/image/draw/path.h"
#include "touchline/image/draw/rasterizer.h"
#include "touchline/image/draw/text.h"
#include "touchline/image/frame.h"

namespace touchline::image::draw {

/// What an area is painted with.
struct Ink {
  Rgb color;
  double opacity = 1;  ///< in [0, 1]
};

/// Paints anti-aliased shapes straight on a 4:2:0 picture: luma by each pixel's coverage, chroma by the mean coverage
/// of its 2×2 pixels. Never touches a sample outside the picture, whatever the shape. Every call takes effect at once.
/// Keeps its memory from picture to picture. Not thread-safe.
class Painter {
 public:
  /// The picture that the following calls paint on; it must outlive them.
  void begin(const I420View& picture);
  const I420View& picture() const { return picture_; }

  /// Paints the path's area.
  void fill(const Path& path, const Ink& ink);

  /// Copies `source`, its top-left pixel at (x_px, y_px), where the path (in this picture's pixels) covers it; what the
  /// path covers outside of `source` stays. Throws Error(kInvalidArgument) unless x_px and y_px are even.
  void paste(const ConstI420View& source, int x_px, int y_px, const Path& path, double opacity);

  /// Paints one line of text; its first letter's origin stands on the baseline at `baseline_px`.
  void text(std::string_view utf8, geometry::ImagePoint baseline_px, const TextStyle& style, const Ink& ink);

 private:
  I420View picture_;
  Rasterizer rasterizer_;
  Path glyphs_;
  std::vector<std::uint8_t> chroma_alpha_;
};

}  // namespace touchline::image::draw
