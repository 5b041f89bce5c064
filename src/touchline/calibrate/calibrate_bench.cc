#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "touchline/calibrate/fit.h"
#include "touchline/calibrate/interpolate.h"
#include "touchline/calibrate/pose_filter.h"
#include "touchline/calibrate/project.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

const match::PitchModel kPitch;

geometry::CameraModel camera_at(int frame) {
  return main_camera(0.25 * std::sin(0.03 * frame), 1300 + 200 * std::sin(0.02 * frame));
}

// The bar: 0.3 ms on one core. Peer: OpenCV findHomography RANSAC alone, 50 to 235 us.
void BM_fit_pose(benchmark::State& state) {
  std::vector<match::SeenPoints> frames;
  for (int i = 0; i < 64; ++i) {
    frames.push_back(seen_by(camera_at(4 * i), 2, static_cast<unsigned>(i)));
    frames.back()[static_cast<std::size_t>(i) % 32] = {{20.0 * i, 300}, 0.7F};  // one wild point
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(fit_pose(frames[i++ % 64], kTestWidth, kTestHeight, kPitch));
}
BENCHMARK(BM_fit_pose)->Unit(benchmark::kMicrosecond);

// Part of the ordered 100 us of a frame; the bar here is 20 us.
void BM_pose_filter(benchmark::State& state) {
  std::vector<match::SeenPoints> frames;
  std::vector<std::optional<PoseFit>> fits;
  for (int i = 0; i < 64; ++i) {
    frames.push_back(seen_by(camera_at(i), 2, static_cast<unsigned>(i)));
    fits.push_back(fit_pose(frames.back(), kTestWidth, kTestHeight, kPitch));
  }
  PoseFilter filter(kTestWidth, kTestHeight, kPitch);
  std::size_t i = 0;
  double pts_s = 0;
  for (auto _ : state) {
    const std::size_t at = i % 126 < 64 ? i % 126 : 126 - i % 126;  // there and back again, without a jump
    benchmark::DoNotOptimize(filter.update(fits[at], frames[at], pts_s));
    pts_s += 0.04;
    ++i;
  }
}
BENCHMARK(BM_pose_filter)->Unit(benchmark::kMicrosecond);

void BM_project_people(benchmark::State& state) {
  std::vector<match::Track> tracks(25);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto x = static_cast<float>(50 * i);
    tracks[i].box_px = {x, 300, x + 20, 360};
  }
  const auto camera = main_camera().pitch_camera(kTestWidth, kTestHeight);
  for (auto _ : state) {
    project_people(tracks, camera, kPitch);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_project_people)->Unit(benchmark::kMicrosecond);

void BM_interpolate_pose(benchmark::State& state) {
  match::PitchPose a;
  match::PitchPose b;
  a.camera = main_camera(0.1).pitch_camera(kTestWidth, kTestHeight);
  b.camera = main_camera(0.2).pitch_camera(kTestWidth, kTestHeight);
  for (auto _ : state) benchmark::DoNotOptimize(interpolate_pose(a, 0, b, 0.2, 0.1, kTestWidth, kTestHeight));
}
BENCHMARK(BM_interpolate_pose)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::calibrate
