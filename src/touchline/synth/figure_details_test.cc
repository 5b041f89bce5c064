#include "touchline/synth/figure_details.h"

#include <gtest/gtest.h>

namespace touchline::synth {
namespace {

class FigureDetails : public testing::Test {
 protected:
  FigureDetails() {
    kit_.shirt = splat(100);
    kit_.second = splat(10);
    figure_.kit = &kit_;
    figure_.number = 8;
    torso_.kind = Limb::Kind::kTorso;
    head_.kind = Limb::Kind::kHead;
  }
  static bool equal(Pixel a, Pixel b) { return a[0] == b[0] && a[1] == b[1] && a[2] == b[2]; }

  Kit kit_;
  Figure figure_;
  Limb torso_;
  Limb head_;
};

TEST_F(FigureDetails, NoneFromAfar) {
  const Skinpoint eye = {0.5F, 0.033F, 0.045F, 1};
  EXPECT_TRUE(equal(detailed(splat(120), head_, figure_, eye, kDetails_px_per_m), splat(120)));
  EXPECT_FALSE(equal(detailed(splat(120), head_, figure_, eye, 300), splat(120)));
}

TEST_F(FigureDetails, NumberIsOnTheBackOnly) {
  const Skinpoint middle_bar = {0.62F, 0, 0, -1};  // the middle bar of an 8
  const Skinpoint chest = {0.62F, 0, 0, 1};
  EXPECT_LT(detailed(kit_.shirt, torso_, figure_, middle_bar, 400)[0], 20);
  EXPECT_GT(detailed(kit_.shirt, torso_, figure_, chest, 400)[0], 70);
  figure_.number = 0;
  EXPECT_GT(detailed(kit_.shirt, torso_, figure_, middle_bar, 400)[0], 70);
}

TEST_F(FigureDetails, ABallHasNone) {
  figure_.kit = nullptr;
  EXPECT_TRUE(equal(detailed(splat(90), torso_, figure_, {0.6F, 0, 0, -1}, 900), splat(90)));
}

}  // namespace
}  // namespace touchline::synth
