#include "touchline/overlay/control_field.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "touchline/base/error.h"
#include "touchline/image/draw/blend.h"

namespace touchline::overlay {

ControlField::ControlField(image::Rgb team_a, image::Rgb team_b, double opacity)
    : team_a_(team_a), team_b_(team_b), opacity_(opacity) {}

/// Fills the line's arrays: bilinear between two rows of cells, cell by cell so that each stretch is a straight ramp.
void ControlField::tint_line(const float* low, const float* high, float share_high, int columns, int width) {
  const auto lead_at = [&](int column) { return 2 * (low[column] + share_high * (high[column] - low[column])) - 1; };
  const float cell = static_cast<float>(width) / static_cast<float>(columns);
  int from = 0;
  for (int column = 0; column <= columns; ++column) {
    // From the center of the cell before to this one's; constant before the first and after the last.
    const float left = lead_at(std::max(column - 1, 0));
    const float right = lead_at(std::min(column, columns - 1));
    const float start = (static_cast<float>(column) - 0.5F) * cell - 0.5F;
    const int to = column == columns ? width : std::clamp(static_cast<int>(std::ceil(start + cell)), from, width);
    const float slope = (right - left) / cell;
    for (int x = from; x < to; ++x) lead_a_[x] = left + slope * (static_cast<float>(x) - start);
    from = to;
  }
  const auto strongest = static_cast<float>(255 * opacity_);
  for (int x = 0; x < width; ++x) {
    const float lead = std::min(std::abs(lead_a_[x]), 1.0F);
    alpha_[x] = static_cast<std::uint8_t>(static_cast<int>(strongest * lead * (1.7F - 0.7F * lead) + 0.5F));
    const bool is_a = lead_a_[x] > 0;
    u_[x] = is_a ? color_a_.u : color_b_.u;
    v_[x] = is_a ? color_a_.v : color_b_.v;
    luma_alpha_[2 * x] = luma_alpha_[2 * x + 1] = alpha_[x];
    luma_[2 * x] = luma_[2 * x + 1] = is_a ? color_a_.y : color_b_.y;
  }
}

void ControlField::paint(const image::I420View& picture, int x_px, int y_px, int width_px, int height_px,
                         const match::PitchControl& control) {
  TOUCHLINE_REQUIRE(control.columns > 0 && control.rows > 0 &&
                        control.control_a.size() == static_cast<std::size_t>(control.columns) * control.rows,
                    "pitch control of {} x {} cells has {} values", control.columns, control.rows,
                    control.control_a.size());
  color_a_ = yuv_from_rgb(team_a_, picture.color);
  color_b_ = yuv_from_rgb(team_b_, picture.color);
  const int width = width_px / 2;
  const int height = height_px / 2;
  lead_a_.resize(static_cast<std::size_t>(width));
  for (auto* line : {&alpha_, &u_, &v_}) line->resize(static_cast<std::size_t>(width));
  for (auto* line : {&luma_alpha_, &luma_}) line->resize(static_cast<std::size_t>(width_px));
  for (int cy = 0; cy < height; ++cy) {
    // Row 0 of the cells lies at y = −W/2, at the bottom.
    const double at = std::clamp((height - 1 - cy + 0.5) * control.rows / height - 0.5, 0.0, control.rows - 1.0);
    const int low = static_cast<int>(at);
    const float* cells = control.control_a.data() + static_cast<std::ptrdiff_t>(low) * control.columns;
    tint_line(cells, low + 1 < control.rows ? cells + control.columns : cells, static_cast<float>(at - low),
              control.columns, width);
    for (int row = 0; row < 2; ++row) {
      image::draw::mix_row(picture.y.row(y_px + 2 * cy + row) + x_px, luma_alpha_.data(), luma_.data(), width_px);
    }
    image::draw::mix_row(picture.u.row(y_px / 2 + cy) + x_px / 2, alpha_.data(), u_.data(), width);
    image::draw::mix_row(picture.v.row(y_px / 2 + cy) + x_px / 2, alpha_.data(), v_.data(), width);
  }
}

}  // namespace touchline::overlay
