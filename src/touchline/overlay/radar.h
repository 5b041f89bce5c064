#pragma once

#include <optional>
#include <span>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/image/draw/painter.h"
#include "touchline/image/frame_pool.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/overlay/control_field.h"
#include "touchline/overlay/label_placer.h"
#include "touchline/overlay/overlay.h"
#include "touchline/overlay/style.h"
#include "touchline/overlay/view_polygon.h"

namespace touchline::overlay {

/// The pitch from above: everyone who has a position, the ball, pitch control as a soft field; what the picture does
/// not show is darker. Fades while players stand below it. Not thread-safe.
class Radar {
 public:
  Radar(const OverlayOptions& options, const Palette& palette, const match::PitchModel& pitch);

  /// Where it stands after update(); empty while it has vanished or when the picture is too small for one.
  geometry::BoxPx place(const Style& style) const;

  /// Works out how far it fades: `feet` are the places where players stand in the picture. It vanishes while the frame
  /// has no camera and no positions.
  void update(const match::MatchFrame& frame, const Style& style, std::span<const Footprint> feet, double elapsed_s);
  void forget() { presence_.reset(); }

  void draw(image::draw::Painter& painter, const match::MatchFrame& frame, const Style& style);

 private:
  struct Layout {
    int x = 0;         ///< of the panel, even
    int y = 0;         ///< of the panel, even
    int width = 0;     ///< of the panel, even
    int height = 0;    ///< of the panel, even
    int border = 0;    ///< between panel and pitch, even
    double scale = 1;  ///< pixels per metre
    friend bool operator==(const Layout&, const Layout&) = default;
  };
  Layout layout(const Style& style) const;
  bool is_there() const;
  geometry::ImagePoint panel_from_pitch(geometry::PitchPoint point_m) const;
  geometry::ImagePoint picture_from_pitch(geometry::PitchPoint point_m) const;
  void draw_base(const Style& style, image::ColorSpace space);
  void dim_unseen(const match::MatchFrame& frame, const Style& style);
  void draw_people(image::draw::Painter& painter, const match::MatchFrame& frame, const Style& style);
  void draw_ball(image::draw::Painter& painter, const match::Ball& ball, const Style& style);

  OverlayOptions options_;
  Palette palette_;
  match::PitchModel pitch_;
  Layout layout_;
  ControlField field_;
  ViewPolygon view_;
  image::FramePool pool_;
  image::WritableFrame base_;
  image::WritableFrame canvas_;
  image::draw::Painter canvas_painter_;
  image::draw::Path path_;
  std::vector<geometry::ImagePoint> corners_;
  double opacity_ = 0;              ///< of the panel
  std::optional<double> presence_;  ///< 1 = there, 0 = gone; empty before the first frame of a shot
};

}  // namespace touchline::overlay
