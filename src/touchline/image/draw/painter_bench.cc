#include "touchline/image/draw/painter.h"

#include <benchmark/benchmark.h>

#include "touchline/image/frame_pool.h"

namespace touchline::image::draw {
namespace {

/// A ring of the size of a player's at 1080p, path and all.
void ring(benchmark::State& state) {
  FramePool pool;
  const auto picture = pool.take(1920, 1080, {});
  Painter painter;
  painter.begin(picture.view());
  Path path;
  const auto radius = static_cast<double>(state.range(0));
  for (auto _ : state) {
    path.clear();
    path.add_ellipse_arc({960.3, 540.7}, radius, 0.34 * radius, 3, -0.7, 3.8);
    painter.fill(path, {{54, 140, 255}, 1});
    benchmark::ClobberMemory();
  }
}
BENCHMARK(ring)->Arg(12)->Arg(32)->Arg(120);

void tag_text(benchmark::State& state) {
  FramePool pool;
  const auto picture = pool.take(1920, 1080, {});
  Painter painter;
  painter.begin(picture.view());
  for (auto _ : state) {
    painter.text("17", {960.3, 540}, {10, Face::kBold}, {{12, 17, 26}, 1});
    benchmark::ClobberMemory();
  }
}
BENCHMARK(tag_text);

/// An opaque panel of 400 × 260 pixels; bytes are the luma and chroma written.
void panel(benchmark::State& state) {
  FramePool pool;
  const auto picture = pool.take(1920, 1080, {});
  const auto source = pool.take(400, 260, {});
  Painter painter;
  painter.begin(picture.view());
  Path path;
  path.add_rounded_box({700, 800, 1100, 1060}, 14);
  for (auto _ : state) {
    painter.paste(read_only(source.view()), 700, 800, path, 0.9);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * 400 * 260 * 3 / 2);
}
BENCHMARK(panel);

}  // namespace
}  // namespace touchline::image::draw
