#pragma once

#include <optional>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/point.h"

namespace touchline::geometry {

/// How one frame sees the pitch plane: a homography followed by one radial term.
///
/// q = image_from_pitch · (x_m, y_m, 1), then p = c + (q − c)(1 + k1·r²) with c the picture's centre and
/// r = |q − c| / half the diagonal. The homography has Frobenius norm 1 and w > 0 at the picture's bottom middle.
/// Immutable after make(); thread-safe.
class PitchCamera {
 public:
  /// Normalises scale and sign. Empty when the matrix has no inverse, is not finite, or k1 folds the picture
  /// (1 + 3·k1·r² ≤ 0 somewhere inside it). A matrix of norm 1 ± 1e-9 keeps its entries, so that a camera read from a
  /// record is written as the same text.
  static std::optional<PitchCamera> make(const Mat3& image_from_pitch, double k1, int width_px, int height_px);

  const Mat3& image_from_pitch_matrix() const { return image_from_pitch_; }
  const Mat3& pitch_from_image_matrix() const { return pitch_from_image_; }
  double k1() const { return k1_; }

  /// The image point of a pitch point; empty when it lies on or behind the horizon (w ≤ 1e-6·|(x, y, 1)|), or so far
  /// outside the picture that the radial term folds it back (1 + 3·k1·r² ≤ 0).
  std::optional<ImagePoint> image_from_pitch(PitchPoint point_m) const;

  /// The pitch point seen at an image point; empty on or above the horizon.
  std::optional<PitchPoint> pitch_from_image(ImagePoint point_px) const;

  /// Applies the radial term to an undistorted image point.
  ImagePoint distorted(ImagePoint point_px) const;

  /// Undoes the radial term (Newton's method; exact to 1e-9 of half the diagonal inside the picture).
  ImagePoint undistorted(ImagePoint point_px) const;

 private:
  PitchCamera() = default;

  Mat3 image_from_pitch_{};
  Mat3 pitch_from_image_{};
  double k1_ = 0;
  ImagePoint center_px_;
  double half_diagonal_px_ = 1;
};

}  // namespace touchline::geometry
