#include "touchline/overlay/ball_layer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace touchline::overlay {
namespace {

/// A triangle pointing down, its tip at `tip`, grown by `grow` on all sides.
std::array<geometry::ImagePoint, 3> marker(geometry::ImagePoint tip, double half_width, double height, double grow) {
  const double slant = std::hypot(half_width, height);
  const double tip_shift = grow * slant / half_width;
  const double corner_shift = grow * (slant + half_width) / height;
  return {{{tip.x, tip.y + tip_shift},
           {tip.x - half_width - corner_shift, tip.y - height - grow},
           {tip.x + half_width + corner_shift, tip.y - height - grow}}};
}

/// Sizes of the marker in pixels.
struct Shape {
  double radius;
  double line;
  double half_width;
  double height;
  double gap;
};

std::optional<Shape> shape_of(const match::Ball& ball, const Style& style) {
  const double size = std::max<double>(ball.box_px.width(), ball.box_px.height());
  if (!std::isfinite(ball.point_px.x) || !std::isfinite(ball.point_px.y) || !std::isfinite(size)) return std::nullopt;
  return Shape{std::clamp(0.62 * size, style.px(7, 4), style.px(40, 16)), style.px(2.2, 1.2), style.px(10, 5),
               style.px(14, 7), style.px(7, 3)};
}

}  // namespace

geometry::BoxPx BallLayer::place(const match::Ball& ball, const Style& style) {
  const auto shape = shape_of(ball, style);
  if (!shape) return {};
  const double side = std::max(shape->radius, shape->half_width) + 2 * shape->line;
  const double up = shape->radius + shape->gap + shape->height + 2 * shape->line;
  return {float(ball.point_px.x - side), float(ball.point_px.y - up), float(ball.point_px.x + side),
          float(ball.point_px.y + shape->radius + 2 * shape->line)};
}

void BallLayer::draw(image::draw::Painter& painter, const match::Ball& ball, const Style& style) {
  const geometry::ImagePoint center = ball.point_px;
  const auto shape = shape_of(ball, style);
  if (!shape) return;
  const auto& [radius, line, half_width, height, gap] = *shape;
  const geometry::ImagePoint tip{center.x, center.y - radius - gap};
  const double opacity = ball.state == match::State::kHeld ? 0.6 : 1;

  path_.clear();
  path_.add_ellipse_ring(center, radius, radius, line + style.px(2, 1.2));
  path_.add_polygon(marker(tip, half_width, height, style.px(2.2, 1.2)));
  painter.fill(path_, {palette_.ink, 0.6 * opacity});

  path_.clear();
  path_.add_ellipse_ring(center, radius, radius, line);
  path_.add_polygon(marker(tip, half_width, height, 0));
  painter.fill(path_, {palette_.ball, opacity});
  if (ball.state == match::State::kDetected) return;
  path_.clear();
  path_.add_polygon(marker(tip, half_width, height, -style.px(2.6, 1.3)));
  painter.fill(path_, {palette_.ink, opacity});
}

}  // namespace touchline::overlay
