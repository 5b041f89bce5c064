#include "touchline/synth/synth_match.h"

#include <benchmark/benchmark.h>

#include "touchline/image/frame_pool.h"

namespace touchline::synth {
namespace {

void render_720p(benchmark::State& state) {
  SynthOptions options;
  options.seed = static_cast<std::uint64_t>(state.range(0));
  const SynthMatch match(options);
  std::int64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(match.render(index++ % match.frame_count()));
  state.counters["frames/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(render_720p)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void truth_720p(benchmark::State& state) {
  const SynthMatch match(SynthOptions{});
  std::int64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(match.truth(index++ % match.frame_count()));
}
BENCHMARK(truth_720p)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace touchline::synth
