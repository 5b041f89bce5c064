#pragma once

#include <cstdint>
#include <vector>

#include "touchline/synth/camera_rig.h"
#include "touchline/synth/play.h"
#include "touchline/synth/synth_options.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// Who films a made-up match: the shots of the clip, and in each a cameraman who follows the ball with some delay,
/// pans, tilts and zooms. Immutable and thread-safe after construction.
class CameraWork {
 public:
  CameraWork(const SynthOptions& options, const match::PitchModel& pitch, const Play& play);

  /// Which shot a frame belongs to, from 0.
  int shot_of(std::int64_t frame) const;

  /// The first frame of each shot; the first is 0.
  const std::vector<std::int64_t>& first_frames() const { return first_frames_; }

  /// What kind of camera films a shot; never kMixed.
  CameraKind kind(int shot) const { return shots_[static_cast<std::size_t>(shot)].rig.kind; }

  /// The camera of a shot at a time.
  CameraState at(int shot, double time_s) const;

 private:
  struct Shot {
    Rig rig;
    double start_s = 0;
    std::vector<Vec3> aims;  ///< x, y of the aim and the zoom factor, every 20 ms from start_s
  };

  void film(Shot& shot, const Play& play, double from_s, double to_s, double half_length) const;

  std::vector<std::int64_t> first_frames_;
  std::vector<Shot> shots_;
};

}  // namespace touchline::synth
