#include "touchline/analytics/motion.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;

constexpr double kFrameS = 0.04;

match::MatchFrame frame_of(std::int64_t index, PitchPoint at) {
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = kFrameS * static_cast<double>(index);
  match::Track track;
  track.id = 1;
  track.position_m = at;
  frame.tracks.push_back(track);
  return frame;
}

// A noisy walk; NumPy with textbook matrices (F, Q, H, R of a constant-velocity model) gave the expected values.
const std::vector<PitchPoint> kWalk = {{0.51, -1.994},  {-0.439, -1.609}, {0.505, -1.845}, {0.458, -2.083},
                                       {0.687, -1.969}, {0.946, -1.745},  {0.695, -1.343}, {1.342, -1.832},
                                       {1.384, -1.754}, {2.631, -1.361},  {2.056, -1.742}, {2.112, -1.492},
                                       {2.33, -1.088},  {2.433, -1.044},  {2.536, -1.036}, {2.902, -0.752},
                                       {3.32, -1.478},  {3.34, -0.357},   {3.839, -0.685}, {3.75, -0.684}};

TEST(Motion, WithoutLookaheadItIsTheKalmanFilter) {
  MotionSmoother smoother({});
  std::vector<match::MatchFrame> frames;
  for (std::size_t i = 0; i < kWalk.size(); ++i) {
    frames.push_back(frame_of(static_cast<std::int64_t>(i), kWalk[i]));
    smoother.observe(frames.back());
    smoother.settle(frames.back());
  }
  EXPECT_NEAR(frames[1].tracks[0].position_m->x, -0.045185476, 1e-8);
  EXPECT_FALSE(frames[1].tracks[0].speed_mps.has_value());  // watched for 0.04 s only
  EXPECT_NEAR(frames[9].tracks[0].position_m->y, -1.56172874, 1e-8);
  EXPECT_NEAR(*frames[9].tracks[0].speed_mps, 5.640373285188601, 1e-8);
  EXPECT_NEAR(*frames[19].tracks[0].speed_mps, 5.499153050592197, 1e-8);
}

TEST(Motion, WithLookaheadItIsTheSmoother) {
  MotionSmoother smoother({});
  std::vector<match::MatchFrame> frames;
  for (std::size_t i = 0; i < kWalk.size(); ++i) {
    frames.push_back(frame_of(static_cast<std::int64_t>(i), kWalk[i]));
    smoother.observe(frames.back());
  }
  for (auto& frame : frames) smoother.settle(frame);
  EXPECT_NEAR(frames[0].tracks[0].position_m->x, -0.053318261, 1e-8);
  EXPECT_NEAR(*frames[0].tracks[0].speed_mps, 5.217880637879086, 1e-8);
  EXPECT_NEAR(frames[9].tracks[0].position_m->y, -1.450341799, 1e-8);
  EXPECT_NEAR(*frames[9].tracks[0].speed_mps, 5.406289402115852, 1e-8);
  EXPECT_NEAR(*frames[18].tracks[0].speed_mps, 5.49959464197635, 1e-8);
}

TEST(Motion, SmoothingMakesNoisyPlacesAndSpeedsBetter) {
  std::mt19937 random(9);
  std::normal_distribution<double> noise(0, 0.25);
  MotionSmoother smoother({});
  std::vector<match::MatchFrame> frames;
  std::vector<PitchPoint> truth;
  for (int i = 0; i < 250; ++i) {  // a circle of 8 m at 5 m/s: 3 m/s² of steady turn
    const double angle = 5.0 / 8 * kFrameS * i;
    truth.push_back({8 * std::cos(angle), 8 * std::sin(angle)});
    frames.push_back(frame_of(i, {truth.back().x + noise(random), truth.back().y + noise(random)}));
  }
  double before = 0;
  double after = 0;
  double speed_error = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    before += geometry::distance_m(*frames[i].tracks[0].position_m, truth[i]);
  }
  for (std::size_t i = 0; i < frames.size() + 25; ++i) {  // one second of look-ahead
    if (i < frames.size()) smoother.observe(frames[i]);
    if (i >= 25) smoother.settle(frames[i - 25]);
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    after += geometry::distance_m(*frames[i].tracks[0].position_m, truth[i]);
    speed_error += std::abs(*frames[i].tracks[0].speed_mps - 5);
  }
  EXPECT_LT(after, 0.5 * before);
  EXPECT_LT(speed_error / 250, 0.5);
}

