#include "touchline/overlay/radar.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace touchline::overlay {
namespace {

using geometry::BoxPx;
using geometry::ImagePoint;
using geometry::PitchPoint;
using image::draw::Ink;
using image::draw::Painter;

constexpr double kMargin_m = 3;          ///< grass around the lines that still shows people
constexpr double kFieldOpacity = 0.62;   ///< of the control field where a team is sure to be first
constexpr double kUnseenOpacity = 0.45;  ///< how much darker what the picture does not show is
constexpr double kFadeTimeConstant_s = 0.4;
constexpr int kLeastHeight_px = 24;
constexpr image::Rgb kGround{24, 46, 38};

int even(double length) {
  return 2 * static_cast<int>(std::lround(length / 2));
}

void copy(const image::Plane& target, const image::Plane& source) {
  for (int y = 0; y < source.height; ++y) {
    std::memcpy(target.row(y), source.row(y), static_cast<std::size_t>(source.width));
  }
}

BoxPx box_of(int x, int y, int width, int height) {
  return {float(x), float(y), float(x + width), float(y + height)};
}

}  // namespace

Radar::Radar(const OverlayOptions& options, const Palette& palette, const match::PitchModel& pitch)
    : options_(options),
      palette_(palette),
      pitch_(pitch),
      field_(palette.team_a, palette.team_b, kFieldOpacity),
      opacity_(options.radar_opacity) {}

Radar::Layout Radar::layout(const Style& style) const {
  const double pitch_height = std::max(style.px(230), std::min(0.27 * style.height_px, 100.0));
  Layout l;
  l.border = even(style.px(10, 4));
  const double shape = (pitch_.length_m() + 2 * kMargin_m) / (pitch_.width_m() + 2 * kMargin_m);
  l.height = even(pitch_height) + 2 * l.border;
  l.width = even(pitch_height * shape) + 2 * l.border;
  l.scale = (l.width - 2 * l.border) / (pitch_.length_m() + 2 * kMargin_m);
  const int gap = even(style.px(24, 6));
  if (pitch_height < kLeastHeight_px || l.width + 2 * gap > style.width_px || l.height + 2 * gap > style.height_px)
    return {};
  l.y = (style.height_px - gap - l.height) & ~1;
  switch (options_.radar_place) {
    case RadarPlace::kBottomCenter:
      l.x = ((style.width_px - l.width) / 2) & ~1;
      break;
    case RadarPlace::kBottomLeft:
      l.x = gap;
      break;
    case RadarPlace::kBottomRight:
      l.x = (style.width_px - gap - l.width) & ~1;
      break;
  }
  return l;
}

BoxPx Radar::place(const Style& style) const {
  const Layout l = layout(style);
  return box_of(l.x, l.y, l.width, l.height);
}

void Radar::update(const Style& style, std::span<const Footprint> feet, double elapsed_s) {
  const BoxPx panel = place(style);
  const bool on_feet = std::ranges::any_of(feet, [&](const Footprint& foot) { return overlaps(panel, foot); });
  const double wanted = on_feet ? options_.radar_opacity_on_feet : options_.radar_opacity;
  opacity_ += (wanted - opacity_) * (1 - std::exp(-elapsed_s / kFadeTimeConstant_s));
}

ImagePoint Radar::panel_from_pitch(PitchPoint point_m) const {
  return {0.5 * layout_.width + point_m.x * layout_.scale, 0.5 * layout_.height - point_m.y * layout_.scale};
}

void Radar::draw_base(const Style& style, image::ColorSpace space) {
  base_ = pool_.take(layout_.width, layout_.height, space);
  canvas_ = pool_.take(layout_.width, layout_.height, space);
  canvas_painter_.begin(base_.view());
  const BoxPx all = box_of(0, 0, layout_.width, layout_.height);
  path_.clear();
  path_.add_rounded_box(all, 0);
  canvas_painter_.fill(path_, {palette_.ink, 1});
  const auto b = static_cast<float>(layout_.border);
  path_.clear();
  path_.add_rounded_box({b, b, all.x1 - b, all.y1 - b}, style.px(6, 2));
  canvas_painter_.fill(path_, {kGround, 1});
  path_.clear();
  for (const auto& line : pitch_.markings()) {
    corners_.clear();
    for (const PitchPoint& p : line) corners_.push_back(panel_from_pitch(p));
    path_.add_polyline(corners_, style.px(1.8, 1));
  }
  canvas_painter_.fill(path_, {palette_.paper, 0.75});
}

