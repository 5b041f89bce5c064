#pragma once

#include <optional>
#include <span>

#include "touchline/geometry/camera_fit.h"
#include "touchline/match/pitch_model.h"

namespace touchline::calibrate {

/// What a camera must be like to be believed. Pixels are those of a 1280×720 picture; others are scaled.
struct QualityOptions {
  double inlier_px = 8;           ///< px, a point nearer than this to its landmark supports the camera; in (0, 100]
  double max_error_px = 5;        ///< px, RMS of the supporting points at most; in (0, 100]
  double max_error_m = 2;         ///< m, expected error of a place on the visible pitch at most; in (0, 50]
  double min_inlier_share = 0.5;  ///< of the seen points, those that support it at least; in [0, 1]
  double min_height_m = 2;        ///< m above the grass; in [0, 10]
  double max_height_m = 80;       ///< m above the grass; in [10, 500]
  double max_distance_m = 160;    ///< m from the centre spot, along the ground; in [50, 1000]
  double min_focal = 0.35;        ///< focal length in half diagonals at least; in (0, 1]
  double max_focal = 16;          ///< focal length in half diagonals at most; in [1, 100]
  double max_roll_rad = 0.3;      ///< rad, the picture's tilt to either side; in (0, 1.6]
  double max_tilt_rad = 1.3;      ///< rad, looking down from the horizontal; in (0, 1.6]
  double min_k1 = -0.25;          ///< radial term at least; in (−1/3, 0]
  double max_k1 = 0.35;           ///< radial term at most; in [0, 1]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// How well a camera explains what was seen.
struct PoseQuality {
  int seen = 0;            ///< points given
  int inliers = 0;         ///< of them, within inlier_px
  double error_px = 0;     ///< RMS distance of the inliers, pixels of this picture; 0 without inliers
  double error_m = 0;      ///< expected error of a place on the visible pitch, mean over the picture; infinite when no
                           ///< pitch is in the picture
  bool plausible = false;  ///< stands and looks as a camera at a football match can
};

/// The points that a camera explains.
struct Reprojection {
  int inliers = 0;      ///< points within inlier_px
  double error_px = 0;  ///< RMS distance of the inliers, pixels of this picture; 0 without inliers
};

/// Measures a camera against points. Thread-safe; nothing is allocated.
Reprojection reprojection(const geometry::CameraModel& camera, std::span<const geometry::PointPair> seen, int width_px,
                          int height_px, const QualityOptions& options);

/// Expected error of a place on the visible pitch, metres, mean over the picture, from the covariance of the camera's
/// parameters; infinite when no pitch is in the picture. Thread-safe; nothing is allocated.
double expected_error_m(const geometry::CameraModel& model, const geometry::CameraMatrix& covariance, int width_px,
                        int height_px, const match::PitchModel& pitch);

/// Measures a camera against points. The expected error in metres follows from the estimate's covariance, so points in
/// a line or in one corner show as a large one. Thread-safe; nothing is allocated.
PoseQuality assess(const geometry::CameraEstimate& estimate, std::span<const geometry::PointPair> seen, int width_px,
                   int height_px, const match::PitchModel& pitch, const QualityOptions& options);

/// True when the camera stands and looks as a camera at a football match can. Thread-safe.
bool is_plausible(const geometry::CameraModel& camera, int width_px, int height_px, const QualityOptions& options);

/// True when a camera of this quality may be shown as measured.
bool is_trusted(const PoseQuality& quality, int width_px, int height_px, const QualityOptions& options);

}  // namespace touchline::calibrate
