// Runs on the building machine: reads DejaVu Sans with FreeType and writes the letters' outlines as a C++ source.
//   bake_glyphs REGULAR.ttf BOLD.ttf OUT.cc
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

/// Latin-1 without controls, then en dash, bullet, ellipsis, arrows, minus.
std::vector<std::uint16_t> wanted_codes() {
  std::vector<std::uint16_t> codes;
  for (std::uint16_t c = 0x20; c < 0x7F; ++c) codes.push_back(c);
  for (std::uint16_t c = 0xA0; c <= 0xFF; ++c) codes.push_back(c);
  codes.insert(codes.end(), {0x2013, 0x2022, 0x2026, 0x2190, 0x2192, 0x2212});
  return codes;
}

struct Baked {
  std::ostringstream glyphs;
  std::ostringstream marks;
  std::ostringstream numbers;
  std::size_t mark_count = 0;
  std::size_t number_count = 0;
  int cap_height = 0;

  void add(char mark, std::initializer_list<const FT_Vector*> points) {
    marks << "'" << mark << "',";
    ++mark_count;
    for (const FT_Vector* p : points) {
      numbers << p->x << ',' << p->y << ',';
      number_count += 2;
    }
  }
};

int move_to(const FT_Vector* to, void* baked) {
  static_cast<Baked*>(baked)->add('M', {to});
  return 0;
}
int line_to(const FT_Vector* to, void* baked) {
  static_cast<Baked*>(baked)->add('L', {to});
  return 0;
}
int conic_to(const FT_Vector* control, const FT_Vector* to, void* baked) {
  static_cast<Baked*>(baked)->add('Q', {control, to});
  return 0;
}
int cubic_to(const FT_Vector*, const FT_Vector*, const FT_Vector*, void*) {
  return 1;  // TrueType has none
}

void require(bool condition, const std::string& what) {
  if (!condition) throw std::runtime_error("bake_glyphs: " + what);
}

Baked bake(FT_Library library, const std::string& font) {
  FT_Face face = nullptr;
  require(FT_New_Face(library, font.c_str(), 0, &face) == 0, "cannot read " + font);
  require(face->units_per_EM == 2048, font + " does not have 2048 units to the em");
  const FT_Outline_Funcs funcs{move_to, line_to, conic_to, cubic_to, 0, 0};
  Baked baked;
  for (const std::uint16_t code : wanted_codes()) {
    const std::size_t first_mark = baked.mark_count;
    const std::size_t first_number = baked.number_count;
    require(FT_Get_Char_Index(face, code) != 0, font + " lacks the letter " + std::to_string(code));
    require(FT_Load_Char(face, code, FT_LOAD_NO_SCALE) == 0, "cannot load letter " + std::to_string(code));
    require(FT_Outline_Decompose(&face->glyph->outline, &funcs, &baked) == 0, "unexpected curve in " + font);
    if (code == 'H') baked.cap_height = static_cast<int>(face->glyph->metrics.horiBearingY);
    baked.glyphs << '{' << code << ',' << face->glyph->advance.x << ',' << first_mark << ',' << first_number << ','
                 << baked.mark_count - first_mark << "},\n";
  }
  FT_Done_Face(face);
  return baked;
}

void write(std::ofstream& out, const std::string& name, const Baked& baked) {
  out << "constexpr Glyph k" << name << "List[] = {\n"
      << baked.glyphs.str() << "};\n"
      << "constexpr char k" << name << "Marks[] = {" << baked.marks.str() << "};\n"
      << "constexpr std::int16_t k" << name << "Numbers[] = {" << baked.numbers.str() << "};\n"
      << "constexpr int k" << name << "CapHeight = " << baked.cap_height << ";\n";
}

void run(const std::string& regular, const std::string& bold, const std::string& path) {
  FT_Library library = nullptr;
  require(FT_Init_FreeType(&library) == 0, "FreeType does not start");
  std::ofstream out(path);
  out << "#include \"touchline/image/draw/glyphs.h\"\n\nnamespace touchline::image::draw {\nnamespace {\n";
  write(out, "Regular", bake(library, regular));
  write(out, "Bold", bake(library, bold));
  out << "}  // namespace\n";
  for (const std::string name : {"Regular", "Bold"}) {
    out << "const GlyphTable k" << name << "Glyphs{k" << name << "List, k" << name << "Marks, k" << name << "Numbers, k"
        << name << "CapHeight};\n";
  }
  out << "}  // namespace touchline::image::draw\n";
  out.close();
  FT_Done_FreeType(library);
  require(!out.fail(), "cannot write " + path);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    require(argc == 4, "usage: bake_glyphs REGULAR.ttf BOLD.ttf OUT.cc");
    run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