void Radar::dim_unseen(const match::MatchFrame& frame, const Style& style) {
  if (!frame.pose.camera) return;
  const auto seen_m = view_.of(*frame.pose.camera, style.width_px, style.height_px, pitch_, kMargin_m);
  corners_.clear();
  for (const PitchPoint& p : seen_m) corners_.push_back(panel_from_pitch(p));
  path_.clear();
  const auto b = static_cast<float>(layout_.border);
  path_.add_rounded_box({b, b, float(layout_.width) - b, float(layout_.height) - b}, style.px(6, 2));
  path_.add_hole(corners_);
  canvas_painter_.fill(path_, {palette_.ink, kUnseenOpacity});
}

void Radar::draw_people(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  const double radius = std::max(1.35 * layout_.scale, 2.2);
  const double rim = style.px(1.6, 0.9);
  for (const match::Track& person : frame.tracks) {
    if (!person.position_m || !pitch_.contains(*person.position_m, kMargin_m)) continue;
    ImagePoint center = panel_from_pitch(*person.position_m);
    center = {center.x + layout_.x, center.y + layout_.y};
    const bool referee = person.person_class == match::PersonClass::kReferee;
    const double r = referee ? 0.7 * radius : radius;
    const double opacity = opacity_of(person.state);
    path_.clear();
    path_.add_ellipse(center, r + rim, r + rim);
    painter.fill(path_,
                 {person.person_class == match::PersonClass::kGoalkeeper ? palette_.paper : palette_.ink, opacity});
    path_.clear();
    path_.add_ellipse(center, r, r);
    painter.fill(path_, {palette_.of(person), opacity});
  }
}

void Radar::draw_ball(Painter& painter, const match::Ball& ball, const Style& style) {
  if (!ball.position_m || !pitch_.contains(*ball.position_m, kMargin_m)) return;
  ImagePoint center = panel_from_pitch(*ball.position_m);
  center = {center.x + layout_.x, center.y + layout_.y};
  const double radius = std::max(0.95 * layout_.scale, 1.8);
  const double rim = style.px(2, 1.2);
  path_.clear();
  path_.add_ellipse(center, radius + rim, radius + rim);
  painter.fill(path_, {palette_.ink, 1});
  path_.clear();
  if (ball.state == match::State::kDetected) {
    path_.add_ellipse(center, radius, radius);
  } else {
    path_.add_ellipse_ring(center, radius - 0.2 * radius, radius - 0.2 * radius, 0.4 * radius);
  }
  painter.fill(path_, {palette_.ball, 1});
}

void Radar::draw(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  const Layout wanted = layout(style);
  if (wanted.width == 0) return;
  const image::ColorSpace space = painter.picture().color;
  if (!(wanted == layout_) || !(base_.view().color == space) || base_.view().y.data == nullptr) {
    layout_ = wanted;
    draw_base(style, space);
  }
  const image::I420View& canvas = canvas_.view();
  copy(canvas.y, base_.view().y);
  copy(canvas.u, base_.view().u);
  copy(canvas.v, base_.view().v);
  canvas_painter_.begin(canvas);
  if (options_.layers.control && frame.control && !frame.control->control_a.empty()) {
    const ImagePoint corner = panel_from_pitch({-pitch_.length_m() / 2, pitch_.width_m() / 2});
    const int x = even(corner.x);
    const int y = even(corner.y);
    field_.paint(canvas, x, y, layout_.width - 2 * x, layout_.height - 2 * y, *frame.control);
  }
  dim_unseen(frame, style);
  path_.clear();
  path_.add_rounded_box(box_of(layout_.x, layout_.y, layout_.width, layout_.height), style.px(14, 5));
  painter.paste(image::read_only(canvas), layout_.x, layout_.y, path_, opacity_);
  draw_people(painter, frame, style);
  if (frame.ball) draw_ball(painter, *frame.ball, style);
}

}  // namespace touchline::overlay
