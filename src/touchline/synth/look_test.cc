#include "touchline/synth/look.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace touchline::synth {
namespace {

double gap(const Pixel& a, const Pixel& b) {
  const Pixel d = (a - b) * (a - b);
  return std::sqrt(d[0] + d[1] + d[2]);
}

TEST(Look, KitsDifferFromEachOtherAndFromTheGrass) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Look look(seed);
    const Kit& a = look.people[1].kit;
    const Kit& b = look.people[12].kit;
    EXPECT_GT(gap(a.shirt, b.shirt), 50) << "seed " << seed;
    EXPECT_GT(gap(look.people[0].kit.shirt, a.shirt), 40) << "seed " << seed;
    EXPECT_GT(gap(look.people[11].kit.shirt, b.shirt), 40) << "seed " << seed;
    EXPECT_GT(gap(look.people[22].kit.shirt, a.shirt), 40) << "seed " << seed;
    EXPECT_GT(gap(look.people[22].kit.shirt, b.shirt), 40) << "seed " << seed;
    EXPECT_GT(gap(look.grass, a.shirt), 30) << "seed " << seed;
    EXPECT_EQ(look.people[3].kit.pattern, look.people[9].kit.pattern);
  }
}

TEST(Look, SeedsVaryWeatherAndKits) {
  std::set<Weather> weathers;
  std::set<Pattern> patterns;
  std::set<float> shirts;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Look look(seed);
    weathers.insert(look.weather);
    patterns.insert(look.people[1].kit.pattern);
    shirts.insert(look.people[1].kit.shirt[0]);
    EXPECT_EQ(look.lights.size(), look.weather == Weather::kFloodlight ? 4U : 1U);
  }
  EXPECT_EQ(weathers.size(), 3U);
  EXPECT_GE(patterns.size(), 4U);
  EXPECT_GE(shirts.size(), 6U);
}

}  // namespace
}  // namespace touchline::synth
