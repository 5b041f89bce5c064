#include <benchmark/benchmark.h>

#include <cmath>
#include <deque>
#include <vector>

#include "touchline/calibrate/fit.h"
#include "touchline/calibrate/pose_filter.h"
#include "touchline/calibrate/pose_smoother.h"
#include "touchline/calibrate/project.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

const match::PitchModel kPitch;

// The bar: 0.3 ms on one core. Peer: OpenCV findHomography RANSAC alone, 50 to 235 us.
void BM_fit_pose(benchmark::State& state) {
  std::vector<match::SeenPoints> frames;
  for (int i = 0; i < 64; ++i) {
    frames.push_back(seen_by(panning_camera(4 * i), 2, static_cast<unsigned>(i)));
    frames.back()[static_cast<std::size_t>(i) % 32] = {{20.0 * i, 300}, 0.7F};  // one wild point
  }
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(fit_pose(frames[i++ % 64], kTestWidth, kTestHeight, kPitch));
}
BENCHMARK(BM_fit_pose)->Unit(benchmark::kMicrosecond);

/// A pan there and back again, without a jump.
class Pan {
 public:
  Pan() {
    for (int i = 0; i < 64; ++i) {
      frames_.push_back(seen_by(panning_camera(i), 2, static_cast<unsigned>(i)));
      fits_.push_back(fit_pose(frames_.back(), kTestWidth, kTestHeight, kPitch));
    }
  }
  match::PitchPose filter_next(PoseFilter& filter) {
    const std::size_t at = step_ % 126 < 64 ? step_ % 126 : 126 - step_ % 126;
    return filter.update(fits_[at], frames_[at], 0.04 * static_cast<double>(step_++));
  }
  double last_s() const { return 0.04 * static_cast<double>(step_ - 1); }

 private:
  std::vector<match::SeenPoints> frames_;
  std::vector<std::optional<PoseFit>> fits_;
  std::size_t step_ = 0;
};

// Part of the ordered 100 us of a frame; the bar here is 20 us.
void BM_pose_filter(benchmark::State& state) {
  Pan pan;
  PoseFilter filter(kTestWidth, kTestHeight, kPitch);
  for (auto _ : state) benchmark::DoNotOptimize(pan.filter_next(filter));
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

// A second of look-ahead at 25 frames a second; filtering included, so less BM_pose_filter.
void BM_filter_and_smooth_pose(benchmark::State& state) {
  Pan pan;
  PoseFilter filter(kTestWidth, kTestHeight, kPitch);
  PoseSmoother smoother(kPitch);
  std::deque<match::PitchPose> filtered;
  for (auto _ : state) {
    filtered.push_back(pan.filter_next(filter));
    smoother.push({filter.step(), filtered.back().state, pan.last_s(), 0, kTestWidth, kTestHeight});
    if (filtered.size() <= 25) continue;
    benchmark::DoNotOptimize(smoother.pop(filtered.front()));
    filtered.pop_front();
  }
}
BENCHMARK(BM_filter_and_smooth_pose)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::calibrate
