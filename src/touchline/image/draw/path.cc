#include "touchline/image/draw/path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace touchline::image::draw {
namespace {

using geometry::ImagePoint;

constexpr double kFlatnessPx = 0.06;  ///< of chords; see Path::add_arc_points
constexpr double kPi = std::numbers::pi;

/// Edges needed for an arc of a circle so that no edge strays from it by more than kFlatnessPx.
int arc_edges(double radius_px, double angle_rad) {
  if (radius_px <= kFlatnessPx) return 4;
  const double step_rad = 2 * std::acos(1 - std::min(kFlatnessPx / radius_px, 0.5));
  return std::clamp(static_cast<int>(std::ceil(std::abs(angle_rad) / step_rad)), 1, 720);
}

/// By how much an arc's corners lie outside it so that its chords enclose the arc's own area; an open arc's ends stay
/// on it. `bulge` is the area of one sector by that of its triangle.
double area_keeping_growth(int edges, double bulge, bool closed) {
  if (closed) return std::sqrt(bulge);
  if (edges < 2) return 1;
  if (edges == 2) return bulge;
  return (std::sqrt(1 + (edges - 2) * edges * bulge) - 1) / (edges - 2);
}

double doubled_area(std::span<const ImagePoint> corners) {
  double sum = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const ImagePoint& a = corners[i];
    const ImagePoint& b = corners[(i + 1) % corners.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return sum;
}

}  // namespace

void Path::clear() {
  points_.clear();
  starts_.clear();
}

void Path::move_to(ImagePoint point_px) {
  starts_.push_back(points_.size());
  points_.push_back(point_px);
}

void Path::line_to(ImagePoint point_px) {
  points_.push_back(point_px);
}

void Path::quad_to(ImagePoint control_px, ImagePoint point_px) {
  const ImagePoint start = points_.back();
  const double bend = std::hypot(start.x - 2 * control_px.x + point_px.x, start.y - 2 * control_px.y + point_px.y);
  const int edges = std::clamp(static_cast<int>(std::ceil(std::sqrt(bend / (4 * kFlatnessPx)))), 1, 64);
  for (int i = 1; i <= edges; ++i) {
    const double t = static_cast<double>(i) / edges;
    const double a = (1 - t) * (1 - t);
    const double b = 2 * t * (1 - t);
    const double c = t * t;
    points_.push_back(
        {a * start.x + b * control_px.x + c * point_px.x, a * start.y + b * control_px.y + c * point_px.y});
  }
}

void Path::add_arc_points(ImagePoint center_px, double radius_x_px, double radius_y_px, double from_rad,
                          double to_rad) {
  const int edges = arc_edges(std::max(radius_x_px, radius_y_px), to_rad - from_rad);
  const double step_rad = (to_rad - from_rad) / edges;
  const double cos_step = std::cos(step_rad);
  const double sin_step = std::sin(step_rad);
  const bool closed = std::abs(to_rad - from_rad) > 2 * kPi - 1e-9;
  const double grow = area_keeping_growth(edges, step_rad / sin_step, closed);
  double c = std::cos(from_rad);
  double s = std::sin(from_rad);
  for (int i = 0; i <= edges; ++i) {
    const double g = !closed && (i == 0 || i == edges) ? 1 : grow;
    points_.push_back({center_px.x + g * radius_x_px * c, center_px.y + g * radius_y_px * s});
    const double turned = c * cos_step - s * sin_step;
    s = s * cos_step + c * sin_step;
    c = turned;
  }
}

void Path::add_ellipse(ImagePoint center_px, double radius_x_px, double radius_y_px) {
  starts_.push_back(points_.size());
  add_arc_points(center_px, radius_x_px, radius_y_px, 0, 2 * kPi);
}

void Path::add_ellipse_ring(ImagePoint center_px, double radius_x_px, double radius_y_px, double thickness_px) {
  const double half = thickness_px / 2;
  add_ellipse(center_px, radius_x_px + half, radius_y_px + half);
  if (radius_x_px <= half || radius_y_px <= half) return;
  starts_.push_back(points_.size());
  add_arc_points(center_px, radius_x_px - half, radius_y_px - half, 2 * kPi, 0);
}

void Path::add_ellipse_arc(ImagePoint center_px, double radius_x_px, double radius_y_px, double thickness_px,
                           double from_rad, double to_rad) {
  const double half = thickness_px / 2;
  starts_.push_back(points_.size());
  add_arc_points(center_px, radius_x_px + half, radius_y_px + half, from_rad, to_rad);
  add_arc_points(center_px, std::max(radius_x_px - half, 0.0), std::max(radius_y_px - half, 0.0), to_rad, from_rad);
}

void Path::add_rounded_box(const geometry::BoxPx& box_px, double radius_px) {
  const double r = std::clamp(radius_px, 0.0, std::max(0.5 * std::min<double>(box_px.width(), box_px.height()), 0.0));
  starts_.push_back(points_.size());
  if (r == 0) {
    points_.insert(points_.end(),
                   {{box_px.x0, box_px.y0}, {box_px.x1, box_px.y0}, {box_px.x1, box_px.y1}, {box_px.x0, box_px.y1}});
    return;
  }
  add_arc_points({box_px.x0 + r, box_px.y0 + r}, r, r, kPi, 1.5 * kPi);
  add_arc_points({box_px.x1 - r, box_px.y0 + r}, r, r, 1.5 * kPi, 2 * kPi);
  add_arc_points({box_px.x1 - r, box_px.y1 - r}, r, r, 0, 0.5 * kPi);
  add_arc_points({box_px.x0 + r, box_px.y1 - r}, r, r, 0.5 * kPi, kPi);
}

void Path::add_rounded_box_ring(const geometry::BoxPx& box_px, double radius_px, double thickness_px) {
  add_rounded_box(box_px, radius_px);
  const auto t = static_cast<float>(thickness_px);
  const geometry::BoxPx inner{box_px.x0 + t, box_px.y0 + t, box_px.x1 - t, box_px.y1 - t};
  if (inner.width() <= 0 || inner.height() <= 0) return;
  const std::size_t first = points_.size();
  add_rounded_box(inner, radius_px - thickness_px);
  std::reverse(points_.begin() + static_cast<std::ptrdiff_t>(first), points_.end());
}

void Path::add_polygon(std::span<const ImagePoint> corners_px) {
  if (corners_px.size() < 3) return;
  starts_.push_back(points_.size());
  points_.insert(points_.end(), corners_px.begin(), corners_px.end());
  if (doubled_area(corners_px) < 0) {
    std::reverse(points_.end() - static_cast<std::ptrdiff_t>(corners_px.size()), points_.end());
  }
}

void Path::add_hole(std::span<const ImagePoint> corners_px) {
  if (corners_px.size() < 3) return;
  add_polygon(corners_px);
  std::reverse(points_.end() - static_cast<std::ptrdiff_t>(corners_px.size()), points_.end());
}

void Path::add_line(ImagePoint from_px, ImagePoint to_px, double thickness_px) {
  const double length = geometry::distance_px(from_px, to_px);
  if (!(length > 0)) return;
  const double nx = -(to_px.y - from_px.y) / length * thickness_px / 2;
  const double ny = (to_px.x - from_px.x) / length * thickness_px / 2;
  starts_.push_back(points_.size());
  points_.insert(points_.end(), {{from_px.x - nx, from_px.y - ny},
                                 {to_px.x - nx, to_px.y - ny},
                                 {to_px.x + nx, to_px.y + ny},
                                 {from_px.x + nx, from_px.y + ny}});
}

void Path::add_polyline(std::span<const ImagePoint> points_px, double thickness_px) {
  for (std::size_t i = 0; i < points_px.size(); ++i) {
    add_ellipse(points_px[i], thickness_px / 2, thickness_px / 2);
    if (i > 0) add_line(points_px[i - 1], points_px[i], thickness_px);
  }
}

}  // namespace touchline::image::draw
