#include "touchline/track/ball_path.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::track {
namespace {

using match::BallCandidate;
using match::State;

constexpr double kFrame_s = 0.04;

BallCandidate ball(double x, double y, float score = 0.8F) {
  const auto fx = static_cast<float>(x);
  const auto fy = static_cast<float>(y);
  return {.point_px = {x, y}, .box_px = {fx - 5, fy - 5, fx + 5, fy + 5}, .score = score};
}

/// People 80 px tall, standing still when the camera moves by `shift_px`.
std::vector<match::Track> crowd(double shift_px) {
  std::vector<match::Track> people;
  for (int i = 0; i < 10; ++i) {
    match::Track person;
    person.id = i + 1;
    const auto x = static_cast<float>(100 + 90 * i + shift_px);
    const auto y = static_cast<float>(200 + 37 * (i % 5));
    person.box_px = {x, y, x + 30, y + 80};
    people.push_back(person);
  }
  return people;
}

std::vector<std::optional<match::Ball>> follow(const std::vector<std::vector<BallCandidate>>& frames,
                                               const BallPathOptions& options = {}, double pan_px = 0,
                                               const match::PitchPose& pose = {}) {
  BallPath path(options);
  std::vector<std::optional<match::Ball>> balls;
  const auto take = [&] {
    while (const auto decision = path.pop_ready()) {
      EXPECT_EQ(decision->frame, static_cast<std::int64_t>(balls.size()));
      balls.push_back(decision->ball);
    }
  };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    path.push(static_cast<std::int64_t>(i), frames[i], pose, crowd(pan_px * static_cast<double>(i)),
              static_cast<double>(i) * kFrame_s);
    take();
  }
  path.finish();
  take();
  EXPECT_EQ(balls.size(), frames.size());
  return balls;
}

TEST(BallPath, AParabolaWithGapsIsBridged) {
  const auto x = [](int i) { return 100 + 8.0 * i; };
  const auto y = [](int i) { return 400 - 12.0 * i + 0.15 * i * i; };
  std::vector<std::vector<BallCandidate>> frames;
  const auto missing = [](int i) { return (i >= 10 && i < 18) || i == 30 || (i >= 50 && i < 70); };
  for (int i = 0; i < 90; ++i)
    frames.push_back(missing(i) ? std::vector<BallCandidate>{} : std::vector{ball(x(i), y(i))});
  const auto balls = follow(frames);
  for (int i = 0; i < 90; ++i) {
    const auto& found = balls[static_cast<std::size_t>(i)];
    ASSERT_TRUE(found) << i;
    EXPECT_EQ(found->state, missing(i) ? State::kInterpolated : State::kDetected) << i;
    EXPECT_NEAR(found->point_px.x, x(i), 3) << i;
    EXPECT_NEAR(found->point_px.y, y(i), 3) << i;
  }
}

TEST(BallPath, TheMovingBallWinsOverAPaintedLogo) {
  // The camera pans: the ball lies still on the grass and drifts through the picture, the better scored logo stays
  // where it is.
  std::vector<std::vector<BallCandidate>> frames;
  for (int i = 0; i < 150; ++i) frames.push_back({ball(60, 40, 0.9F), ball(300 + 5.0 * i, 400, 0.5F)});
  const auto balls = follow(frames, {}, 3);
  int wrong = 0;
  for (std::size_t i = 50; i < balls.size(); ++i) wrong += !balls[i] || balls[i]->point_px.x < 100;
  EXPECT_EQ(wrong, 0);
}

TEST(BallPath, ALogoAloneIsNoBall) {
  std::vector<std::vector<BallCandidate>> frames(150, {ball(60, 40, 0.8F)});
  const auto balls = follow(frames, {}, 3);
  for (std::size_t i = 60; i < balls.size(); ++i) EXPECT_FALSE(balls[i]) << i;
}

TEST(BallPath, ABallAtRestIsStillTheBall) {
  std::vector<std::vector<BallCandidate>> frames(200, {ball(600, 400, 0.8F)});
  for (const auto& found : follow(frames)) ASSERT_TRUE(found);
}

TEST(BallPath, ASpareBallAtRestLosesToTheOneInPlay) {
  std::vector<std::vector<BallCandidate>> frames;
  for (int i = 0; i < 150; ++i)
    frames.push_back({ball(900, 300, 0.75F), ball(200 + 4.0 * i, 420 + 20 * std::sin(i * 0.1), 0.7F)});
  const auto balls = follow(frames);
  int wrong = 0;
  for (std::size_t i = 40; i < balls.size(); ++i)
    wrong += !balls[i] || std::abs(balls[i]->point_px.x - (200 + 4.0 * double(i))) > 1;
  EXPECT_EQ(wrong, 0);
}

