#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/point.h"

namespace touchline::geometry {

inline constexpr std::size_t kCameraParameters = 8;

/// pan, tilt, roll, log focal length, x, y, z, k1: the order in vectors and matrices of a camera's parameters.
using CameraVector = std::array<double, kCameraParameters>;

/// Row-major, symmetric, in the order of CameraVector.
using CameraMatrix = std::array<double, kCameraParameters * kCameraParameters>;

enum CameraParameter : std::size_t { kPan, kTilt, kRoll, kLogFocal, kPlaceX, kPlaceY, kPlaceZ, kRadial };

/// A camera as an operator would describe it: where it stands, where it looks, how far it is zoomed in.
/// Square pixels, principal point at the picture's centre, one radial term (k1 of PitchCamera).
struct CameraModel {
  double pan_rad = 0;       ///< 0 looks along +y (away from the main stand), positive turns right (toward +x)
  double tilt_rad = 0;      ///< 0 is level, positive looks down
  double roll_rad = 0;      ///< positive turns the picture's right side down into the scene's
  double log_focal_px = 7;  ///< natural logarithm of the focal length in pixels
  double x_m = 0;           ///< place, pitch metres
  double y_m = 0;
  double z_m = 0;  ///< height above the grass, metres
  double k1 = 0;

  static CameraModel from_vector(const CameraVector& v) { return {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]}; }
  CameraVector vector() const { return {pan_rad, tilt_rad, roll_rad, log_focal_px, x_m, y_m, z_m, k1}; }
  double focal_px() const;

  /// The homography of its straight lines (without the radial term).
  Mat3 image_from_pitch(int width_px, int height_px) const;

  /// As homography and radial term; empty when it cannot be one (see PitchCamera::make).
  std::optional<PitchCamera> pitch_camera(int width_px, int height_px) const;
};

/// The camera of a homography, k1 = 0, for a given focal length in pixels: the nearest rotation, the place that goes
/// with it. Empty when it would stand below the grass or the matrix is degenerate. Thread-safe.
std::optional<CameraModel> camera_from_homography(const Mat3& image_from_pitch, double focal_px, int width_px,
                                                  int height_px);

/// The focal length in pixels that makes the homography's axes of the pitch square and equally long (least squares over
/// both conditions). Empty when there is none: a picture taken straight from above, noise. Thread-safe.
std::optional<double> focal_from_homography(const Mat3& image_from_pitch, int width_px, int height_px);

/// Projects pitch points through one camera, with derivatives. Thread-safe.
class CameraProjector {
 public:
  CameraProjector(const CameraModel& camera, int width_px, int height_px);

  /// Empty on or behind the camera's plane.
  std::optional<ImagePoint> project(PitchPoint point_m) const;

  /// As project(); also d(x, y)/d(parameters): rows x and y. Undefined where the result is empty.
  std::optional<ImagePoint> project(PitchPoint point_m, std::array<CameraVector, 2>& derivative) const;

  /// d(x px, y px)/d(x m, y m) at a point: row-major 2×2. Empty on or behind the camera's plane.
  std::optional<std::array<double, 4>> scale_px_per_m(PitchPoint point_m) const;

 private:
  struct Ray;
  std::optional<Ray> ray(PitchPoint point_m) const;

  CameraModel camera_;
  double focal_ = 1;
  double half_diagonal_ = 1;
  ImagePoint center_;
  double sin_tilt_ = 0, cos_tilt_ = 1, sin_roll_ = 0, cos_roll_ = 1;
  std::array<double, 3> level_right_{}, level_down_{}, right_{}, down_{}, forward_{};
};

}  // namespace touchline::geometry
