#pragma once

#include <string>

#include "touchline/geometry/box.h"
#include "touchline/image/draw/painter.h"
#include "touchline/match/match_frame.h"
#include "touchline/overlay/layers.h"
#include "touchline/overlay/style.h"

namespace touchline::overlay {

/// "12:34.5" for a time in seconds; minutes grow past 99; a negative time has a minus sign.
std::string clock_text(double pts_s);

/// The panel at the top: clock between the teams' names, evaluation bar, shares of control and threat.
/// The bar's filling is as opaque as its confidence; without a value it stays empty. Not thread-safe.
class EvalPanel {
 public:
  EvalPanel(const LayerSet& layers, const Palette& palette) : layers_(layers), palette_(palette) {}

  /// Where it stands for this frame's contents; empty when there is nothing to show or no room.
  geometry::BoxPx place(const match::MatchFrame& frame, const Style& style) const;

  void draw(image::draw::Painter& painter, const match::MatchFrame& frame, const Style& style);

 private:
  struct Rows {
    double unit_px = 1;  ///< the panel's own: never so small that its letters cannot be read
    bool shares = false;
    geometry::BoxPx panel;
  };
  Rows rows(const match::MatchFrame& frame, const Style& style) const;
  void draw_clock(image::draw::Painter& painter, const match::MatchFrame& frame, const Rows& rows);
  void draw_team(image::draw::Painter& painter, const geometry::BoxPx& box, bool is_a, bool has_ball);
  void draw_bar(image::draw::Painter& painter, const match::MatchFrame& frame, const Rows& rows);
  void draw_value(image::draw::Painter& painter, const geometry::BoxPx& track, const match::EvalBar& eval);
  void draw_shares(image::draw::Painter& painter, const match::MatchFrame& frame, const Rows& rows);

  LayerSet layers_;
  Palette palette_;
  image::draw::Path path_;
};

}  // namespace touchline::overlay
