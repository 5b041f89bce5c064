#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "touchline/geometry/point.h"
#include "touchline/image/draw/path.h"

namespace touchline::image::draw {

/// How much of each pixel is covered, 0..255, for a rectangle of a picture whose left and top are even, so that
/// 2×2 blocks are whole chroma samples. Borrowed from the Rasterizer until its next call.
struct Coverage {
  int x0 = 0;      ///< picture column of the first column, even
  int y0 = 0;      ///< picture row of the first row, even
  int width = 0;   ///< columns inside the picture
  int height = 0;  ///< rows inside the picture
  std::ptrdiff_t stride = 0;
  const std::uint8_t* data = nullptr;

  /// Columns [first, last) of a pair of rows that may be covered; both even. Where width or height is odd (only at the
  /// border of an odd picture) the column or row past the last one repeats it, so means over 2×2 are over what exists.
  struct Span {
    int first = 0;
    int last = 0;
  };
  const Span* spans = nullptr;  ///< [⌈height / 2⌉]

  bool empty() const { return width <= 0 || height <= 0; }
  const std::uint8_t* row(int y) const { return data + y * stride; }
};

/// Turns a path into exact area coverage (each pixel's share of the area, not samples of it).
/// Keeps its memory between calls. Not thread-safe.
class Rasterizer {
 public:
  /// Coverage times opacity (in [0, 1]) of the path inside a picture of width × height pixels. A path with a point
  /// that is not finite covers nothing.
  const Coverage& cover(const Path& path, double opacity, int width_px, int height_px);

 private:
  bool place(const Path& path, int width_px, int height_px);
  void add_edge(geometry::ImagePoint from, geometry::ImagePoint to);
  void add_edge_cut(geometry::ImagePoint from, geometry::ImagePoint to, float sign);
  void add_edge_inside(double x0, double y0, double x1, double y1, float sign);
  void add_row(int y, float x0, float x1, float height);
  void sum_row(int y, float scale);
  void finish_pairs();

  Coverage coverage_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Coverage::Span> spans_;
  std::vector<float> slopes_;          ///< per pixel: change of coverage from the one on its left; all 0 between calls
  std::vector<std::uint8_t> touched_;  ///< per block of a row: 1 where slopes_ may differ from 0
  std::ptrdiff_t slope_stride_ = 0;
  std::ptrdiff_t block_stride_ = 0;
};

}  // namespace touchline::image::draw
