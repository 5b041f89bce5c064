#pragma once

#include <cstdint>

#include "touchline/synth/camera_kind.h"

namespace touchline::synth {

/// What a made-up match shall be. Everything else (light, grass, stadium, kits, people, play, cameras) follows from the
/// seed.
struct SynthOptions {
  std::uint64_t seed = 0;                 ///< another seed is another match in another stadium
  int width_px = 1280;                    ///< picture width, 160 to 4096, odd sizes too
  int height_px = 720;                    ///< picture height, 90 to 4096
  double frame_rate = 25;                 ///< frames a second, 1 to 120
  double duration_s = 10;                 ///< length of the clip, up to 5400; at least one frame
  int shots = 1;                          ///< shots of the clip: shots − 1 cuts; each shot lasts at least one second
  CameraKind camera = CameraKind::kMain;  ///< where the cameras stand
  double pitch_length_m = 105;            ///< 90 to 120
  double pitch_width_m = 68;              ///< 45 to 90

  /// Throws base::Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

}  // namespace touchline::synth
