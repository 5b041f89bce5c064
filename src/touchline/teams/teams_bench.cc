#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <vector>

#include "touchline/teams/assign_teams.h"
#include "touchline/teams/kit_feature.h"
#include "touchline/teams/team_assigner.h"

namespace touchline::teams {
namespace {

// The bar: 5 us a box. Arguments: picture height, height of the person.
void BM_kit_feature(benchmark::State& state) {
  const int height = static_cast<int>(state.range(0));
  const int width = height * 16 / 9;
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  std::vector<std::uint8_t> samples(pixels * 3 / 2);
  std::mt19937 random(1);
  for (auto& s : samples) s = static_cast<std::uint8_t>(80 + random() % 60);
  const int cw = width / 2;
  const int ch = height / 2;
  const image::ConstI420View view = {{samples.data(), width, height, width},
                                     {samples.data() + pixels, cw, ch, cw},
                                     {samples.data() + pixels * 5 / 4, cw, ch, cw},
                                     {}};
  const auto tall = static_cast<float>(state.range(1));
  std::vector<geometry::BoxPx> boxes;
  for (int i = 0; i < 22; ++i) {
    const auto x = static_cast<float>(width) * static_cast<float>(i) / 23;
    boxes.push_back({x, 100, x + 0.45F * tall, 100 + tall});
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(kit_feature(view, boxes[i++ % boxes.size()], boxes));
}
BENCHMARK(BM_kit_feature)->Args({720, 50})->Args({1080, 90})->Args({2160, 180})->Unit(benchmark::kMicrosecond);

// Roles and teams of 25 people, part of the ordered 100 us of a frame; the bar here is 20 us. Every fifth frame looks
// for the kits.
void BM_team_assigner(benchmark::State& state) {
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0, 4);
  std::vector<match::Track> tracks(25);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    auto& track = tracks[i];
    track.id = static_cast<std::int64_t>(i + 1);
    track.person_class = i < 23 ? match::PersonClass::kPlayer : match::PersonClass::kReferee;
    track.class_share = i < 23 ? std::array{0.05F, 0.8F, 0.15F} : std::array{0.0F, 0.4F, 0.6F};
    track.score = 0.7F;
    const auto x = static_cast<float>(50 * i);
    track.box_px = {x, 300, x + 20, 360};
    track.kit = {{(i % 2 == 0 ? 85.0F : 25.0F) + noise(random), noise(random), noise(random)}, 0.8F};
    track.position_m = geometry::PitchPoint{2.0 * static_cast<double>(i) - 25, 3};
  }
  TeamAssigner assigner;
  double pts_s = 0;
  for (auto _ : state) {
    assigner.update(tracks, {}, pts_s);
    pts_s += 0.04;
  }
}
BENCHMARK(BM_team_assigner)->Unit(benchmark::kMicrosecond);

void BM_find_kits(benchmark::State& state) {
  std::mt19937 random(3);
  std::normal_distribution<float> noise(0, 4);
  std::vector<KitSample> people(25);
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i] = {{(i % 2 == 0 ? 51.0F : 15.0F) + noise(random), noise(random), noise(random)}, 4};
  }
  for (auto _ : state) benchmark::DoNotOptimize(find_kits(people, {}));
}
BENCHMARK(BM_find_kits)->Unit(benchmark::kMicrosecond);

void BM_assign_teams(benchmark::State& state) {
  std::vector<Color> colors(25, Color{50, 10, 3});
  const std::vector<Color> centroids = {{20, 0, 0}, {80, 0, 0}, {50, 0, 60}};
  std::vector<int> labels(25);
  std::vector<float> margins(25);
  for (auto _ : state) {
    assign_teams(labels, margins, colors, centroids);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_assign_teams);

}  // namespace
}  // namespace touchline::teams
