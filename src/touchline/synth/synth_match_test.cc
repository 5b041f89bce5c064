#include "touchline/synth/synth_match.h"

#include <gtest/gtest.h>

namespace touchline::synth {
namespace {

TEST(SynthMatch, Renders) {
  SynthOptions options;
  options.width_px = 320;
  options.height_px = 180;
  const SynthMatch match(options);
  EXPECT_EQ(match.frame_count(), 250);
  EXPECT_EQ(match.render(3).width(), 320);
}

}  // namespace
}  // namespace touchline::synth
