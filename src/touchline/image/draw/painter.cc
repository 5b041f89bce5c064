#include "touchline/image/draw/painter.h"

#include <algorithm>
#include <cstdint>

#include "touchline/base/error.h"

namespace touchline::image::draw {
namespace {

/// (target · (255 − a) + ink · a) / 255, rounded to nearest, exact for all bytes.
std::uint8_t mixed(std::uint8_t target, std::uint8_t ink, std::uint8_t a) {
  const auto sum = static_cast<std::uint16_t>(target * (255 - a) + ink * a + 128);
  return static_cast<std::uint8_t>(static_cast<std::uint16_t>(sum + (sum >> 8)) >> 8);
}

std::uint8_t mean4(const std::uint8_t* upper, const std::uint8_t* lower, int x) {
  return static_cast<std::uint8_t>((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
}

void mix_constant(std::uint8_t* target, const std::uint8_t* alpha, std::uint8_t ink, int count) {
  for (int i = 0; i < count; ++i) target[i] = mixed(target[i], ink, alpha[i]);
}

void mix_row(std::uint8_t* target, const std::uint8_t* alpha, const std::uint8_t* source, int count) {
  for (int i = 0; i < count; ++i) target[i] = mixed(target[i], source[i], alpha[i]);
}

void mix_chroma_constant(std::uint8_t* u, std::uint8_t* v, const std::uint8_t* upper, const std::uint8_t* lower,
                         Yuv ink, int count) {
  for (int i = 0; i < count; ++i) {
    const std::uint8_t a = mean4(upper, lower, i);
    u[i] = mixed(u[i], ink.u, a);
    v[i] = mixed(v[i], ink.v, a);
  }
}

void mix_chroma_row(std::uint8_t* target, const std::uint8_t* upper, const std::uint8_t* lower,
                    const std::uint8_t* source, int count) {
  for (int i = 0; i < count; ++i) target[i] = mixed(target[i], source[i], mean4(upper, lower, i));
}

}  // namespace

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
    mix_chroma_constant(picture_.u.row(cy) + cx, picture_.v.row(cy) + cx, area.row(y) + first, area.row(y + 1) + first,
                        color, (last - first) / 2);
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
    mix_chroma_row(picture_.u.row(cy) + cx, area.row(y) + first, area.row(y + 1) + first,
                   source.u.row(source_y / 2) + source_x / 2, chroma_count);
    mix_chroma_row(picture_.v.row(cy) + cx, area.row(y) + first, area.row(y + 1) + first,
                   source.v.row(source_y / 2) + source_x / 2, chroma_count);
  }
}

void Painter::text(std::string_view utf8, geometry::ImagePoint baseline_px, const TextStyle& style, const Ink& ink) {
  glyphs_.clear();
  add_text(glyphs_, utf8, baseline_px, style);
  fill(glyphs_, ink);
}

}  // namespace touchline::image::draw