TEST(BallPath, AShotAt30MetersPerSecondIsFollowed) {
  // 30 m/s are 16.7 heights/s: 53 px a frame for people of 80 px; before and after it the ball hardly moves.
  std::vector<std::vector<BallCandidate>> frames;
  std::vector<double> truth;
  for (int i = 0; i < 60; ++i) {
    truth.push_back(i < 25 ? 200 + i : i < 40 ? 225 + 53.0 * (i - 25) : 967 + 53.0 + 2.0 * (i - 40));
    frames.push_back({ball(truth.back(), 400)});
  }
  const auto balls = follow(frames);
  for (std::size_t i = 0; i < balls.size(); ++i) {
    ASSERT_TRUE(balls[i]) << i;
    EXPECT_EQ(balls[i]->state, State::kDetected) << i;
    EXPECT_EQ(balls[i]->point_px.x, truth[i]) << i;
  }
}

TEST(BallPath, AFlashElsewhereDoesNotPullTheBallAway) {
  std::vector<std::vector<BallCandidate>> frames;
  for (int i = 0; i < 80; ++i) {
    frames.push_back({ball(200 + 3.0 * i, 400, 0.6F)});
    if (i % 20 == 10) frames.back().insert(frames.back().begin(), ball(900, 100 + i, 0.95F));
  }
  const auto balls = follow(frames);
  for (std::size_t i = 0; i < balls.size(); ++i) {
    ASSERT_TRUE(balls[i]) << i;
    EXPECT_EQ(balls[i]->point_px.y, 400) << i;
  }
}

TEST(BallPath, AWeakFlashAloneIsNoBall) {
  std::vector<std::vector<BallCandidate>> frames(60);
  frames[30] = {ball(400, 300, 0.4F)};
  for (const auto& found : follow(frames)) EXPECT_FALSE(found);
}

TEST(BallPath, ALongGapStaysAGap) {
  std::vector<std::vector<BallCandidate>> frames;
  for (int i = 0; i < 160; ++i)
    frames.push_back(i >= 50 && i < 110 ? std::vector<BallCandidate>{} : std::vector{ball(300, 300 + i)});
  const auto balls = follow(frames);
  for (std::size_t i = 0; i < balls.size(); ++i) {
    if (i < 50 || i >= 110) {
      ASSERT_TRUE(balls[i]) << i;
      EXPECT_EQ(balls[i]->state, State::kDetected) << i;
    } else if (i < 55) {  // 0.2 s
      ASSERT_TRUE(balls[i]) << i;
      EXPECT_EQ(balls[i]->state, State::kHeld) << i;
      EXPECT_EQ(balls[i]->score, 0);
    } else {
      EXPECT_FALSE(balls[i]) << i;
    }
  }
}

/// A fixed camera that sees 20 px a metre, the pitch's middle at (1200, 360): the near touchline at y = 1040, the left
/// goal line at x = 150.
match::PitchPose fixed_camera() {
  match::PitchPose pose;
  pose.state = match::PoseState::kMeasured;
  pose.camera = geometry::PitchCamera::make({20, 0, 1200, 0, 20, 360, 0, 0, 1}, 0, 2400, 1200);
  return pose;
}

TEST(BallPath, ASpareBallBesideThePitchIsNoBallHoweverWellItIsSeen) {
  // 30 px = 1.5 m beyond the touchline, beside a weakly seen ball that rolls slowly.
  std::vector<std::vector<BallCandidate>> frames;
  for (int i = 0; i < 150; ++i) frames.push_back({ball(500, 1070, 0.9F), ball(400 + 1.0 * i, 500, 0.3F)});
  const auto balls = follow(frames, {}, 0, fixed_camera());
  for (std::size_t i = 50; i < balls.size(); ++i) {
    ASSERT_TRUE(balls[i]) << i;
    EXPECT_NEAR(balls[i]->point_px.y, 500, 1e-6) << i;
  }
  // Without a camera, or with one that may be as wrong as that, nothing tells: the better seen one is the ball.
  EXPECT_NEAR(follow(frames)[100]->point_px.y, 1070, 1e-6);
  auto vague = fixed_camera();
  vague.error_m = 0.6;
  EXPECT_NEAR(follow(frames, {}, 0, vague)[100]->point_px.y, 1070, 1e-6);
}

TEST(BallPath, ABallAtRestOnALineOrInANetIsStillTheBall) {
  for (const auto& [x, y] : {std::pair{500.0, 1055.0}, {105.0, 380.0}, {140.0, 1040.0}}) {  // touchline, net, corner
    const std::vector<std::vector<BallCandidate>> frames(150, {ball(x, y, 0.8F)});
    for (const auto& found : follow(frames, {}, 0, fixed_camera())) ASSERT_TRUE(found) << x;
  }
  const std::vector<std::vector<BallCandidate>> behind(150, {ball(90, 380, 0.8F)});  // 3 m behind the goal line
  EXPECT_FALSE(follow(behind, {}, 0, fixed_camera())[100]);
}

