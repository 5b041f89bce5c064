#include <benchmark/benchmark.h>

#include <vector>

#include "touchline/analytics/analyst.h"

namespace touchline::analytics {
namespace {

using geometry::PitchPoint;

geometry::PitchCamera camera_720p() {
  return *geometry::PitchCamera::make({1100, 420, 41600, 0, -210, 19500, 0, 0.65, 65}, 0.01, 1280, 720);
}

PitchPoint place(int player) {
  return {-45.0 + 9.3 * (player % 11), -30.0 + 2.7 * player};
}

match::MatchFrame frame_of(std::int64_t index, int players) {
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = 0.04 * static_cast<double>(index);
  frame.pose.state = match::PoseState::kMeasured;
  frame.pose.camera = camera_720p();
  frame.pose.error_m = 0.2;
  frame.attack.a = 1;
  for (int i = 0; i < players; ++i) {
    match::Track track;
    track.id = i + 1;
    track.team = {i % 2 == 0 ? match::Team::kA : match::Team::kB, 1};
    track.position_m = place(i);
    frame.tracks.push_back(track);
  }
  frame.ball = match::Ball{};
  frame.ball->position_m = place(3);
  return frame;
}

void BM_VoronoiControl(benchmark::State& state) {
  std::vector<PitchPoint> a;
  std::vector<PitchPoint> b;
  for (int i = 0; i < 22; ++i) (i % 2 == 0 ? a : b).push_back(place(i));
  VoronoiOptions options;
  options.grid = {static_cast<int>(state.range(0)), static_cast<int>(state.range(1))};
  match::PitchControl control;
  control.visible.assign(static_cast<std::size_t>(options.grid.cells()), 1);
  const match::PitchModel pitch;
  for (auto _ : state) benchmark::DoNotOptimize(voronoi_control(control, a, b, pitch, options));
}
BENCHMARK(BM_VoronoiControl)->Args({32, 20})->Args({50, 32})->Unit(benchmark::kMicrosecond);

void BM_VisibleCells(benchmark::State& state) {
  const auto camera = camera_720p();
  const match::PitchModel pitch;
  std::vector<std::uint8_t> visible;
  for (auto _ : state) benchmark::DoNotOptimize(mark_visible_cells(visible, camera, 1280, 720, pitch, {}));
}
BENCHMARK(BM_VisibleCells)->Unit(benchmark::kMicrosecond);

void BM_ControlledThreat(benchmark::State& state) {
  match::PitchControl control;
  control.columns = 32;
  control.rows = 20;
  control.control_a.assign(640, 0.5F);
  control.visible.assign(640, 1);
  ControlledThreat threat{match::PitchModel()};
  for (auto _ : state) benchmark::DoNotOptimize(threat.of(control, {1}));
}
BENCHMARK(BM_ControlledThreat)->Unit(benchmark::kMicrosecond);

void BM_Possession(benchmark::State& state) {
  PossessionFilter filter{PossessionOptions()};
  match::MatchFrame frame = frame_of(0, 22);
  for (auto _ : state) {
    frame.pts_s += 0.04;
    benchmark::DoNotOptimize(filter.update(frame));
  }
}
BENCHMARK(BM_Possession)->Unit(benchmark::kMicrosecond);

/// Look-ahead in frames as the argument: 0 live, 25 files.
void BM_Motion(benchmark::State& state) {
  MotionSmoother smoother{MotionOptions()};
  match::MatchFrame front = frame_of(0, 25);
  match::MatchFrame back = frame_of(-state.range(0), 25);
  for (auto _ : state) {
    smoother.observe(front);
    smoother.settle(back);
    for (auto* frame : {&front, &back}) frame->pts_s += 0.04;
  }
}
BENCHMARK(BM_Motion)->Arg(0)->Arg(25)->Unit(benchmark::kMicrosecond);

void BM_EvalBar(benchmark::State& state) {
  EvalBarFilter filter{EvalBarOptions()};
  const match::MatchFrame frame = frame_of(0, 22);
  const EvalInputs inputs = {0.55, match::Threat{0.2, 0.1}, match::Possession::kA, 0.3, 0.4, 0.5};
  double pts_s = 0;
  for (auto _ : state) benchmark::DoNotOptimize(filter.update(inputs, frame.pose, 1, pts_s += 0.04));
}
BENCHMARK(BM_EvalBar)->Unit(benchmark::kMicrosecond);

void BM_Analyst(benchmark::State& state) {
  AnalystOptions options;
  options.width_px = 1280;
  options.height_px = 720;
  Analyst analyst(options);
  match::MatchFrame frame = frame_of(0, 22);
  for (auto _ : state) {
    ++frame.index;
    frame.pts_s += 0.04;
    analyst.update(frame);
  }
}
BENCHMARK(BM_Analyst)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::analytics
