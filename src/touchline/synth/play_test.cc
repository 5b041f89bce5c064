#include "touchline/synth/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

class PlayOfSeed : public testing::TestWithParam<int> {};

TEST_P(PlayOfSeed, PeopleRunAsPeopleDoAndStayOnThePitch) {
  const match::PitchModel pitch;
  const Play play(pitch, 20, static_cast<std::uint64_t>(GetParam()));
  Moment before = play.at(0);
  double walked_m = 0;
  for (double t = 0.1; t < 20; t += 0.1) {
    const Moment now = play.at(t);
    for (std::size_t p = 0; p < kPeople; ++p) {
      const double step_m = geometry::distance_m(now.people[p].place_m, before.people[p].place_m);
      EXPECT_LT(step_m / 0.1, 9.5) << "person " << p << " at " << t;
      EXPECT_TRUE(pitch.contains(now.people[p].place_m, 2)) << "person " << p << " at " << t;
      EXPECT_NEAR(std::hypot(now.people[p].facing.x, now.people[p].facing.y), 1, 1e-6);
      walked_m += step_m;
    }
    before = now;
  }
  EXPECT_GT(walked_m / kPeople, 20);  // nobody plays football standing
  EXPECT_LT(walked_m / kPeople, 120);
}

TEST_P(PlayOfSeed, BallIsPassedAndStaysNearThePitch) {
  const match::PitchModel pitch;
  const Play play(pitch, 30, static_cast<std::uint64_t>(GetParam()));
  int owners = 0;
  int last_owner = -1;
  double highest_m = 0;
  for (double t = 0; t < 30; t += 0.04) {
    const Moment now = play.at(t);
    EXPECT_GE(now.ball_m.z, kBallRadius_m - 1e-9);
    EXPECT_TRUE(pitch.contains({now.ball_m.x, now.ball_m.y}, 4)) << t;
    EXPECT_LT(length(now.ball_velocity_mps), 40);
    highest_m = std::max(highest_m, now.ball_m.z);
    if (now.owner >= 0 && now.owner != last_owner) {
      ++owners;
      last_owner = now.owner;
    }
  }
  EXPECT_GE(owners, 4) << "the ball goes from foot to foot";
  EXPECT_LT(highest_m, 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlayOfSeed, testing::Range(0, 20));

TEST(Play, FliesSometimes) {
  int high = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Play play(match::PitchModel(), 30, seed);
    for (double t = 0; t < 30; t += 0.2) high += play.at(t).ball_m.z > 2 ? 1 : 0;
  }
  EXPECT_GT(high, 10);
}

TEST(Play, EqualSeedsPlayEqualMatches) {
  const Play a(match::PitchModel(), 5, 3);
  const Play b(match::PitchModel(), 5, 3);
  const Play c(match::PitchModel(), 5, 4);
  EXPECT_EQ(a.at(4.2).people[7].place_m, b.at(4.2).people[7].place_m);
  EXPECT_NE(a.at(4.2).people[7].place_m, c.at(4.2).people[7].place_m);
}

TEST(Play, KeepersGuardTheirOwnGoals) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Play play(match::PitchModel(), 10, seed);
    for (double t = 0; t < 10; t += 0.5) {
      EXPECT_LT(play.at(t).people[0].place_m.x, -36);
      EXPECT_GT(play.at(t).people[kTeamSize].place_m.x, 36);
    }
  }
}

}  // namespace
}  // namespace touchline::synth
