// Frames per second of reading and writing, beside FFmpeg's own program on the same file in the same run.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "touchline/image/frame_pool.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/video_writer.h"

namespace touchline::media {
namespace {

constexpr int kFrames = 100;
constexpr int kDistinctFrames = 16;

// A textured ground under a panning camera, with grain: about as hard to code as a match.
image::Frame scene(image::FramePool& pool, int width, int height, int i) {
  auto frame = pool.take(width, height, {});
  unsigned state = 12345U + static_cast<unsigned>(i);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int u = x + 3 * i;
      state = state * 1664525U + 1013904223U;
      const int texture = ((u / 8 * 7919 + y / 8 * 104729) >> 3) % 24;
      const int figure = (u / 40 + y / 60) % 7 == 0 ? 70 : 0;
      frame.view().y.at(x, y) = static_cast<std::uint8_t>(70 + texture + figure + static_cast<int>(state >> 29));
    }
  }
  for (const auto& plane : {frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) std::fill(plane.row(y), plane.row(y) + plane.width, std::uint8_t{118});
  }
  return std::move(frame).finish(0, i);
}

const std::vector<image::Frame>& scenes(int height) {
  static std::map<int, std::vector<image::Frame>> made;
  auto& frames = made[height];
  image::FramePool pool;
  while (frames.size() < kDistinctFrames) {
    frames.push_back(scene(pool, height * 16 / 9, height, static_cast<int>(frames.size())));
  }
  return frames;
}

// There and back, so that motion never jumps.
image::Frame scene_at(int height, int i) {
  constexpr int kPeriod = 2 * kDistinctFrames - 2;
  const int phase = i % kPeriod;
  image::Frame frame = scenes(height)[static_cast<std::size_t>(std::min(phase, kPeriod - phase))];
  frame.index = i;
  frame.pts_s = i / 25.0;
  return frame;
}

void encode(const std::string& path, int height, const WriteOptions& options) {
  const auto writer = VideoWriter::open(path, options);
  for (int i = 0; i < kFrames; ++i) writer->write(scene_at(height, i));
  writer->finish();
}

std::string clip(int height) {
  const std::string path =
      (std::filesystem::temp_directory_path() / fmt::format("touchline_bench_{}.mp4", height)).string();
  static std::map<int, bool> made;
  if (!std::exchange(made[height], true)) encode(path, height, {.preset = "veryfast"});
  return path;
}

bool has_ffmpeg() {
  static const bool present = std::system("command -v ffmpeg >/dev/null 2>&1") == 0;
  return present;
}

void run_ffmpeg(benchmark::State& state, const std::string& arguments) {
  if (!has_ffmpeg()) {
    state.SkipWithError("no ffmpeg program here");
    return;
  }
  const std::string command = "ffmpeg -y -v error -nostdin " + arguments;
  for (auto _ : state) {
    if (std::system(command.c_str()) != 0) state.SkipWithError("ffmpeg failed");
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
}

void decode_ours(benchmark::State& state) {
  const std::string path = clip(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const auto reader = FrameReader::open(path, {.threads = static_cast<int>(state.range(1))});
    while (const auto frame = reader->next()) benchmark::DoNotOptimize(frame->picture.y.data);
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
}

void decode_ffmpeg(benchmark::State& state) {
  run_ffmpeg(state, fmt::format("-threads {} -i {} -f null -", state.range(1), clip(static_cast<int>(state.range(0)))));
}

const char* preset_of(const benchmark::State& state) {
  constexpr const char* kPresets[] = {"ultrafast", "superfast", "veryfast"};
  return kPresets[state.range(0)];
}

void encode_ours(benchmark::State& state) {
  const std::string path = clip(720) + ".out.mp4";
  for (auto _ : state) encode(path, 720, {.preset = preset_of(state), .threads = 2});
  state.counters["bytes"] = static_cast<double>(std::filesystem::file_size(path));
  state.SetLabel(preset_of(state));
  state.SetItemsProcessed(state.iterations() * kFrames);
  std::filesystem::remove(path);
}

void encode_ffmpeg(benchmark::State& state) {
  const std::string raw = clip(720) + ".yuv";
  const std::string out = clip(720) + ".out.mp4";
  if (has_ffmpeg() && std::system(fmt::format("ffmpeg -y -v error -i {} {}", clip(720), raw).c_str()) != 0) return;
  run_ffmpeg(state, fmt::format("-f rawvideo -s 1280x720 -r 25 -i {} -threads 2 -c:v libx264 -preset {} -crf 23 {}",
                                raw, preset_of(state), out));
  state.SetLabel(preset_of(state));
  std::filesystem::remove(raw);
  std::filesystem::remove(out);
}

BENCHMARK(decode_ours)
    ->Args({720, 1})
    ->Args({720, 2})
    ->Args({1080, 1})
    ->Args({1080, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(decode_ffmpeg)
    ->Args({720, 1})
    ->Args({720, 2})
    ->Args({1080, 1})
    ->Args({1080, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(encode_ours)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(encode_ffmpeg)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace touchline::media
