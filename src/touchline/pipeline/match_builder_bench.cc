#include "touchline/pipeline/match_builder.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "touchline/calibrate/test_camera.h"
#include "touchline/image/frame_pool.h"

namespace touchline::pipeline {
namespace {

constexpr int kWidth = calibrate::kTestWidth;
constexpr int kHeight = calibrate::kTestHeight;
constexpr int kPeople = 25;
const match::PitchModel kPitch;

geometry::CameraModel camera_at(int frame) {
  return calibrate::main_camera(0.3 * std::sin(0.02 * frame), 1100 + 100 * std::sin(0.01 * frame));
}

/// Two teams of eleven, three officials, who run about on the pitch.
match::Detection person_at(int frame, int k, const geometry::CameraProjector& camera) {
  const double x_m = -18 + 1.5 * k + 4 * std::sin(0.02 * frame + k);
  const double y_m = -25 + 50 * std::fmod(0.37 * k, 1.0) + 3 * std::cos(0.03 * frame + k);
  const auto foot = camera.project({x_m, y_m}).value_or(geometry::ImagePoint{-100, -100});
  const float height = static_cast<float>(40 + 0.12 * foot.y);
  match::Detection detection;
  detection.box_px = {static_cast<float>(foot.x) - 0.2F * height, static_cast<float>(foot.y) - height,
                      static_cast<float>(foot.x) + 0.2F * height, static_cast<float>(foot.y)};
  detection.person_class = k >= 22 ? match::PersonClass::kReferee : match::PersonClass::kPlayer;
  detection.score = 0.85F;
  const float noise = static_cast<float>((frame * 31 + k * 17) % 11) - 5;
  const std::array<std::array<float, 3>, 3> kits = {{{70, 40, 30}, {40, 5, -45}, {15, 0, 0}}};
  detection.kit = {kits[static_cast<std::size_t>(k / 11)], 0.8F};
  detection.kit.lab[0] += noise;
  return detection;
}

Observation observation_of(int frame, const image::Frame& picture) {
  const auto camera = camera_at(frame);
  const geometry::CameraProjector projector(camera, kWidth, kHeight);
  Observation seen;
  seen.frame = picture;
  seen.frame.index = frame;
  seen.frame.pts_s = 0.04 * frame;
  seen.sampled = true;
  for (int k = 0; k < kPeople; ++k) {
    if ((frame * 7 + k * 13) % 20 != 0) seen.detections.people.push_back(person_at(frame, k, projector));
  }
  for (const double x : {600 + 100 * std::sin(0.05 * frame), 200.0}) {
    const geometry::BoxPx box = {static_cast<float>(x) - 4, 396, static_cast<float>(x) + 4, 404};
    seen.detections.balls.push_back({{x, 400}, box, 0.6F});
  }
  seen.detections.points = calibrate::seen_by(camera, 2, static_cast<unsigned>(frame));
  seen.fit = calibrate::fit_pose(seen.detections.points, kWidth, kHeight, kPitch);
  return seen;
}

// The whole builder: ordered part, filling, smoothing, analytics. The counter is the ordered part alone (camera filter,
// tracker, teams, ball), median; its bar is 100 µs on one core.
void BM_MatchBuilder(benchmark::State& state) {
  image::FramePool pool;
  const auto picture = pool.take(kWidth, kHeight, {}).finish(0, 0);
  std::vector<Observation> recorded;
  for (int frame = 0; frame < 600; ++frame) recorded.push_back(observation_of(frame, picture));
  StageTimes times;
  MatchBuilder builder(AnalyzeOptions(), times, [](AnalyzedFrame&& analyzed) { benchmark::DoNotOptimize(analyzed); });
  int frame = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const int place = frame % 1198 < 600 ? frame % 1198 : 1198 - frame % 1198;  // there and back again
    Observation next = recorded[static_cast<std::size_t>(place)];
    next.frame.index = frame;
    next.frame.pts_s = 0.04 * frame;
    ++frame;
    state.ResumeTiming();
    builder.push(std::move(next));
  }
  for (const StageTime& row : times.table()) {
    if (row.stage == "order") state.counters["ordered_us"] = 1e3 * row.p50_ms;
  }
}
BENCHMARK(BM_MatchBuilder)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::pipeline
