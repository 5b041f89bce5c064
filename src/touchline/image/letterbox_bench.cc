#include "touchline/image/letterbox.h"

#include <benchmark/benchmark.h>

#include <vector>

#include "touchline/image/frame_pool.h"

namespace touchline::image {
namespace {

/// Arguments: picture width, height, tensor width, height.
void bm_letterbox(benchmark::State& state) {
  FramePool pool;
  const int width = static_cast<int>(state.range(0));
  const int height = static_cast<int>(state.range(1));
  const auto picture = pool.take(width, height, {});
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) picture.view().y.at(x, y) = static_cast<std::uint8_t>(16 + (x * 7 + y * 13) % 220);
  }
  for (const auto& plane : {picture.view().u, picture.view().v}) {
    for (int y = 0; y < plane.height; ++y)
      std::fill_n(plane.row(y), plane.width, static_cast<std::uint8_t>(100 + y % 50));
  }
  Letterbox letterbox(static_cast<int>(state.range(2)), static_cast<int>(state.range(3)), {});
  std::vector<float> tensor(3 * static_cast<std::size_t>(state.range(2) * state.range(3)));
  for (auto _ : state) {
    letterbox.write(tensor, read_only(picture.view()));
    benchmark::DoNotOptimize(tensor.data());
  }
  state.SetBytesProcessed(state.iterations() * (width * height * 3 / 2 + static_cast<std::int64_t>(tensor.size() * 4)));
}
BENCHMARK(bm_letterbox)
    ->Unit(benchmark::kMillisecond)
    ->Args({1280, 720, 640, 384})
    ->Args({1280, 720, 960, 544})
    ->Args({1280, 720, 1280, 736})
    ->Args({1920, 1080, 640, 384})
    ->Args({1920, 1080, 1280, 736})
    ->Args({3840, 2160, 1280, 736})
    ->Args({848, 478, 1280, 736});

}  // namespace
}  // namespace touchline::image
