#include "touchline/image/draw/text.h"

#include <ft2build.h>
#include <gtest/gtest.h>
#include FT_FREETYPE_H

#include <cstdint>
#include <string>

#include "touchline/image/draw/rasterizer.h"

namespace touchline::image::draw {
namespace {

/// FreeType on the same font file: the judge of widths and shapes.
class Judge {
 public:
  Judge() {
    EXPECT_EQ(FT_Init_FreeType(&library_), 0);
    EXPECT_EQ(FT_New_Face(library_, TOUCHLINE_FONT_BOLD, 0, &face_), 0);
  }
  ~Judge() {
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }

  long advance_units(std::uint32_t code) {
    EXPECT_EQ(FT_Load_Char(face_, code, FT_LOAD_NO_SCALE), 0);
    return face_->glyph->advance.x;
  }

  long cap_height_units() {
    EXPECT_EQ(FT_Load_Char(face_, 'H', FT_LOAD_NO_SCALE), 0);
    return face_->glyph->metrics.horiBearingY;
  }

  /// Ink in pixels of one letter rendered unhinted at `em_px`.
  double ink_px(std::uint32_t code, unsigned em_px) {
    EXPECT_EQ(FT_Set_Pixel_Sizes(face_, 0, em_px), 0);
    EXPECT_EQ(FT_Load_Char(face_, code, FT_LOAD_NO_HINTING | FT_LOAD_RENDER), 0);
    const FT_Bitmap& bitmap = face_->glyph->bitmap;
    double sum = 0;
    for (unsigned i = 0; i < bitmap.rows * bitmap.width; ++i) {
      sum += bitmap.buffer[i / bitmap.width * static_cast<unsigned>(bitmap.pitch) + i % bitmap.width] / 255.0;
    }
    return sum;
  }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

std::string utf8_of(std::uint32_t code) {
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
  return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
          static_cast<char>(0x80 | (code & 0x3F))};
}

double ink_of(const std::string& text, const TextStyle& style, geometry::ImagePoint at) {
  Path path;
  add_text(path, text, at, style);
  Rasterizer rasterizer;
  const Coverage& area = rasterizer.cover(path, 1, 400, 200);
  double sum = 0;
  for (int y = 0; y < area.height; ++y) {
    for (int x = 0; x < area.width; ++x) sum += area.row(y)[x] / 255.0;
  }
  return sum;
}

TEST(Text, AdvancesAreFreeTypesOwn) {
  Judge judge;
  const double per_unit = 1.0 / static_cast<double>(judge.cap_height_units());
  for (std::uint32_t code = 0x20; code <= 0xFF; ++code) {
    if (code >= 0x7F && code < 0xA0) continue;
    EXPECT_NEAR(text_width_px(utf8_of(code), {1, Face::kBold}),
                static_cast<double>(judge.advance_units(code)) * per_unit, 1e-12)
        << code;
  }
  EXPECT_NEAR(text_width_px("−", {1, Face::kBold}), static_cast<double>(judge.advance_units(0x2212)) * per_unit, 1e-12);
  EXPECT_DOUBLE_EQ(text_width_px("12:34", {20, Face::kBold}),
                   4 * text_width_px("1", {20, Face::kBold}) + text_width_px(":", {20, Face::kBold}));
}

TEST(Text, ShapesAreFreeTypesOwn) {
  Judge judge;
  constexpr unsigned kEm_px = 64;
  const double cap_px = static_cast<double>(judge.cap_height_units()) * kEm_px / 2048;
  for (const std::uint32_t code :
       {0x30U, 0x34U, 0x38U, 0x39U, 0x41U, 0x42U, 0x47U, 0x52U, 0x67U, 0xC9U, 0xDFU, 0xF8U, 0x2BU}) {
    const double expected = judge.ink_px(code, kEm_px);
    EXPECT_NEAR(ink_of(utf8_of(code), {cap_px, Face::kBold}, {20, 100}), expected, 0.004 * expected + 0.5) << code;
  }
}

TEST(Text, CapitalsStandOnTheBaselineAndReachCapHeight) {
  Path path;
  add_text(path, "H", {10, 50}, {12, Face::kBold});
  double top = 1e9;
  double bottom = 0;
  for (const geometry::ImagePoint& p : path.points()) {
    top = std::min(top, p.y);
    bottom = std::max(bottom, p.y);
  }
  EXPECT_DOUBLE_EQ(bottom, 50);
  EXPECT_DOUBLE_EQ(top, 38);
}

TEST(Text, DigitsAreEquallyWideAndFacesDiffer) {
  for (const Face face : {Face::kRegular, Face::kBold}) {
    for (char digit = '1'; digit <= '9'; ++digit) {
      EXPECT_DOUBLE_EQ(text_width_px(std::string(1, digit), {10, face}), text_width_px("0", {10, face}));
    }
  }
  EXPECT_GT(text_width_px("m", {10, Face::kBold}), text_width_px("m", {10, Face::kRegular}));
}

TEST(Text, UnknownLettersAndBrokenBytesShowAsQuestionMarks) {
  const TextStyle style{10, Face::kBold};
  const double question = text_width_px("?", style);
  for (const std::string text : {"\xE4\xB8\xAD", "\xF0\x9F\x98\x80", "\xFF", "\xC3", "\x80", "\xC0", "\x7F", "\x01"}) {
    EXPECT_DOUBLE_EQ(text_width_px(text, style), question) << text;
  }
  EXPECT_DOUBLE_EQ(text_width_px("\xE2\x88", style), 2 * question) << "a cut sequence is two broken bytes";
  EXPECT_DOUBLE_EQ(text_width_px("\xC3\xA9", style), text_width_px("e", style)) << "é is as wide as e";
  EXPECT_EQ(text_width_px("", style), 0);
}

}  // namespace
}  // namespace touchline::image::draw
