#pragma once

#include "touchline/geometry/box.h"
#include "touchline/image/color.h"
#include "touchline/match/team.h"
#include "touchline/match/track.h"

namespace touchline::overlay {

/// The graphic's colors.
struct Palette {
  image::Rgb team_a;
  image::Rgb team_b;
  image::Rgb referee{235, 235, 235};
  image::Rgb unknown{190, 196, 204};
  image::Rgb ball{255, 255, 255};
  image::Rgb ink{12, 17, 26};       ///< panels, outlines, dark text
  image::Rgb paper{246, 248, 252};  ///< light text, lines

  image::Rgb of(match::Team team) const;
  image::Rgb of(const match::Track& person) const;
  /// Dark or light text, whichever reads better on `ground`.
  image::Rgb text_on(image::Rgb ground) const;
};

/// Sizes for one picture. `unit_px` is a pixel of a 1920 × 1080 picture and scales everything else: by height, in
/// upright pictures by width.
struct Style {
  int width_px = 0;
  int height_px = 0;
  double unit_px = 1;

  static Style of_picture(int width_px, int height_px);

  /// A length drawn as `at_1080` px at 1080p, never smaller than `least_px`.
  double px(double at_1080, double least_px = 0) const;
  /// The same as a whole number of pixels, for edges that must be crisp.
  int whole_px(double at_1080, int least_px = 0) const;
};

/// How strongly something is drawn that was detected, interpolated or held.
double opacity_of(match::State state);

}  // namespace touchline::overlay
