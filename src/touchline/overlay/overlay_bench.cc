#include "touchline/overlay/overlay.h"

#include <benchmark/benchmark.h>

#include <cstring>

#include "touchline/image/frame_pool.h"
#include "touchline/overlay/overlay_scene.h"

namespace touchline::overlay {
namespace {

image::WritableFrame grass(image::FramePool& pool, int width, int height) {
  auto frame = pool.take(width, height, {});
  for (const image::Plane& plane : {frame.view().y, frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) std::memset(plane.row(y), 100, static_cast<std::size_t>(plane.width));
  }
  return frame;
}

/// One frame with 25 people and the layers named; time per frame on one core.
void draw(benchmark::State& state, const char* layers) {
  const int width = static_cast<int>(state.range(0));
  const int height = static_cast<int>(state.range(1));
  image::FramePool pool;
  const auto picture = grass(pool, width, height);
  OverlayOptions options;
  options.layers = LayerSet::parse(layers);
  Overlay overlay(options, match::PitchModel());
  match::MatchFrame frame = make_scene(width, height, 1);
  for (auto _ : state) {
    frame.pts_s += 0.04;
    overlay.draw(picture.view(), frame);
    benchmark::ClobberMemory();
  }
  state.counters["people"] = static_cast<double>(frame.tracks.size());
}

BENCHMARK_CAPTURE(draw, all, "boxes,radar,control,threat,bar")
    ->Args({640, 360})
    ->Args({1280, 720})
    ->Args({1920, 1080})
    ->Args({3840, 2160})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw, boxes, "boxes")->Args({1920, 1080})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw, radar, "radar")->Args({1920, 1080})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw, radar_control, "radar,control")->Args({1920, 1080})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(draw, bar, "threat,bar")->Args({1920, 1080})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::overlay
