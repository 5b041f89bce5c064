#pragma once

#include <optional>
#include <span>
#include <vector>

#include "touchline/geometry/mat3.h"
#include "touchline/geometry/point.h"
#include "touchline/match/pitch_pose.h"
#include "touchline/match/track.h"

namespace touchline::track {

/// How the standing world moved in the picture from one frame to the next: a homography now_from_before.
/// Taken from the two cameras when both are measured and the people do not contradict them, else from the people seen
/// in both frames (median shift, and zoom when there are enough), else the picture is taken to stand still. Remembers
/// the last frame. Not thread-safe.
class PictureMotion {
 public:
  /// The motion since the last frame that was seen; the identity on the first one. A frame with neither people nor a
  /// measured camera (one the network skipped) was not seen: empty, and the next motion reaches over it.
  std::optional<geometry::Mat3> update(std::span<const match::Track> people, const match::PitchPose& pose);

  /// Forgets the last frame.
  void reset();

 private:
  struct Moved {
    geometry::ImagePoint before;
    geometry::ImagePoint now;
    double height_px;
  };

  void pair_up(std::span<const match::Track> people);
  std::optional<geometry::Mat3> from_people();
  std::optional<geometry::Mat3> from_cameras(const match::PitchPose& pose);
  double median_error_heights(const geometry::Mat3& now_from_before);

  struct Known {
    std::int64_t id;
    geometry::ImagePoint foot_px;
  };
  std::vector<Known> known_;
  std::optional<geometry::PitchCamera> camera_;
  std::vector<Moved> moved_;
  std::vector<double> values_;
};

/// Where the homography takes the point; the point itself where it has no image.
geometry::ImagePoint moved(const geometry::Mat3& now_from_before, geometry::ImagePoint before_px);

}  // namespace touchline::track
