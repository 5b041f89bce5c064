#pragma once

#include <optional>
#include <span>
#include <vector>

#include "touchline/geometry/pitch_camera.h"
#include "touchline/geometry/point.h"
#include "touchline/match/pitch_pose.h"

namespace touchline::track {

/// A person's foot and size, as far as camera motion needs it.
struct Standing {
  geometry::ImagePoint foot_px;
  double height_px = 1;
};

/// How the picture of the grass moved between two frames: after = origin + shift + scale · (before − origin), or, where
/// both frames have a camera, through the pitch itself.
struct CameraMotion {
  geometry::ImagePoint origin_px;
  geometry::ImagePoint shift_px;
  double scale = 1;
  std::optional<geometry::PitchCamera> before;
  std::optional<geometry::PitchCamera> after;

  /// Where a point of the grass is now. The camera pair is used where it sees the point, else the plain motion.
  geometry::ImagePoint map(geometry::ImagePoint before_px) const;

  /// How much larger a person of that height at that point became.
  double scale_at(geometry::ImagePoint before_px, double height_px) const;
};

/// Options of CameraMotionEstimator. Lengths in body heights (the median of the people seen).
struct CameraMotionOptions {
  double reach = 1.0;  ///< largest change of the picture's speed from one frame to the next that is searched; 0.1 … 10
  double cell = 0.14;          ///< width of a cell of the vote; 0.02 … 1
  double agreement = 0.243;    ///< a person moved with the picture when closer than this to where it says; 0.02 … 2
  int least_people = 6;        ///< fewer votes than this leave the picture's speed as it was; 2 … 64
  bool use_zoom = true;        ///< also fit the scale
  double zoom_noise = 0.1;     ///< scatter of one person about the picture's motion, heights; 0.001 … 10
  double zoom_spread = 0.001;  ///< usual change of scale from one frame to the next; 0.00001 … 1

  /// Throws Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

/// Finds how the picture moved: from the cameras of two frames, else from the people themselves. Each pair of a person
/// before and a person now votes for a displacement, the fullest cell wins, and a least-squares fit over those who
/// agree refines it. The picture's own speed is remembered and expected to go on. Not thread-safe.
class CameraMotionEstimator {
 public:
  explicit CameraMotionEstimator(const CameraMotionOptions& options = {});

  /// before   where people are expected now if the camera stood still; only people seen lately
  /// now      people detected in this frame
  /// dt_s     time since the last call, > 0
  CameraMotion estimate(std::span<const Standing> before, std::span<const Standing> now, const match::PitchPose& pose,
                        double dt_s);

  /// A cut: nothing of the last frame holds.
  void reset();

 private:
  struct Pair {
    double u;
    double v;
  };

  geometry::ImagePoint vote(std::span<const Standing> before, std::span<const Standing> now,
                            geometry::ImagePoint expected, double unit_px);
  int refine(CameraMotion& motion, std::span<const Standing> before, std::span<const Standing> now) const;
  int agreeing(const CameraMotion& motion, std::span<const Standing> before, std::span<const Standing> now) const;

  CameraMotionOptions options_;
  geometry::ImagePoint speed_px_;  // of the picture, px/s
  std::optional<geometry::PitchCamera> last_camera_;
  std::vector<Pair> pairs_;
  std::vector<float> votes_;
  std::vector<double> heights_;
};

}  // namespace touchline::track
