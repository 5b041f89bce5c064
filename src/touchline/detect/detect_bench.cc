// The decoding of one frame: a busy picture of 1280 × 736 as our network sees it. Rows of the frame path.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "touchline/detect/cut.h"
#include "touchline/detect/fused_head.h"
#include "touchline/detect/nms.h"
#include "touchline/image/frame_pool.h"

namespace touchline::detect {
namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 736;
constexpr int kBusyCells = 220;  // cells above 0.25 on a picture with 25 people

std::vector<float> quiet(std::size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> logits(-12, -4);
  std::vector<float> values(count);
  for (float& value : values) value = logits(random);
  return values;
}

void bm_fused_boxes(benchmark::State& state) {
  const auto cells = static_cast<std::size_t>(fused_cell_count(kWidth, kHeight));
  auto det = quiet(68 * cells);
  std::mt19937 random(2);
  for (int i = 0; i < kBusyCells; ++i) det[66 * cells + random() % cells] = 1;
  std::vector<RawBox> boxes;
  for (auto _ : state) {
    decode_fused_boxes(boxes, det, kWidth, kHeight, 0.1F);
    benchmark::DoNotOptimize(boxes.data());
  }
}
BENCHMARK(bm_fused_boxes)->Unit(benchmark::kMicrosecond);

void bm_fused_points(benchmark::State& state) {
  const auto kp = quiet(96 * (kWidth / 8) * (kHeight / 8));
  match::SeenPoints points;
  for (auto _ : state) {
    decode_fused_points(points, kp, kWidth, kHeight, 0.3F);
    benchmark::DoNotOptimize(points);
  }
}
BENCHMARK(bm_fused_points)->Unit(benchmark::kMicrosecond);

void bm_fused_balls(benchmark::State& state) {
  auto ball = quiet(3 * (kWidth / 4) * (kHeight / 4));
  ball[5000] = ball[30000] = 1;
  std::vector<BallPeak> peaks;
  for (auto _ : state) {
    decode_fused_balls(peaks, ball, kWidth, kHeight, 0.1F, 8);
    benchmark::DoNotOptimize(peaks.data());
  }
}
BENCHMARK(bm_fused_balls)->Unit(benchmark::kMicrosecond);

/// Argument: number of boxes, about ten of them on each person.
void bm_nms(benchmark::State& state) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> jitter(-3, 3);
  std::vector<geometry::BoxPx> boxes;
  std::vector<float> scores;
  for (int i = 0; i < state.range(0); ++i) {
    const auto person = static_cast<float>(i / 10);
    const float x = 50 * person + jitter(random);
    const float y = 300 + jitter(random);
    boxes.push_back({x, y, x + 25 + jitter(random), y + 60 + jitter(random)});
    scores.push_back(0.5F + jitter(random) / 10);
  }
  std::vector<std::uint32_t> owner(boxes.size());
  for (auto _ : state) {
    suppress_overlaps(owner, boxes, scores, {});
    benchmark::DoNotOptimize(owner.data());
  }
}
BENCHMARK(bm_nms)->Arg(25)->Arg(250)->Arg(1000)->Unit(benchmark::kMicrosecond);

void bm_cut_signature(benchmark::State& state) {
  image::FramePool pool;
  auto writable = pool.take(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), {});
  for (const auto& plane : {writable.view().y, writable.view().u, writable.view().v}) {
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) plane.at(x, y) = static_cast<std::uint8_t>(x + y);
    }
  }
  const image::Frame frame = std::move(writable).finish(0, 0);
  for (auto _ : state) benchmark::DoNotOptimize(cut_signature(frame));
}
BENCHMARK(bm_cut_signature)->Args({1280, 720})->Args({1920, 1080})->Args({3840, 2160})->Unit(benchmark::kMicrosecond);

/// Argument: how far the picture changes from frame to frame; beyond 2 a pan is looked for.
void bm_cut_update(benchmark::State& state) {
  std::mt19937 random(4);
  match::CutSignature a;
  for (auto& cell : a.cells) cell = {static_cast<std::uint8_t>(random() % 200), 120, 120};
  match::CutSignature b = a;
  for (auto& cell : b.cells) cell[1] = static_cast<std::uint8_t>(120 + state.range(0));
  CutDetector detector;
  double pts_s = 0;
  bool is_second = false;
  for (auto _ : state) {
    benchmark::DoNotOptimize(detector.update(is_second ? b : a, pts_s));
    is_second = !is_second;
    pts_s += 0.04;
  }
}
BENCHMARK(bm_cut_update)->Arg(0)->Arg(4)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::detect
