#include "touchline/overlay/control_field.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "touchline/base/error.h"

namespace touchline::overlay {
namespace {

std::uint8_t mixed(std::uint8_t target, std::uint8_t ink, std::uint8_t alpha) {
  return static_cast<std::uint8_t>((target * (255 - alpha) + ink * alpha + 127) / 255);
}

}  // namespace

ControlField::ControlField(image::Rgb team_a, image::Rgb team_b, double opacity)
    : team_a_(team_a), team_b_(team_b), opacity_(opacity) {}

void ControlField::prepare(image::ColorSpace space) {
  if (prepared_ && space == space_) return;
  space_ = space;
  prepared_ = true;
  const image::Yuv a = yuv_from_rgb(team_a_, space);
  const image::Yuv b = yuv_from_rgb(team_b_, space);
  for (int i = 0; i < 256; ++i) {
    const double lead = std::abs(2 * i / 255.0 - 1);
    tints_[i] = {i < 128 ? b : a, static_cast<std::uint8_t>(std::lround(255 * opacity_ * std::pow(lead, 0.8)))};
  }
}

/// Which two cells each of `count` chroma samples lies between.
void ControlField::lay_out(std::vector<Place>& places, int count, int cells, bool from_end) {
  places.resize(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const int along = from_end ? count - 1 - i : i;
    const double at = std::clamp((along + 0.5) * cells / count - 0.5, 0.0, cells - 1.0);
    const int low = static_cast<int>(at);
    places[i] = {low, std::min(low + 1, cells - 1), static_cast<float>(at - low)};
  }
}

void ControlField::paint(const image::I420View& picture, int x_px, int y_px, int width_px, int height_px,
                         const match::PitchControl& control) {
  TOUCHLINE_REQUIRE(control.columns > 0 && control.rows > 0 &&
                        control.control_a.size() == static_cast<std::size_t>(control.columns) * control.rows,
                    "pitch control of {} x {} cells has {} values", control.columns, control.rows,
                    control.control_a.size());
  prepare(picture.color);
  lay_out(columns_, width_px / 2, control.columns, false);
  lay_out(rows_, height_px / 2, control.rows, true);  // row 0 lies at y = −W/2, at the radar's bottom
  line_.resize(static_cast<std::size_t>(control.columns));
  for (int cy = 0; cy < height_px / 2; ++cy) {
    const Place& row = rows_[cy];
    const float* low = control.control_a.data() + static_cast<std::ptrdiff_t>(row.low) * control.columns;
    const float* high = control.control_a.data() + static_cast<std::ptrdiff_t>(row.high) * control.columns;
    for (int c = 0; c < control.columns; ++c) line_[c] = 255 * (low[c] + row.share_high * (high[c] - low[c]));
    std::uint8_t* upper = picture.y.row(y_px + 2 * cy) + x_px;
    std::uint8_t* lower = picture.y.row(y_px + 2 * cy + 1) + x_px;
    std::uint8_t* u = picture.u.row(y_px / 2 + cy) + x_px / 2;
    std::uint8_t* v = picture.v.row(y_px / 2 + cy) + x_px / 2;
    for (int cx = 0; cx < width_px / 2; ++cx) {
      const Place& column = columns_[cx];
      const float value = line_[column.low] + column.share_high * (line_[column.high] - line_[column.low]);
      const Tint& tint = tints_[static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F))];
      for (std::uint8_t* luma : {upper, lower}) {
        luma[2 * cx] = mixed(luma[2 * cx], tint.color.y, tint.alpha);
        luma[2 * cx + 1] = mixed(luma[2 * cx + 1], tint.color.y, tint.alpha);
      }
      u[cx] = mixed(u[cx], tint.color.u, tint.alpha);
      v[cx] = mixed(v[cx], tint.color.v, tint.alpha);
    }
  }
}

}  // namespace touchline::overlay
