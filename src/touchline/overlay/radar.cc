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

constexpr double kMargin_m = 3;         ///< grass around the lines that still shows people
constexpr double kFieldOpacity = 0.6;   ///< of the control field where a team is sure to be first
constexpr double kUnseenOpacity = 0.7;  ///< how much darker what the picture does not show is
constexpr double kFadeTimeConstant_s = 0.4;
constexpr int kLeastHeight_px = 24;
constexpr double kLeastPresence = 0.02;
constexpr image::Rgb kGround{24, 46, 38};

int even(double length) {
  return 2 * static_cast<int>(std::lround(length / 2));
}

void copy(const image::Plane& target, const image::Plane& source) {
  for (int y = 0; y < source.height; ++y) {
    std::memcpy(target.row(y), source.row(y), static_cast<std::size_t>(source.width));
  }
}

void fill_all(const image::I420View& picture, image::Rgb color) {
  const image::Yuv sample = yuv_from_rgb(color, picture.color);
  const auto fill = [](const image::Plane& plane, std::uint8_t value) {
    for (int y = 0; y < plane.height; ++y) std::memset(plane.row(y), value, static_cast<std::size_t>(plane.width));
  };
  fill(picture.y, sample.y);
  fill(picture.u, sample.u);
  fill(picture.v, sample.v);
}

BoxPx box_of(int x, int y, int width, int height) {
  return {float(x), float(y), float(x + width), float(y + height)};
}

}  // namespace

Radar::Radar(const OverlayOptions& options, const Palette& palette, const match::PitchModel& pitch)
    : options_(options), palette_(palette), pitch_(pitch), field_(palette.team_a, palette.team_b, kFieldOpacity) {}

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

bool Radar::is_there() const {
  return presence_.value_or(0) >= kLeastPresence;
}

BoxPx Radar::place(const Style& style) const {
  if (!is_there()) return {};
  const Layout l = layout(style);
  return box_of(l.x, l.y, l.width, l.height);
}

void Radar::update(const match::MatchFrame& frame, const Style& style, std::span<const Footprint> feet,
                   double elapsed_s) {
  const Layout l = layout(style);
  const BoxPx panel = box_of(l.x, l.y, l.width, l.height);
  const bool on_feet = std::ranges::any_of(feet, [&](const Footprint& foot) { return overlaps(panel, foot); });
  const double wanted = on_feet ? options_.radar_opacity_on_feet : options_.radar_opacity;
  const bool known = frame.pose.camera || std::ranges::any_of(frame.tracks, [](const match::Track& person) {
                       return person.position_m.has_value();
                     });
  if (!presence_) {
    presence_ = known ? 1 : 0;
    opacity_ = wanted;
    return;
  }
  const double share = 1 - std::exp(-elapsed_s / kFadeTimeConstant_s);
  opacity_ += (wanted - opacity_) * share;
  presence_ = *presence_ + ((known ? 1 : 0) - *presence_) * share;
}

ImagePoint Radar::panel_from_pitch(PitchPoint point_m) const {
  return {0.5 * layout_.width + point_m.x * layout_.scale, 0.5 * layout_.height - point_m.y * layout_.scale};
}

ImagePoint Radar::picture_from_pitch(PitchPoint point_m) const {
  const ImagePoint in_panel = panel_from_pitch(point_m);
  return {in_panel.x + layout_.x, in_panel.y + layout_.y};
}

void Radar::draw_base(const Style& style, image::ColorSpace space) {
  base_ = pool_.take(layout_.width, layout_.height, space);
  canvas_ = pool_.take(layout_.width, layout_.height, space);
  canvas_painter_.begin(base_.view());
  fill_all(base_.view(), palette_.ink);
  const auto b = static_cast<float>(layout_.border);
  path_.clear();
  path_.add_rounded_box({b, b, float(layout_.width) - b, float(layout_.height) - b}, style.px(6, 2));
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

/// Players are discs with a light rim, goalkeepers squares, officials small dark discs.
void Radar::draw_people(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  const double radius = std::max(1.3 * layout_.scale, 2.0);
  const double rim = style.px(1.5, 0.8);
  const auto add = [&](ImagePoint at, double r, bool square) {
    path_.clear();
    if (square) {
      path_.add_rounded_box({float(at.x - r), float(at.y - r), float(at.x + r), float(at.y + r)}, 0.25 * r);
    } else {
      path_.add_ellipse(at, r, r);
    }
  };
  for (const match::Track& person : frame.tracks) {
    if (!person.position_m || !pitch_.contains(*person.position_m, kMargin_m)) continue;
    const ImagePoint at = picture_from_pitch(*person.position_m);
    const bool referee = person.person_class == match::PersonClass::kReferee;
    const bool keeper = person.person_class == match::PersonClass::kGoalkeeper;
    const double r = referee ? 0.65 * radius : radius;
    const double opacity = opacity_of(person.state) * *presence_;
    add(at, r + 2 * rim, keeper);
    painter.fill(path_, {palette_.ink, 0.5 * opacity});
    add(at, r + rim, keeper);
    painter.fill(path_, {palette_.paper, opacity});
    add(at, r, keeper);
    painter.fill(path_, {referee ? palette_.ink : palette_.of(person), opacity});
  }
}

void Radar::draw_ball(Painter& painter, const match::Ball& ball, const Style& style) {
  if (!ball.position_m || !pitch_.contains(*ball.position_m, kMargin_m)) return;
  const ImagePoint at = picture_from_pitch(*ball.position_m);
  const double radius = std::max(0.95 * layout_.scale, 1.8);
  const double rim = style.px(2.2, 1.3);
  path_.clear();
  path_.add_ellipse(at, radius + rim, radius + rim);
  painter.fill(path_, {palette_.ink, *presence_});
  path_.clear();
  if (ball.state == match::State::kDetected) {
    path_.add_ellipse(at, radius, radius);
  } else {
    path_.add_ellipse_ring(at, 0.8 * radius, 0.8 * radius, 0.4 * radius);
  }
  painter.fill(path_, {palette_.ball, *presence_});
}

void Radar::draw(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  const Layout wanted = layout(style);
  if (wanted.width == 0 || !is_there()) return;
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
  painter.paste(image::read_only(canvas), layout_.x, layout_.y, path_, opacity_ * *presence_);
  draw_people(painter, frame, style);
  if (frame.ball) draw_ball(painter, *frame.ball, style);
}

}  // namespace touchline::overlay
