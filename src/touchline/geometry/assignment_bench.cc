#include "touchline/geometry/assignment.h"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace touchline::geometry {
namespace {

void BM_Assignment(benchmark::State& state) {
  const auto n = static_cast<int>(state.range(0));
  std::vector<double> costs(static_cast<std::size_t>(n) * n);
  std::uint64_t seed = 1;
  for (auto& cost : costs) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    cost = static_cast<double>(seed >> 33);
  }
  AssignmentSolver solver;
  for (auto _ : state)
    benchmark::DoNotOptimize(solver.solve(costs, n, n, std::numeric_limits<double>::infinity()).data());
}
BENCHMARK(BM_Assignment)->Arg(8)->Arg(25)->Arg(64)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::geometry
