#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"

namespace touchline::image::draw {

/// An area bounded by closed contours of straight edges, in pixels of the picture (DESIGN 4: corner of the top-left
/// pixel = (0, 0)). Curves are divided into edges that stay within 0.06 px of them.
///
/// Contours add up by winding: where they overlap the area counts once, and a contour running the other way cuts a
/// hole. Every add_ function winds its outside the same way, so shapes in one path form their union.
/// Keeps its memory on clear(): nothing is allocated after warm-up. Not thread-safe.
class Path {
 public:
  void clear();
  bool empty() const { return points_.empty(); }

  /// Free contours; a contour is closed by the next move_to or by use.
  void move_to(geometry::ImagePoint point_px);
  void line_to(geometry::ImagePoint point_px);
  /// A quadratic Bézier curve from the last point.
  void quad_to(geometry::ImagePoint control_px, geometry::ImagePoint point_px);

  /// A filled ellipse; radii in pixels, ≥ 0.
  void add_ellipse(geometry::ImagePoint center_px, double radius_x_px, double radius_y_px);
  /// The outline of an ellipse: a band of thickness_px around the curve.
  void add_ellipse_ring(geometry::ImagePoint center_px, double radius_x_px, double radius_y_px, double thickness_px);
  /// A part of that outline, between two angles (0 = right, growing clockwise on the screen; from ≤ to), straight ends.
  void add_ellipse_arc(geometry::ImagePoint center_px, double radius_x_px, double radius_y_px, double thickness_px,
                       double from_rad, double to_rad);
  /// A filled rectangle with round corners; the radius is limited to half the shorter side.
  void add_rounded_box(const geometry::BoxPx& box_px, double radius_px);
  /// Its outline, inside the box.
  void add_rounded_box_ring(const geometry::BoxPx& box_px, double radius_px, double thickness_px);
  /// A filled polygon with any number of corners, either way round; fewer than 3 add nothing.
  void add_polygon(std::span<const geometry::ImagePoint> corners_px);
  /// Cuts a polygon, either way round, out of one filled area around it.
  void add_hole(std::span<const geometry::ImagePoint> corners_px);
  /// A straight line, ends cut at right angles.
  void add_line(geometry::ImagePoint from_px, geometry::ImagePoint to_px, double thickness_px);
  /// A line through points, round at joints and ends.
  void add_polyline(std::span<const geometry::ImagePoint> points_px, double thickness_px);

  /// All contours' points, in order; contour c is points [starts[c], starts[c + 1]), the last one runs to the end.
  std::span<const geometry::ImagePoint> points() const { return points_; }
  std::span<const std::size_t> starts() const { return starts_; }

 private:
  void add_arc_points(geometry::ImagePoint center_px, double radius_x_px, double radius_y_px, double from_rad,
                      double to_rad);

  std::vector<geometry::ImagePoint> points_;
  std::vector<std::size_t> starts_;
};

}  // namespace touchline::image::draw
