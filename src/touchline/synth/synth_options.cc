#include "touchline/synth/synth_options.h"

#include "touchline/base/error.h"
#include "touchline/match/pitch_model.h"

namespace touchline::synth {

void SynthOptions::check() const {
  TOUCHLINE_REQUIRE(width_px >= 160 && width_px <= 4096 && height_px >= 90 && height_px <= 4096,
                    "a made-up match of {}x{} pixels is not possible; choose 160x90 to 4096x4096", width_px, height_px);
  TOUCHLINE_REQUIRE(frame_rate >= 1 && frame_rate <= 120, "frame rate {} is not possible; choose 1 to 120", frame_rate);
  TOUCHLINE_REQUIRE(duration_s > 0 && duration_s <= 5400 && duration_s * frame_rate >= 1,
                    "a clip of {} s is not possible; choose one frame to 5400 s", duration_s);
  TOUCHLINE_REQUIRE(shots >= 1 && (shots == 1 || shots <= duration_s),
                    "{} shots do not fit into {} s; each lasts at least one second", shots, duration_s);
  match::PitchModel(pitch_length_m, pitch_width_m);
}

}  // namespace touchline::synth
