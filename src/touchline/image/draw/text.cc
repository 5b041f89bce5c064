#include "touchline/image/draw/text.h"

#include <algorithm>
#include <cstdint>

#include "touchline/image/draw/glyphs.h"

namespace touchline::image::draw {
namespace {

constexpr std::uint32_t kUnknown = '?';

const GlyphTable& table_of(Face face) {
  return face == Face::kBold ? kBoldGlyphs : kRegularGlyphs;
}

/// Takes one letter off the front; a byte that begins no valid sequence is one unknown letter.
std::uint32_t take_code(std::string_view& utf8) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
  const auto follows = [&](std::size_t i) { return i < utf8.size() && (byte(i) & 0xC0U) == 0x80U; };
  const std::uint32_t lead = byte(0);
  std::uint32_t code = kUnknown;
  std::size_t length = 1;
  if (lead < 0x80) {
    code = lead;
  } else if (lead >= 0xC2 && lead < 0xE0 && follows(1)) {
    code = (lead & 0x1FU) << 6 | (byte(1) & 0x3FU);
    length = 2;
  } else if (lead >= 0xE0 && lead < 0xF0 && follows(1) && follows(2)) {
    code = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    length = 3;
  } else if (lead >= 0xF0 && lead < 0xF5 && follows(1) && follows(2) && follows(3)) {
    length = 4;
  }
  utf8.remove_prefix(length);
  return code;
}

const Glyph& glyph_of(const GlyphTable& table, std::uint32_t code) {
  const auto find = [&](std::uint32_t wanted) {
    const auto at = std::ranges::lower_bound(table.glyphs, wanted, {}, &Glyph::code);
    return at != table.glyphs.end() && at->code == wanted ? &*at : nullptr;
  };
  const Glyph* glyph = find(code);
  return glyph != nullptr ? *glyph : *find(kUnknown);
}

void add_glyph(Path& path, const GlyphTable& table, const Glyph& glyph, geometry::ImagePoint origin, double scale) {
  const std::int16_t* n = table.numbers.data() + glyph.first_number;
  const auto point = [&](int i) {
    return geometry::ImagePoint{origin.x + scale * n[2 * i], origin.y - scale * n[2 * i + 1]};
  };
  for (const char mark : table.marks.subspan(glyph.first_mark, glyph.mark_count)) {
    if (mark == 'M') {
      path.move_to(point(0));
    } else if (mark == 'L') {
      path.line_to(point(0));
    } else {
      path.quad_to(point(0), point(1));
    }
    n += mark == 'Q' ? 4 : 2;
  }
}

}  // namespace

void add_text(Path& path, std::string_view utf8, geometry::ImagePoint baseline_px, const TextStyle& style) {
  const GlyphTable& table = table_of(style.face);
  const double scale = style.cap_height_px / table.cap_height;
  while (!utf8.empty()) {
    const Glyph& glyph = glyph_of(table, take_code(utf8));
    add_glyph(path, table, glyph, baseline_px, scale);
    baseline_px.x += scale * glyph.advance;
  }
}

double text_width_px(std::string_view utf8, const TextStyle& style) {
  const GlyphTable& table = table_of(style.face);
  int width = 0;
  while (!utf8.empty()) width += glyph_of(table, take_code(utf8)).advance;
  return width * style.cap_height_px / table.cap_height;
}

}  // namespace touchline::image::draw
