#pragma once

#include <optional>
#include <span>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/point.h"

namespace touchline::geometry {

/// A place on the pitch and where it is seen in the picture.
struct PointPair {
  PitchPoint pitch_m;
  ImagePoint image_px;
  double weight = 1;  ///< ≥ 0, relative trust; 0 = ignored
};

/// Which side of the pitch plane a camera is on, told by three points: twice the signed area of the triangle.
inline double signed_area(PitchPoint a, PitchPoint b, PitchPoint c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
inline double signed_area(ImagePoint a, ImagePoint b, ImagePoint c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/// The homography image_from_pitch through exactly four pairs (weights ignored), Frobenius norm 1, sign such that w > 0
/// at the first pair. Empty when three of the points are nearly collinear, in either space.
/// Thread-safe; nothing is allocated.
std::optional<Mat3> exact_homography(std::span<const PointPair, 4> pairs);

/// The homography image_from_pitch that fits n ≥ 4 pairs best in the weighted algebraic sense (normalised direct linear
/// transform, Hartley 1997), Frobenius norm 1, sign such that w > 0 at the weighted middle of the pitch points.
///
/// Empty with fewer than four pairs of positive weight and when the pairs do not determine it: all (or all but one) on
/// one line, repeated points. Throws Error(kInvalidArgument) for a negative or non-finite weight.
/// Thread-safe; nothing is allocated.
std::optional<Mat3> fit_homography(std::span<const PointPair> pairs);

/// image_from_pitch · point, empty on or behind the horizon of the matrix as signed.
std::optional<ImagePoint> mapped(const Mat3& image_from_pitch, PitchPoint point_m);

}  // namespace touchline::geometry
