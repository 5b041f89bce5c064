#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "touchline/geometry/homography.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"

namespace touchline::calibrate {

/// The seen points of a frame beside their real landmarks; a fixed array, nothing is allocated.
struct SeenPairs {
  std::array<geometry::PointPair, match::kPitchPointCount> pairs{};
  std::size_t count = 0;

  std::span<const geometry::PointPair> span() const { return std::span(pairs).first(count); }
};

/// Landmarks seen with at least min_score, in label order, weight 1.
inline SeenPairs seen_pairs(const match::SeenPoints& points, const match::PitchModel& pitch, float min_score) {
  SeenPairs seen;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].score <= 0 || points[i].score < min_score) continue;
    if (!std::isfinite(points[i].point_px.x) || !std::isfinite(points[i].point_px.y)) continue;
    seen.pairs[seen.count++] = {pitch.landmarks()[i], points[i].point_px, 1};
  }
  return seen;
}

/// Pixels of this picture per pixel of a 1280×720 one: tolerances are given for the latter.
inline double picture_scale(int width_px, int height_px) {
  return std::hypot(width_px, height_px) / std::hypot(1280, 720);
}

}  // namespace touchline::calibrate
