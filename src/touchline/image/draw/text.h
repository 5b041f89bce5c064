#pragma once

#include <string_view>

#include "touchline/geometry/point.h"
#include "touchline/image/draw/path.h"

namespace touchline::image::draw {

/// DejaVu Sans, regular or bold.
enum class Face { kRegular, kBold };

/// How text is set. Its size is the height of capitals and digits, because that is what must fit and be crisp: a whole
/// number on a whole baseline gives sharp tops and feet at any size.
struct TextStyle {
  double cap_height_px = 12;
  Face face = Face::kBold;
};

/// Adds the outlines of one line of UTF-8 text to the path; Latin-1 and – • … ← → − are known, any other letter and
/// broken UTF-8 show as "?". Digits are equally wide. Placed at fractions of a pixel, unhinted, no kerning.
void add_text(Path& path, std::string_view utf8, geometry::ImagePoint baseline_px, const TextStyle& style);

/// How far the pen moves: the sum of the letters' advance widths.
double text_width_px(std::string_view utf8, const TextStyle& style);

}  // namespace touchline::image::draw
