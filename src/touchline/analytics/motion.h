#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "touchline/geometry/point.h"
#include "touchline/match/match_frame.h"

namespace touchline::analytics {

struct MotionOptions {
  double position_noise_m = 0.25;  ///< standard deviation of one measured place along one axis; 0.01 to 5
  double acceleration_mps2 = 4;    ///< standard deviation of what players do between frames; 0.1 to 50
  double largest_speed_mps = 12;   ///< speeds are bounded by it; 1 to 50
  double longest_gap_s = 0.5;      ///< a longer time without a place is not bridged; 0.05 to 5
  double settle_s = 0.2;           ///< a speed is given once a track was watched for so long; 0 to 2
  double longest_lookahead_s = 2;  ///< places are kept for so long at most; 0 to 10

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// Places and speeds of the tracks by a constant-velocity model: a Kalman filter while frames come in, Rauch, Tung and
/// Striebel's smoother over what was seen after a frame when it leaves. The time between observe() and settle() of a
/// frame is the look-ahead: none in live use, then it is the plain filter. Memory is bounded by the look-ahead and the
/// number of people. Not thread-safe.
class MotionSmoother {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit MotionSmoother(const MotionOptions& options);

  /// Takes the places of a frame's tracks as measurements. Frames in order of time. Held tracks and those filled in
  /// between detections are no measurements.
  void observe(const match::MatchFrame& frame);

  /// Gives the tracks of a frame their smoothed place and their speed; frames in order, each after its observe(). A
  /// track that is filled in between two measurements at most longest_gap_s apart gets the place between them. Others
  /// keep their place and have no speed.
  void settle(match::MatchFrame& frame);

 private:
  /// The two axes share their uncertainty, so one gain serves both.
  struct Axis {
    double place = 0;
    double speed = 0;
  };
  struct Covariance {
    double pp = 0;
    double pv = 0;
    double vv = 0;
  };
  struct Step {
    double pts_s = 0;
    double begun_s = 0;            ///< when this unbroken stretch of the track began
    std::array<Axis, 2> filtered;  ///< x and y
    std::array<Axis, 2> predicted;
    Covariance covariance;         ///< of filtered
    std::array<double, 4> gain{};  ///< of the step before toward this one, 2 × 2 row-major
  };
  using History = std::deque<Step>;

  void measure(History& history, geometry::PitchPoint point_m, double pts_s) const;
  void settle_track(match::Track& track, const History& history, double pts_s) const;
  std::array<Axis, 2> smoothed(const History& history, std::size_t index) const;
  void forget(double pts_s);

  MotionOptions options_;
  std::unordered_map<std::int64_t, History> histories_;
};

}  // namespace touchline::analytics
