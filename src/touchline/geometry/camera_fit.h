#pragma once

#include <optional>
#include <span>

#include "touchline/geometry/camera_model.h"
#include "touchline/geometry/homography.h"

namespace touchline::geometry {

/// What is believed about a camera before its points are seen: a Gaussian over its parameters.
struct CameraPrior {
  CameraVector mean{};
  CameraMatrix information{};  ///< inverse covariance; zeros = nothing known

  /// Independent beliefs; sigma[i] = infinity leaves parameter i free.
  static CameraPrior independent(const CameraVector& mean, const CameraVector& sigma);
};

struct CameraFitOptions {
  double sigma_px = 2.8;      ///< px, standard deviation of a good point of weight 1; in (0, 100]
  double cauchy_scale = 3.5;  ///< points farther off than this many sigma lose their pull; in (0, 100]
  int max_steps = 25;         ///< damped Gauss-Newton steps at most; in [1, 1000]
  double tolerance = 1e-3;  ///< stop when a step moves no parameter by more than this share of its deviation; in (0, 1]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// A camera with its uncertainty.
struct CameraEstimate {
  CameraModel camera;
  CameraMatrix information{};  ///< inverse covariance at the solution, prior included
  double cost = 0;             ///< −log likelihood: Cauchy terms of the points plus the prior's
  int steps = 0;
};

/// The most probable camera for points with Cauchy-distributed errors and a Gaussian prior, searched from `start` by
/// Levenberg-Marquardt with analytic derivatives.
///
/// pairs   weight scales a pair's information (1 = options.sigma_px)
/// Empty when no pair of positive weight lies in front of the start, or numbers run away. Throws
/// Error(kInvalidArgument) when options.check() fails. Thread-safe; nothing is allocated.
std::optional<CameraEstimate> fit_camera(const CameraModel& start, std::span<const PointPair> pairs, int width_px,
                                         int height_px, const CameraPrior& prior, const CameraFitOptions& options);

/// Inverse of a symmetric positive definite matrix (row-major 8×8); empty when it is not.
std::optional<CameraMatrix> inverse_spd(const CameraMatrix& matrix);

}  // namespace touchline::geometry