TEST(Motion, SpeedIsBounded) {
  MotionSmoother smoother({});
  match::MatchFrame frame;
  for (int i = 0; i < 20; ++i) {
    frame = frame_of(i, {2.0 * i, 0});  // 50 m/s
    smoother.observe(frame);
    smoother.settle(frame);
  }
  EXPECT_EQ(frame.tracks[0].speed_mps, 12);
}

TEST(Motion, ALongGapIsNotBridged) {
  MotionSmoother smoother({});
  std::vector<match::MatchFrame> frames;
  for (const int i : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 23, 24}) {  // 0.56 s between 9 and 23, 40 m apart
    frames.push_back(frame_of(i, {i < 10 ? 0.0 : 40.0, 0}));
  }
  for (const auto& frame : frames) smoother.observe(frame);
  for (auto& frame : frames) smoother.settle(frame);
  EXPECT_LT(std::abs(frames[9].tracks[0].position_m->x), 1e-6);
  EXPECT_LT(*frames[9].tracks[0].speed_mps, 1e-6);
  EXPECT_FALSE(frames[10].tracks[0].speed_mps.has_value());
}

TEST(Motion, FilledFramesLieBetweenTheirNeighbours) {
  MotionSmoother smoother({});
  std::vector<match::MatchFrame> frames;
  for (int i = 0; i < 21; ++i) {
    frames.push_back(frame_of(i, {0.2 * i, i % 4 == 0 ? 0.0 : 3.0}));  // the filled places are wrong on purpose
    if (i % 4 != 0) frames.back().tracks[0].state = match::State::kInterpolated;
    smoother.observe(frames.back());
  }
  for (auto& frame : frames) smoother.settle(frame);
  for (int i = 4; i < 20; ++i) {
    EXPECT_LT(std::abs(frames[static_cast<std::size_t>(i)].tracks[0].position_m->y), 1e-6) << i;
    EXPECT_NEAR(frames[static_cast<std::size_t>(i)].tracks[0].position_m->x, 0.2 * i, 0.15) << i;
    EXPECT_TRUE(frames[static_cast<std::size_t>(i)].tracks[0].speed_mps.has_value()) << i;
  }
}

TEST(Motion, WhoHasNoPlaceGetsNone) {
  MotionSmoother smoother({});
  auto frame = frame_of(0, {0, 0});
  frame.tracks[0].position_m.reset();
  frame.tracks[0].speed_mps = 3;
  smoother.observe(frame);
  smoother.settle(frame);
  EXPECT_FALSE(frame.tracks[0].position_m.has_value());
  EXPECT_FALSE(frame.tracks[0].speed_mps.has_value());
}

TEST(MotionOptions, EachRangeIsChecked) {
  const std::vector<std::function<void(MotionOptions&)>> table = {
      [](auto& o) { o.position_noise_m = 0; },  [](auto& o) { o.acceleration_mps2 = 0; },
      [](auto& o) { o.largest_speed_mps = 0; }, [](auto& o) { o.longest_gap_s = 0; },
      [](auto& o) { o.settle_s = -1; },         [](auto& o) { o.longest_lookahead_s = 11; },
  };
  for (const auto& break_it : table) {
    MotionOptions options;
    break_it(options);
    EXPECT_THROW(MotionSmoother{options}, base::Error);
  }
}

}  // namespace
}  // namespace touchline::analytics
