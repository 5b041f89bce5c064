#pragma once

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/point.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_pose.h"
#include "touchline/track/ball_path.h"
#include "touchline/track/still_spots.h"

namespace touchline::track {

/// What a candidate's own looks and place say for it being the ball in play, whatever the frames around have: its
/// score, how long something has lain still there, whether that is beside the pitch or painted on the picture.
/// Not thread-safe.
class CandidateWorth {
 public:
  /// Keeps a copy of the options, which BallPath has checked.
  explicit CandidateWorth(const BallPathOptions& options) : options_(options) {}

  /// The next frame: how the picture moved since the last, and how much later it is.
  void advance(const geometry::Mat3& now_from_last, double dt_s) { spots_.advance(now_from_last, dt_s); }

  /// Forgets every place: the picture was cut.
  void reset() { spots_.reset(); }

  /// In the logarithm of scores; 0 is the floor's score. height_px: of a person in this picture. Notes the place.
  double of(const match::BallCandidate& candidate, const match::PitchPose& pose, double height_px);

 private:
  bool is_beside(geometry::ImagePoint point_px, const match::PitchPose& pose) const;

  BallPathOptions options_;
  StillSpots spots_;
};

}  // namespace touchline::track
