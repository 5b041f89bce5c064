#pragma once

#include <cstdint>
#include <vector>

#include "touchline/image/color.h"
#include "touchline/image/frame.h"
#include "touchline/match/match_frame.h"

namespace touchline::overlay {

/// Paints pitch control as a soft field of two colors: strongest where a team is sure to be first, clear where both
/// are equally near. Keeps its memory between calls. Not thread-safe.
class ControlField {
 public:
  ControlField(image::Rgb team_a, image::Rgb team_b, double opacity);

  /// Tints a rectangle of the picture that stands for the whole pitch (left = −L/2, top = +W/2); values between cell
  /// centers are bilinear. `x_px`, `y_px`, `width_px` and `height_px` are even and inside the picture.
  /// Throws Error(kInvalidArgument) when control_a does not hold columns × rows values.
  void paint(const image::I420View& picture, int x_px, int y_px, int width_px, int height_px,
             const match::PitchControl& control);

 private:
  void tint_line(const float* low, const float* high, float share_high, int columns, int width);

  image::Rgb team_a_;
  image::Rgb team_b_;
  double opacity_;
  image::Yuv color_a_;
  image::Yuv color_b_;
  // One line of chroma samples: how much a leads, then what is mixed in how strongly; luma has each twice.
  std::vector<float> lead_a_;
  std::vector<std::uint8_t> alpha_;
  std::vector<std::uint8_t> u_;
  std::vector<std::uint8_t> v_;
  std::vector<std::uint8_t> luma_alpha_;
  std::vector<std::uint8_t> luma_;
};

}  // namespace touchline::overlay
