#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "touchline/geometry/homography.h"
#include "touchline/geometry/mat3.h"

namespace touchline::geometry {

/// How a homography is searched among points of which some are wild.
struct RansacOptions {
  double threshold_px = 10;     ///< px, a pair farther off than this counts as wild; in (0, 1000]
  int max_samples = 200;        ///< samples of four tried at most; in [1, 100000]
  double confidence = 0.999;    ///< chance to have met a clean sample at which the search may stop; in (0, 1)
  std::uint64_t seed = 0x5eed;  ///< same pairs and seed, same answer

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// A homography and the pairs it explains.
struct RobustHomography {
  Mat3 image_from_pitch{};
  std::uint64_t inliers = 0;  ///< bit i: pair i lies within the threshold
  int inlier_count = 0;
};

/// The homography image_from_pitch that most pairs agree with, seen from above the pitch: samples of four whose
/// triangles keep the turning direction that a camera above the grass gives them, truncated squared error (MSAC), then
/// reweighted least squares over the pairs it explains.
///
/// pairs   at most 64; weights scale each pair's vote
/// Empty with fewer than four pairs, or when no sample gives a homography with four inliers. Throws
/// Error(kInvalidArgument) for more than 64 pairs or options out of range. Thread-safe; nothing is allocated.
std::optional<RobustHomography> find_homography(std::span<const PointPair> pairs, const RansacOptions& options);

}  // namespace touchline::geometry
