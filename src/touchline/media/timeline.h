#pragma once

#include <optional>

namespace touchline::media {

/// Gives every frame a presentation time, strictly increasing. Not thread-safe.
///
/// A missing time is the previous one plus one frame. A time that repeats or steps back less than a second becomes a
/// hair (1 ms, at most a quarter frame) later than its predecessor, so the frames after it keep their own. A larger
/// step back means that the source restarted its clock: from there on all times are moved to follow on.
class Timeline {
 public:
  /// frame_rate: frames per second used where times are missing, > 0. Throws Error(kInvalidArgument) otherwise.
  explicit Timeline(double frame_rate);

  /// pts_s: the source's time in seconds, or nothing. Returns the frame's time in seconds.
  double next(std::optional<double> pts_s);

  /// The time last given, 0 before the first.
  double last_s() const { return last_s_.value_or(0); }

 private:
  double frame_s_;
  double offset_s_ = 0;
  std::optional<double> last_s_;
};

}  // namespace touchline::media
