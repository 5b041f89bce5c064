#include "touchline/track/tracker.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "touchline/track/ball_path.h"

namespace touchline::track {
namespace {

constexpr double kFrame_s = 0.04;

/// People who run about while the camera pans; every 20th is not found.
std::vector<std::vector<match::Detection>> match_of(int people, int frames) {
  std::vector<std::vector<match::Detection>> all;
  for (int i = 0; i < frames; ++i) {
    std::vector<match::Detection> seen;
    for (int k = 0; k < people; ++k) {
      if ((i * 7 + k * 13) % 20 == 0) continue;
      const double x = 40 + 1200.0 / people * k + 60 * std::sin(0.03 * i + k) + 200 * std::sin(0.01 * i);
      const double y = 150 + 30 * (k % 14) + 20 * std::cos(0.04 * i + k);
      match::Detection detection;
      detection.box_px = {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + 30),
                          static_cast<float>(y + 80)};
      detection.score = 0.85F;
      seen.push_back(detection);
    }
    all.push_back(std::move(seen));
  }
  return all;
}

void BM_Tracker(benchmark::State& state) {
  const auto frames = match_of(static_cast<int>(state.range(0)), 500);
  Tracker tracker;
  std::size_t frame = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(tracker.update(frames[frame % frames.size()], {}, static_cast<double>(frame) * kFrame_s));
    ++frame;
  }
}
BENCHMARK(BM_Tracker)->Arg(1)->Arg(15)->Arg(25)->Arg(64)->Unit(benchmark::kMicrosecond);

void BM_TrackerAndBall(benchmark::State& state) {
  const auto frames = match_of(25, 500);
  Tracker tracker;
  BallPath ball;
  std::vector<match::BallCandidate> candidates(static_cast<std::size_t>(state.range(0)));
  std::size_t frame = 0;
  for (auto _ : state) {
    const double pts_s = static_cast<double>(frame) * kFrame_s;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      const double x = 100 + 150 * static_cast<double>(k) + 300 * std::sin(pts_s + static_cast<double>(k));
      candidates[k] = {.point_px = {x, 400}, .box_px = {float(x) - 5, 395, float(x) + 5, 405}, .score = 0.5F};
    }
    const auto tracks = tracker.update(frames[frame % frames.size()], {}, pts_s);
    ball.push(static_cast<std::int64_t>(frame), candidates, {}, tracks, pts_s);
    while (auto decision = ball.pop_ready()) benchmark::DoNotOptimize(decision);
    ++frame;
  }
}
BENCHMARK(BM_TrackerAndBall)->Arg(2)->Arg(8)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::track
