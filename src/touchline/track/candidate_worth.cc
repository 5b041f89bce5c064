#include "touchline/track/candidate_worth.h"

#include <algorithm>
#include <cmath>

#include "touchline/match/pitch_model.h"

namespace touchline::track {
namespace {

constexpr double kNetDepth_m = 2.5;

}  // namespace

double CandidateWorth::of(const match::BallCandidate& candidate, const match::PitchPose& pose, double height_px) {
  const auto still = spots_.see(candidate.point_px, options_.still_radius * height_px);
  const double score = std::clamp(double(candidate.score), 1e-3, 1.0);
  double value = std::log(score / options_.floor_score);
  if (still.on_grass_s > options_.still_after_s) {
    // In play a ball beyond the lines flies or rolls; one that lies there is spare, however well it is seen.
    value -= is_beside(candidate.point_px, pose) ? options_.spare_cost : options_.still_cost;
  }
  if (still.against_camera_px > height_px) value -= options_.painted_cost;
  return value;
}

/// Beyond the lines, and in no goal's net.
bool CandidateWorth::is_beside(geometry::ImagePoint point_px, const match::PitchPose& pose) const {
  if (!pose.camera) return false;
  const auto place_m = pose.camera->pitch_from_image(point_px);
  if (!place_m) return false;
  const double error_m = pose.error_m.value_or(0);
  if (options_.pitch.contains(*place_m, options_.beside_m + error_m)) return false;
  return std::abs(place_m->y) > match::kHalfGoal_m + error_m ||
         std::abs(place_m->x) > options_.pitch.length_m() / 2 + kNetDepth_m + error_m;
}

}  // namespace touchline::track
