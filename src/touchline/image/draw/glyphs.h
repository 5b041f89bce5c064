#pragma once

#include <cstdint>
#include <span>

namespace touchline::image::draw {

/// One letter's outline as a run of marks and coordinates in a GlyphTable. Font units, y up, 2048 to the em.
struct Glyph {
  std::uint16_t code = 0;          ///< Unicode
  std::uint16_t advance = 0;       ///< font units
  std::uint32_t first_mark = 0;    ///< into GlyphTable::marks
  std::uint32_t first_number = 0;  ///< into GlyphTable::numbers
  std::uint16_t mark_count = 0;
};

/// The letters of one face, baked from the font by bake_glyphs.cc at build time.
struct GlyphTable {
  std::span<const Glyph> glyphs;          ///< sorted by code
  std::span<const char> marks;            ///< 'M' move (2 numbers), 'L' line (2), 'Q' quadratic curve (4)
  std::span<const std::int16_t> numbers;  ///< x, y, …
  int cap_height = 0;                     ///< of "H", font units
};

extern const GlyphTable kRegularGlyphs;
extern const GlyphTable kBoldGlyphs;

}  // namespace touchline::image::draw
