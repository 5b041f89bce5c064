#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "touchline/image/color.h"
#include "touchline/image/frame.h"
#include "touchline/match/match_frame.h"

namespace touchline::overlay {

/// Paints pitch control as a soft field of two colors: strongest where a team is sure to be first, clear where both
/// are equally near. Keeps its tables while size and colors stay. Not thread-safe.
class ControlField {
 public:
  ControlField(image::Rgb team_a, image::Rgb team_b, double opacity);

  /// Tints a rectangle of the picture that stands for the whole pitch (left = −L/2, top = +W/2); values between cell
  /// centers are bilinear. `x_px`, `y_px`, `width_px` and `height_px` are even and inside the picture.
  /// Throws Error(kInvalidArgument) when control_a does not hold columns × rows values.
  void paint(const image::I420View& picture, int x_px, int y_px, int width_px, int height_px,
             const match::PitchControl& control);

 private:
  struct Tint {
    image::Yuv color;
    std::uint8_t alpha = 0;
  };
  struct Place {
    int low = 0;
    int high = 0;
    float share_high = 0;
  };
  void prepare(image::ColorSpace space);
  static void lay_out(std::vector<Place>& places, int count, int cells, bool from_end);

  image::Rgb team_a_;
  image::Rgb team_b_;
  double opacity_;
  bool prepared_ = false;
  image::ColorSpace space_;
  std::array<Tint, 256> tints_{};
  std::vector<Place> columns_;
  std::vector<Place> rows_;
  std::vector<float> line_;
};

}  // namespace touchline::overlay