TEST(BallPath, AGapIsBridgedAlongTheGrassWhileTheCameraPans) {
  // The ball lies still; the camera pans 6 px a frame; unseen for 15 frames.
  std::vector<std::vector<BallCandidate>> frames;
  const auto missing = [](int i) { return i >= 40 && i < 55; };
  for (int i = 0; i < 100; ++i)
    frames.push_back(missing(i) ? std::vector<BallCandidate>{} : std::vector{ball(300 + 6.0 * i, 350)});
  const auto balls = follow(frames, {}, 6);
  for (int i = 40; i < 55; ++i) {
    ASSERT_TRUE(balls[static_cast<std::size_t>(i)]);
    EXPECT_NEAR(balls[static_cast<std::size_t>(i)]->point_px.x, 300 + 6.0 * i, 1);
  }
}

TEST(BallPath, SkippedFramesAreFilledAlongThePan) {
  // Every third frame is seen; the ball rolls 2 px a frame over the grass, the camera pans 6 px a frame.
  BallPath path;
  for (int i = 0; i <= 60; ++i) {
    const bool seen = i % 3 == 0;
    const auto people = seen ? crowd(6.0 * i) : std::vector<match::Track>{};
    path.push(i, seen ? std::vector{ball(300 + 8.0 * i, 350)} : std::vector<BallCandidate>{}, {}, people, i * kFrame_s);
  }
  path.finish();
  for (int i = 0; i <= 60; ++i) {
    const auto decision = path.pop_ready();
    ASSERT_TRUE(decision && decision->ball) << i;
    EXPECT_EQ(decision->ball->state, i % 3 == 0 ? State::kDetected : State::kInterpolated);
    EXPECT_NEAR(decision->ball->point_px.x, 300 + 8.0 * i, 1) << i;
  }
}

TEST(BallPath, WithoutLookAheadEveryFrameIsDecidedAtOnce) {
  BallPath path(BallPathOptions{.lookahead_s = 0});
  int found = 0;
  for (int i = 0; i < 40; ++i) {
    const bool seen = i < 20;
    path.push(i, seen ? std::vector{ball(300 + i, 300)} : std::vector<BallCandidate>{}, {}, crowd(0), i * kFrame_s);
    const auto decision = path.pop_ready();
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->frame, i);
    EXPECT_FALSE(path.pop_ready());
    if (!decision->ball) continue;
    ++found;
    EXPECT_EQ(decision->ball->state, seen ? State::kDetected : State::kHeld) << i;
  }
  EXPECT_EQ(found, 25);  // 20 seen, 5 held
}

TEST(BallPath, ACutDecidesWhatCameBeforeAndForgetsIt) {
  BallPath path;
  for (int i = 0; i < 10; ++i) path.push(i, std::vector{ball(300, 300)}, {}, {}, i * kFrame_s);
  EXPECT_FALSE(path.pop_ready());
  path.cut();
  path.push(10, {}, {}, {}, 10 * kFrame_s);
  for (int i = 0; i < 10; ++i) {
    const auto decision = path.pop_ready();
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->frame, i);
    EXPECT_TRUE(decision->ball);
  }
  EXPECT_FALSE(path.pop_ready());
  path.finish();
  const auto last = path.pop_ready();
  ASSERT_TRUE(last);
  EXPECT_FALSE(last->ball) << "nothing is carried over a cut";
}

TEST(BallPath, BrokenCandidatesAreIgnoredAndABrokenTimeIsRefused) {
  BallPath path;
  const double nan = std::nan("");
  std::vector<BallCandidate> broken = {ball(nan, 3), ball(3, 3, std::nanf("")), ball(3, 3, 0), ball(3, 3, -1)};
  for (int i = 0; i < 30; ++i) path.push(i, broken, {}, {}, 0);  // the time stands still
  path.finish();
  int decided = 0;
  while (const auto decision = path.pop_ready()) {
    EXPECT_FALSE(decision->ball);
    ++decided;
  }
  EXPECT_EQ(decided, 30);
  EXPECT_THROW(path.push(30, {}, {}, {}, nan), base::Error);
  EXPECT_THROW(BallPath(BallPathOptions{.hold_s = 0.5}), base::Error);
}

TEST(BallPath, WithoutCandidatesThereIsNoBall) {
  for (const auto& found : follow(std::vector<std::vector<BallCandidate>>(60))) EXPECT_FALSE(found);
}

}  // namespace
}  // namespace touchline::track
