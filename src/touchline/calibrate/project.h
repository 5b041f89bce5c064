#pragma once

#include <optional>
#include <span>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/point.h"
#include "touchline/match/pitch_model.h"
#include "touchline/match/track.h"

namespace touchline::calibrate {

/// Image points to pitch points by one homography (`project_pts`).
///
/// pitch_m           [N] out; empty where the point lies on or above the horizon (w ≤ 1e-6·|(x, y, 1)|)
/// points_px         [N] image pixels, straight lines (no radial term)
/// pitch_from_image  any scale and sign; the sign is taken such that w > 0 at the given point with the largest y
///
/// Throws Error(kInvalidArgument) when the lengths differ or the matrix is not finite. Thread-safe.
void project_pts(std::span<std::optional<geometry::PitchPoint>> pitch_m,
                 std::span<const geometry::ImagePoint> points_px, const geometry::Mat3& pitch_from_image);

struct ProjectOptions {
  double max_outside_m = 15;  ///< m off the pitch beyond which a place is not believed; in [0, 1000]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// Where a box's foot stands; empty at the horizon and farther off the pitch than max_outside_m. Thread-safe.
std::optional<geometry::PitchPoint> foot_position(const geometry::BoxPx& box_px, const geometry::PitchCamera& camera,
                                                  const match::PitchModel& pitch, const ProjectOptions& options = {});

/// Sets position_m of every track from its box's foot; all empty without a camera. Thread-safe on different tracks.
void project_people(std::span<match::Track> tracks, const std::optional<geometry::PitchCamera>& camera,
                    const match::PitchModel& pitch, const ProjectOptions& options = {});

}  // namespace touchline::calibrate
