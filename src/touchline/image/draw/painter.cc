#include "touchline/image/draw/painter.h"

#include <algorithm>
#include <cstdint>

#include "touchline/base/error.h"
#include "touchline/image/draw/blend.h"

namespace touchline::image::draw {
void Painter::begin(const I420View& picture) {
  picture_ = picture;
  chroma_alpha_.resize(static_cast<std::size_t>(picture.width() / 2 + 1));
}

void Painter::fill(const Path& path, const Ink& ink) {
  if (ink.opacity <= 0) return;
  const Coverage& area = rasterizer_.cover(path, ink.opacity, picture_.width(), picture_.height());
  const Yuv color = yuv_from_rgb(ink.color, picture_.color);
  for (int y = 0; y < area.height; y += 2) {
    const auto [first, last] = area.spans[y / 2];
    if (first >= last) continue;
    const int count = std::min(last, area.width) - first;
    for (int row = y; row < std::min(y + 2, area.height); ++row) {
      mix_constant(picture_.y.row(area.y0 + row) + area.x0 + first, area.row(row) + first, color.y, count);
    }
    const int cx = (area.x0 + first) / 2;
    const int cy = (area.y0 + y) / 2;
    const int chroma_count = (last - first) / 2;
    mean_of_blocks(chroma_alpha_.data(), area.row(y) + first, area.row(y + 1) + first, chroma_count);
    mix_constant(picture_.u.row(cy) + cx, chroma_alpha_.data(), color.u, chroma_count);
    mix_constant(picture_.v.row(cy) + cx, chroma_alpha_.data(), color.v, chroma_count);
  }
}

void Painter::paste(const ConstI420View& source, int x_px, int y_px, const Path& path, double opacity) {
  TOUCHLINE_REQUIRE(x_px % 2 == 0 && y_px % 2 == 0, "a picture is placed at even pixels, not at ({}, {})", x_px, y_px);
  if (opacity <= 0) return;
  const Coverage& area = rasterizer_.cover(path, opacity, picture_.width(), picture_.height());
  for (int y = 0; y < area.height; y += 2) {
    const int source_y = area.y0 + y - y_px;
    if (source_y < 0 || source_y >= source.height()) continue;
    const int first = std::max(area.spans[y / 2].first, x_px - area.x0);
    const int last = std::min(area.spans[y / 2].last, x_px - area.x0 + source.width());
    if (first >= last) continue;
    const int source_x = area.x0 + first - x_px;
    const int count = std::min(last, area.width) - first;
    for (int row = 0; row < 2 && y + row < area.height && source_y + row < source.height(); ++row) {
      mix_row(picture_.y.row(area.y0 + y + row) + area.x0 + first, area.row(y + row) + first,
              source.y.row(source_y + row) + source_x, count);
    }
    const int cx = (area.x0 + first) / 2;
    const int cy = (area.y0 + y) / 2;
    const int chroma_count = (last - first + 1) / 2;
    mean_of_blocks(chroma_alpha_.data(), area.row(y) + first, area.row(y + 1) + first, chroma_count);
    mix_row(picture_.u.row(cy) + cx, chroma_alpha_.data(), source.u.row(source_y / 2) + source_x / 2, chroma_count);
    mix_row(picture_.v.row(cy) + cx, chroma_alpha_.data(), source.v.row(source_y / 2) + source_x / 2, chroma_count);
  }
}

void Painter::text(std::string_view utf8, geometry::ImagePoint baseline_px, const TextStyle& style, const Ink& ink) {
  glyphs_.clear();
  add_text(glyphs_, utf8, baseline_px, style);
  fill(glyphs_, ink);
}

}  // namespace touchline::image::draw
