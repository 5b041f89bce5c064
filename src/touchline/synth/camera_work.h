#pragma once

#include <cstdint>
#include <vector>

#include "touchline/synth/play.h"
#include "touchline/synth/synth_options.h"
#include "touchline/synth/view.h"

namespace touchline::synth {

/// Who films a made-up match: the shots of the clip, and in each a cameraman who follows the ball with some delay,
/// pans, tilts and zooms. All cameras stand on the near side. Immutable and thread-safe after construction.
class CameraWork {
 public:
  CameraWork(const SynthOptions& options, const match::PitchModel& pitch, const Play& play);

  /// Which shot a frame belongs to, from 0.
  int shot_of(std::int64_t frame) const;

  /// The first frame of each shot; the first is 0.
  const std::vector<std::int64_t>& first_frames() const { return first_frames_; }

  /// The camera of a shot at a time.
  CameraState at(int shot, double time_s) const;

 private:
  struct Rig {
    Vec3 place_m;
    double focal = 1;   ///< focal length / picture width when the ball is at the halfway line
    double zoom = 0.2;  ///< how much closer the camera goes toward the goals
    double k1 = 0;
    double roll_turns = 0;
    double aim_y_m = 0;
    double follow_y = 0.2;  ///< share of the ball's y the camera follows
    double delay_s = 0.7;
    double reach_x_m = 30;  ///< the aim never goes farther out than this
  };
  struct Shot {
    Rig rig;
    double start_s = 0;
    std::vector<Vec3> aims;  ///< x, y of the aim and the zoom factor, every 20 ms from start_s
  };

  static Rig rig_of(int shot, const match::PitchModel& pitch, std::uint64_t seed, double aspect);
  void film(Shot& shot, const Play& play, double from_s, double to_s, double half_length) const;

  std::vector<std::int64_t> first_frames_;
  std::vector<Shot> shots_;
};

}  // namespace touchline::synth
