#include "touchline/analytics/analyst.h"

#include <gtest/gtest.h>

#include <cmath>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;
using match::Possession;
using match::Team;

AnalystOptions options_720p() {
  AnalystOptions options;
  options.width_px = 1280;
  options.height_px = 720;
  return options;
}

/// From straight above, the whole pitch in the picture; a 1 has the ball at (20, 0) and attacks +x, b 2 is near.
match::MatchFrame scene(std::int64_t index) {
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = 0.04 * static_cast<double>(index);
  frame.pose.state = match::PoseState::kMeasured;
  frame.pose.camera = geometry::PitchCamera::make({10, 0, 640, 0, -10, 360, 0, 0, 1}, 0, 1280, 720);
  frame.pose.error_m = 0.2;
  frame.attack.a = 1;
  const auto add = [&](std::int64_t id, Team team, PitchPoint at) {
    match::Track track;
    track.id = id;
    track.team = {team, 1};
    track.position_m = at;
    frame.tracks.push_back(track);
  };
  add(1, Team::kA, {20, 0});
  add(2, Team::kB, {23, 4});
  add(3, Team::kA, {-20, 10});
  frame.ball = match::Ball{};
  frame.ball->position_m = PitchPoint{20.5, 0};
  return frame;
}

TEST(Analyst, FillsEverythingInOrder) {
  Analyst analyst(options_720p());
  match::MatchFrame frame = scene(0);
  analyst.update(frame);
  EXPECT_EQ(frame.possession, Possession::kA);
  EXPECT_EQ(frame.visible_pitch, 1);
  ASSERT_TRUE(frame.control && frame.threat && frame.eval);
  EXPECT_EQ(frame.control->control_a.size(), 640U);
  EXPECT_NEAR(*frame.eval->terms.control, 2 * frame.control->share_a - 1, 1e-12);
  // By hand: one opponent at 5 m: p = 1 − exp(−exp(−25 / 60.5)).
  EXPECT_NEAR(*frame.eval->terms.pressure, -(1 - std::exp(-std::exp(-25 / 60.5))), 1e-12);
  EXPECT_NEAR(*frame.eval->terms.ball, expected_threat_at({20.5, 0}, 1, match::PitchModel()) / kLargestThreat, 1e-12);
  EXPECT_NEAR(frame.eval->confidence, 0.9, 1e-12);
}

TEST(Analyst, WithoutACameraNothingIsInvented) {
  Analyst analyst(options_720p());
  match::MatchFrame frame = scene(0);
  frame.pose = {};
  for (auto& track : frame.tracks) track.position_m.reset();
  frame.ball->position_m.reset();
  analyst.update(frame);
  EXPECT_EQ(frame.possession, Possession::kUnknown);
  EXPECT_FALSE(frame.visible_pitch || frame.control || frame.threat || frame.eval);
}

TEST(Analyst, UnknownDirectionLeavesThreatAndBallUnknown) {
  Analyst analyst(options_720p());
  match::MatchFrame frame = scene(0);
  frame.attack.a = 0;
  analyst.update(frame);
  EXPECT_TRUE(frame.control.has_value());
  EXPECT_FALSE(frame.threat.has_value());
  EXPECT_FALSE(frame.eval->terms.threat || frame.eval->terms.ball);
  EXPECT_TRUE(frame.eval->terms.control && frame.eval->terms.pressure);
}

TEST(Analyst, ANewShotForgetsOwnerAndSmoothing) {
  Analyst analyst(options_720p());
  for (int i = 0; i < 10; ++i) {
    match::MatchFrame frame = scene(i);
    analyst.update(frame);
  }
  match::MatchFrame other = scene(10);
  other.shot = 1;
  other.ball->position_m = PitchPoint{-40, 0};
  for (auto& track : other.tracks) {
    track.id += 10;
    track.team.team = track.team.team == Team::kA ? Team::kB : Team::kA;
  }
  analyst.update(other);
  EXPECT_EQ(other.possession, Possession::kUnknown);
  EXPECT_DOUBLE_EQ(other.eval->value, *raw_eval(other.eval->terms, {}));
}

TEST(Analyst, RefereesTakeNoPartInControl) {
  Analyst with(options_720p());
  Analyst without(options_720p());
  match::MatchFrame one = scene(0);
  match::MatchFrame two = scene(0);
  two.tracks.push_back(two.tracks[1]);
  two.tracks.back().id = 9;
  two.tracks.back().person_class = match::PersonClass::kReferee;
  two.tracks.back().position_m = PitchPoint{-30, 0};
  with.update(one);
  without.update(two);
  EXPECT_EQ(one.control->control_a, two.control->control_a);
}

TEST(Analyst, LookaheadGivesSpeedsFromTheFirstFrameOn) {
  Analyst analyst(options_720p());
  std::vector<match::MatchFrame> frames;
  for (int i = 0; i < 25; ++i) {
    frames.push_back(scene(i));
    frames.back().tracks[0].position_m = PitchPoint{20 + 0.2 * i, 0};
    analyst.observe(frames.back());
  }
  analyst.update(frames[0]);
  EXPECT_NEAR(*frames[0].tracks[0].speed_mps, 5, 0.1);
  EXPECT_NEAR(*frames[0].tracks[1].speed_mps, 0, 0.05);
}

TEST(Analyst, AFrameAnalysedTwiceDoesNotKeepOldControl) {
  Analyst analyst(options_720p());
  match::MatchFrame frame = scene(0);
  analyst.update(frame);
  frame.index = 1;
  frame.tracks.clear();
  analyst.update(frame);
  EXPECT_FALSE(frame.control.has_value());
  EXPECT_FALSE(frame.threat.has_value());
}

TEST(Analyst, RefusesAPictureWithoutSize) {
  EXPECT_THROW(Analyst(AnalystOptions{}), base::Error);
}

}  // namespace
}  // namespace touchline::analytics
