#include "touchline/overlay/overlay.h"

#include <algorithm>
#include <array>
#include <optional>

#include "touchline/base/error.h"
#include "touchline/image/draw/painter.h"
#include "touchline/overlay/ball_layer.h"
#include "touchline/overlay/eval_bar.h"
#include "touchline/overlay/people_layer.h"
#include "touchline/overlay/radar.h"
#include "touchline/overlay/style.h"

namespace touchline::overlay {

void OverlayOptions::check() const {
  TOUCHLINE_REQUIRE(radar_opacity > 0 && radar_opacity <= 1, "radar_opacity {} is outside (0, 1]", radar_opacity);
  TOUCHLINE_REQUIRE(radar_opacity_on_feet > 0 && radar_opacity_on_feet <= radar_opacity,
                    "radar_opacity_on_feet {} is outside (0, radar_opacity = {}]", radar_opacity_on_feet,
                    radar_opacity);
}

namespace {

Palette palette_of(const OverlayOptions& options) {
  Palette palette;
  palette.team_a = options.team_a_color;
  palette.team_b = options.team_b_color;
  return palette;
}

}  // namespace

struct Overlay::Parts {
  Parts(const OverlayOptions& o, const match::PitchModel& pitch)
      : options(o),
        people(palette_of(o)),
        ball(palette_of(o)),
        radar(o, palette_of(o), pitch),
        panel(o.layers, palette_of(o)) {}

  /// Seconds since the frame before, 0 for the first of a shot.
  double advance(const match::MatchFrame& frame) {
    if (shot != frame.shot) {
      people.forget();
      radar.forget();
      last_pts_s.reset();
    }
    const double elapsed_s = last_pts_s ? std::max(0.0, frame.pts_s - *last_pts_s) : 0;
    shot = frame.shot;
    last_pts_s = frame.pts_s;
    return elapsed_s;
  }

  OverlayOptions options;
  image::draw::Painter painter;
  PeopleLayer people;
  BallLayer ball;
  Radar radar;
  EvalPanel panel;
  std::optional<int> shot;
  std::optional<double> last_pts_s;
};

Overlay::Overlay(const OverlayOptions& options, const match::PitchModel& pitch) {
  options.check();
  parts_ = std::make_unique<Parts>(options, pitch);
}
Overlay::~Overlay() = default;
Overlay::Overlay(Overlay&&) noexcept = default;
Overlay& Overlay::operator=(Overlay&&) noexcept = default;

void Overlay::draw(const image::I420View& picture, const match::MatchFrame& frame) {
  Parts& p = *parts_;
  const LayerSet& layers = p.options.layers;
  if (!layers.any() || picture.width() < 1 || picture.height() < 1) return;
  const Style style = Style::of_picture(picture.width(), picture.height());
  const double elapsed_s = p.advance(frame);
  p.painter.begin(picture);
  p.people.update(frame, style, elapsed_s);
  p.radar.update(frame, style, p.people.footprints(), elapsed_s);

  if (layers.boxes) p.people.draw_rings(p.painter, frame, style);
  if (layers.radar) p.radar.draw(p.painter, frame, style);
  if (layers.boxes) {
    std::array<geometry::BoxPx, 3> blocked;
    std::size_t count = 0;
    if (layers.radar) blocked[count++] = p.radar.place(style);
    if (frame.ball) blocked[count++] = BallLayer::place(*frame.ball, style);
    blocked[count++] = p.panel.place(frame, style);
    p.people.draw_tags(p.painter, frame, style, {blocked.data(), count});
    if (frame.ball) p.ball.draw(p.painter, *frame.ball, style);
  }
  p.panel.draw(p.painter, frame, style);
}

}  // namespace touchline::overlay
