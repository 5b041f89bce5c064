#pragma once

#include <optional>

#include "touchline/match/pitch_pose.h"

namespace touchline::calibrate {

/// When two poses belong to one movement.
struct InterpolateOptions {
  double max_gap_s = 1;     ///< s between the two poses at most; in (0, 60]
  double max_place_m = 10;  ///< m between the two cameras' places at most: more is two cameras; in (0, 1000]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// The pose at a time between two poses that have a camera: pan, tilt, roll, the focal length's logarithm, place and k1
/// move in a straight line. State kInterpolated, error_px empty, error_m the larger of the two, no seen points.
///
/// Empty when one of the poses has no camera or none that a lens could have, when they lie too far apart, or when pts_s
/// is not between them. Throws Error(kInvalidArgument) for a picture without area or options out of range.
/// Thread-safe.
std::optional<match::PitchPose> interpolate_pose(const match::PitchPose& before, double before_s,
                                                 const match::PitchPose& after, double after_s, double pts_s,
                                                 int width_px, int height_px, const InterpolateOptions& options = {});

}  // namespace touchline::calibrate
