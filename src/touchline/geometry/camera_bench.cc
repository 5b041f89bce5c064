#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "touchline/geometry/camera_fit.h"
#include "touchline/geometry/homography.h"
#include "touchline/geometry/robust.h"

namespace touchline::geometry {
namespace {

const CameraModel kCamera = {0.1, 0.22, 0.01, std::log(1300), -1, -66, 16, 0.03};

/// Fifteen points of a penalty area, uneven by a few pixels, every eighth wild.
std::vector<PointPair> pairs() {
  const CameraProjector projector(kCamera, 1280, 720);
  std::vector<PointPair> result;
  for (int i = 0; i < 15; ++i) {
    const PitchPoint place = {-10.0 + 6.5 * (i % 5), -15.0 + 17.0 * (i / 5)};
    auto p = *projector.project(place);
    p.x += 3.0 * std::sin(7.0 * i);
    p.y += 3.0 * std::cos(11.0 * i);
    if (i % 8 == 3) p = {80.0 * i, 40};
    result.push_back({place, p});
  }
  return result;
}

void BM_exact_homography(benchmark::State& state) {
  const auto all = pairs();
  const std::array<PointPair, 4> four = {all[0], all[4], all[10], all[14]};
  for (auto _ : state) benchmark::DoNotOptimize(exact_homography(four));
}
BENCHMARK(BM_exact_homography);

void BM_fit_homography(benchmark::State& state) {
  const auto all = pairs();
  for (auto _ : state) benchmark::DoNotOptimize(fit_homography(all));
}
BENCHMARK(BM_fit_homography)->Unit(benchmark::kMicrosecond);

// Peer: OpenCV findHomography RANSAC, 50 to 235 us on one core.
void BM_find_homography(benchmark::State& state) {
  const auto all = pairs();
  for (auto _ : state) benchmark::DoNotOptimize(find_homography(all, {}));
}
BENCHMARK(BM_find_homography)->Unit(benchmark::kMicrosecond);

void BM_fit_camera(benchmark::State& state) {
  const auto all = pairs();
  CameraModel start = kCamera;
  start.pan_rad += 0.02;
  start.log_focal_px += 0.1;
  start.y_m += 3;
  CameraVector sigma;
  sigma.fill(1);
  sigma[kPlaceX] = sigma[kPlaceY] = sigma[kPlaceZ] = 30;
  const auto prior = CameraPrior::independent(kCamera.vector(), sigma);
  for (auto _ : state) benchmark::DoNotOptimize(fit_camera(start, all, 1280, 720, prior, {}));
}
BENCHMARK(BM_fit_camera)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::geometry
