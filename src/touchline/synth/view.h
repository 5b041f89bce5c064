#pragma once

#include <optional>

#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/point.h"
#include "touchline/synth/fixed_math.h"

namespace touchline::synth {

/// Where a television camera stands, where it looks and how far it is zoomed in, at one moment.
struct CameraState {
  Vec3 place_m;
  Vec3 aim_m;             ///< the point in the middle of the picture
  double focal = 1;       ///< focal length / picture width
  double k1 = 0;          ///< radial term of PitchCamera
  double roll_turns = 0;  ///< rotation about the line of sight
};

/// A place in the picture and how large a metre is there.
struct Projected {
  geometry::ImagePoint point_px;
  double depth_m = 0;   ///< along the line of sight
  double px_per_m = 0;  ///< across the line of sight
};

/// The camera of one moment for one picture size: space to picture and back. Immutable; thread-safe.
class View {
 public:
  View(const CameraState& state, int width_px, int height_px);

  /// Empty for what lies less than half a metre in front of the camera or far outside the picture.
  std::optional<Projected> project(Vec3 point_m) const;

  /// The line of sight through an image point; not of unit length (its component along the optical axis is 1).
  Vec3 ray(geometry::ImagePoint point_px) const;

  /// The same camera as the product knows it, for the plane z = 0.
  geometry::PitchCamera pitch_camera() const;

  const Vec3& place_m() const { return place_m_; }
  const Vec3& right() const { return right_; }
  const Vec3& down() const { return down_; }
  const Vec3& forward() const { return forward_; }

 private:
  Vec3 place_m_;
  Vec3 right_;
  Vec3 down_;
  Vec3 forward_;
  double focal_px_;
  double k1_;
  int width_px_;
  int height_px_;
  double half_diagonal_px_;
};

}  // namespace touchline::synth
