#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "touchline/calibrate/fit.h"
#include "touchline/calibrate/quality.h"
#include "touchline/calibrate/seen_pairs.h"
#include "touchline/geometry/camera_fit.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"
#include "touchline/match/pitch_pose.h"

namespace touchline::calibrate {

/// How a camera moves between frames, and when it is no longer believed. Pixels are those of a 1280×720 picture.
struct PoseFilterOptions {
  double min_score = 0.3;           ///< points seen with less are ignored; in [0, 1]
  double sigma_px = 3;              ///< px, deviation of a good point, its error over time included; in (0, 100]
  double cauchy_scale = 2.5;        ///< points farther off than this many sigma lose their pull; in (0, 100]
  double pan_acceleration = 0.25;   ///< rad/s², how hard the head is turned, for pan and tilt; in (0, 100]
  double zoom_acceleration = 0.25;  ///< 1/s², of the focal length's logarithm; in (0, 100]
  double roll_drift = 0.004;        ///< rad/√s; in (0, 1]
  double place_drift_m = 0.1;       ///< m/√s, cameras stand still or nearly so; in (0, 100]
  double k1_drift = 0.01;           ///< 1/√s; in (0, 1]
  int min_points = 3;               ///< points that must agree for a frame to count as measured; in [2, 32]
  int jump_frames = 2;   ///< frames in a row that must contradict the past before it is forgotten; in [1, 100]
  double hold_s = 1;     ///< s, how long a camera is carried on without points; in [0, 10]
  double forget_s = 10;  ///< s without a measured camera until the place is forgotten too; in [0, 1000]
  QualityOptions quality{};

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

inline constexpr std::size_t kPoseStates = geometry::kCameraParameters + 3;

/// Camera parameters, then speeds of pan, tilt, log focal length (per second).
using PoseStateVector = std::array<double, kPoseStates>;

/// Row-major, in the order of PoseStateVector.
using PoseStateMatrix = std::array<double, kPoseStates * kPoseStates>;

/// What a PoseFilter believed about one frame, and how that hangs on the frame before: what PoseSmoother needs.
struct PoseStep {
  bool carries_on = false;     ///< it grew out of the frame before: `predicted` and `gain` mean something
  PoseStateVector filtered{};  ///< means something where a frame of the shot was measured before
  PoseStateVector predicted{};
  PoseStateMatrix gain{};  ///< of the frame before: what a better belief here says about there
};

/// The camera of a state.
geometry::CameraModel camera_model(const PoseStateVector& state);

/// The camera of a shot over time: frames go in in order, each gets a camera or none.
///
/// One Kalman filter over pan, tilt, zoom and their speeds, roll, place and k1, whose update is the same robust fit as
/// a single frame's. As a camera's place becomes known from the frames of its shot, two or three points suffice. See
/// Note [Pose filter] in pose_filter.cc. Nothing is allocated after construction. Not thread-safe.
class PoseFilter {
 public:
  /// Throws Error(kInvalidArgument) for a picture without area or options out of range.
  PoseFilter(int width_px, int height_px, const match::PitchModel& pitch, const PoseFilterOptions& options = {});

  /// The next frame: its own fit (empty when it has none), its seen points, its time.
  ///
  /// kMeasured when this frame's points agree with the camera, kHeld for at most hold_s after the last measured one,
  /// else kNone. error_px is the RMS at the agreeing points (measured only), error_m the expected error of a place on
  /// the visible pitch. A time that does not grow begins anew, like cut().
  match::PitchPose update(const std::optional<PoseFit>& fit, const match::SeenPoints& points, double pts_s);

  /// A new shot: everything is forgotten.
  void cut();

  /// Of the last update().
  const PoseStep& step() const { return step_; }

 private:
  struct Belief {
    PoseStateVector mean{};
    PoseStateMatrix covariance{};
  };
  struct Update {
    geometry::CameraEstimate estimate;
    PoseQuality quality;
  };

  Belief predicted(double dt_s);
  Belief corrected(const Belief& prior, const geometry::CameraEstimate& estimate) const;
  Belief started(const geometry::CameraEstimate& estimate);
  std::optional<Update> fitted(const Belief& prior, const geometry::CameraModel& start, const SeenPairs& seen) const;
  std::optional<Belief> absorbed(const Belief& prior, const std::optional<PoseFit>& fit, const SeenPairs& seen,
                                 PoseQuality& quality);
  match::PitchPose held() const;
  match::PitchPose shown(match::PoseState state, const PoseQuality& quality) const;

  int width_px_;
  int height_px_;
  match::PitchModel pitch_;
  PoseFilterOptions options_;
  std::optional<Belief> belief_;
  PoseStep step_;
  double last_s_ = 0;
  double measured_s_ = 0;
  int contradictions_ = 0;
};

}  // namespace touchline::calibrate
