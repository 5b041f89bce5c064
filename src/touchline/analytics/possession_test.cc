#include "touchline/analytics/possession.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;
using match::Possession;
using match::Team;

constexpr double kFrameS = 0.04;

match::Track player(std::int64_t id, Team team, PitchPoint at) {
  match::Track track;
  track.id = id;
  track.team = {team, 1};
  track.position_m = at;
  return track;
}

/// Plays frames of a scene at 25 a second: two players, a 1 at (0, 0) and b 2 at (10, 0), and a ball.
class Possessions : public testing::Test {
 protected:
  BallOwner play(std::optional<PitchPoint> ball) {
    match::MatchFrame frame;
    frame.index = index_;
    frame.pts_s = kFrameS * static_cast<double>(index_++);
    frame.tracks = tracks_;
    if (ball) {
      frame.ball = match::Ball{};
      frame.ball->position_m = ball;
    }
    return filter_.update(frame);
  }
  BallOwner play_for(double seconds, std::optional<PitchPoint> ball) {
    BallOwner last;
    for (int i = 0; i < static_cast<int>(seconds / kFrameS + 0.5); ++i) last = play(ball);
    return last;
  }

  std::vector<match::Track> tracks_ = {player(1, Team::kA, {0, 0}), player(2, Team::kB, {10, 0})};
  PossessionFilter filter_{PossessionOptions()};
  std::int64_t index_ = 0;
};

TEST_F(Possessions, FirstPlayerInReachOwnsTheBallAtOnce) {
  const BallOwner owner = play(PitchPoint{1.4, 0});
  EXPECT_EQ(owner.possession, Possession::kA);
  EXPECT_EQ(owner.track_id, 1);
  EXPECT_EQ(owner.position_m, (PitchPoint{0, 0}));
}

TEST_F(Possessions, OutOfReachIsUnknownThenContested) {
  EXPECT_EQ(play_for(2, PitchPoint{5, 0}).possession, Possession::kUnknown);
  EXPECT_EQ(play_for(0.08, PitchPoint{5, 0}).possession, Possession::kContested);
  EXPECT_EQ(play(PitchPoint{9.5, 0}).possession, Possession::kB);
}

TEST_F(Possessions, LooseBallStaysWithTheLastOwnerForTwoSeconds) {
  play(PitchPoint{1, 0});
  EXPECT_EQ(play_for(1.96, PitchPoint{2, 0}).possession, Possession::kA);
  EXPECT_EQ(play_for(0.12, PitchPoint{2, 0}).possession, Possession::kContested);
  EXPECT_FALSE(play(PitchPoint{2, 0}).track_id.has_value());
}

TEST_F(Possessions, AnotherPlayerTakesOverAfterThreeTenths) {
  play_for(1, PitchPoint{0.5, 0});
  tracks_[1].position_m = PitchPoint{0.6, 0};  // the opponent steps to the ball
  EXPECT_EQ(play_for(0.28, PitchPoint{0.5, 0}).possession, Possession::kA);
  EXPECT_EQ(play_for(0.08, PitchPoint{0.5, 0}).possession, Possession::kB);
}

TEST_F(Possessions, ATouchShorterThanThatChangesNothing) {
  play_for(1, PitchPoint{0.5, 0});
  for (int touch = 0; touch < 5; ++touch) {
    tracks_[1].position_m = PitchPoint{0.6, 0};
    EXPECT_EQ(play_for(0.2, PitchPoint{0.5, 0}).possession, Possession::kA);
    tracks_[1].position_m = PitchPoint{10, 0};
    EXPECT_EQ(play_for(0.2, PitchPoint{0.5, 0}).possession, Possession::kA);
  }
}

TEST_F(Possessions, AFastBallPassingAnOpponentKeepsItsOwner) {
  play_for(0.4, PitchPoint{0, 0});
  for (double x = 0.5; x < 20; x += 0.5) {  // 12.5 m/s, through the opponent at 10 m for 0.24 s
    EXPECT_EQ(play(PitchPoint{x, 0}).possession, Possession::kA) << x;
  }
}

TEST_F(Possessions, NoBallOrNoPlacesIsUnknown) {
  play(PitchPoint{1, 0});
  EXPECT_EQ(play(std::nullopt).possession, Possession::kUnknown);
  EXPECT_EQ(play(PitchPoint{3, 0}).possession, Possession::kA);
  for (auto& track : tracks_) track.position_m.reset();
  EXPECT_EQ(play(PitchPoint{1, 0}).possession, Possession::kUnknown);
}

TEST_F(Possessions, RefereesAndPeopleWithoutTeamNeverOwnTheBall) {
  tracks_[0].team.team = Team::kNone;
  tracks_[1].person_class = match::PersonClass::kReferee;
  tracks_[1].position_m = PitchPoint{0.2, 0};
  EXPECT_EQ(play(PitchPoint{0, 0}).possession, Possession::kUnknown);
}

TEST_F(Possessions, TheNearestOfTwoInReachOwns) {
  tracks_[1].position_m = PitchPoint{1.2, 0};
  EXPECT_EQ(play(PitchPoint{0.7, 0}).track_id, 2);
}

TEST_F(Possessions, ACutForgetsTheOwner) {
  play(PitchPoint{1, 0});
  filter_.cut();
  EXPECT_EQ(play(PitchPoint{3, 0}).possession, Possession::kUnknown);
}

// By hand: distances 5, 12, 17.9 and 18.5 m; the last is outside 18 m. NumPy gave the sum.
TEST(Pressure, AgreesWithNumPy) {
  const std::vector<PitchPoint> opponents = {{4, 6}, {1, -10}, {18.9, 2}, {19.5, 2}};
  EXPECT_NEAR(pressure_on({1, 2}, opponents, {}), 0.5318944018323657, 1e-12);
  EXPECT_EQ(pressure_on({1, 2}, {}, {}), 0);
}

TEST(PossessionOptions, EachRangeIsChecked) {
  const std::vector<std::function<void(PossessionOptions&)>> table = {
      [](auto& o) { o.reach_m = 0.1; },        [](auto& o) { o.takeover_s = -1; },
      [](auto& o) { o.fast_ball_mps = 0; },    [](auto& o) { o.contested_after_s = 0; },
      [](auto& o) { o.speed_window_s = 2; },   [](auto& o) { o.pressure_radius_m = 0; },
      [](auto& o) { o.pressure_sigma_m = 0; },
  };
  for (const auto& break_it : table) {
    PossessionOptions options;
    break_it(options);
    EXPECT_THROW(PossessionFilter{options}, base::Error);
  }
}

}  // namespace
}  // namespace touchline::analytics
