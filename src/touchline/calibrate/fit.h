#pragma once

#include <optional>

#include "touchline/calibrate/quality.h"
#include "touchline/geometry/camera_fit.h"
#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/robust.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"

namespace touchline::calibrate {

/// How one frame's camera is fitted. Pixels are those of a 1280×720 picture; others are scaled.
struct FitOptions {
  double min_score = 0.3;  ///< points seen with less are ignored; in [0, 1]
  int min_inliers = 5;     ///< points that must agree with the camera; in [4, 32]
  geometry::RansacOptions ransac{};
  geometry::CameraFitOptions refine{};
  double k1_sigma = 0.06;        ///< how far lenses stray from straight lines, a weak belief; in (0, 1]
  double roll_sigma_rad = 0.03;  ///< how far pictures are tilted sideways, a weak belief; in (0, 2]
  double height_m = 17;          ///< m, where cameras stand, a weak belief; in [1, 100]
  double height_sigma_m = 12;    ///< m; in (0, 1000]
  double focal_sigma = 0.6;      ///< natural logarithm, about a focal length of 2.5 half diagonals; in (0, 10]
  QualityOptions quality{};

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// One frame's own camera.
struct PoseFit {
  geometry::PitchCamera camera;
  geometry::CameraEstimate estimate;
  PoseQuality quality;
};

/// The camera of one frame from its seen points alone: RANSAC homography on the real landmarks, then the most probable
/// physical camera (focal length, rotation, place, k1) under Cauchy errors. See Note [Physical camera] in fit.cc.
///
/// Empty when the points do not determine a camera worth trusting: fewer than min_inliers, in one line, in one corner,
/// contradicting each other, or a camera that cannot stand in a stadium. Throws Error(kInvalidArgument) for a picture
/// without area or options out of range. Stateless and thread-safe; nothing is allocated.
std::optional<PoseFit> fit_pose(const match::SeenPoints& points, int width_px, int height_px,
                                const match::PitchModel& pitch, const FitOptions& options = {});

}  // namespace touchline::calibrate
