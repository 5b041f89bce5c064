#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "touchline/records/csv.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/mot.h"
#include "touchline/records/sample_frames.h"
#include "touchline/records/score_vision.h"
#include "touchline/records/writer.h"

namespace touchline::records {
namespace {

/// People in the frame as the argument.
template <void (*append)(std::string&, const match::MatchFrame&)>
void BM_Append(benchmark::State& state) {
  const auto frame = full_sample_frame(1200, static_cast<int>(state.range(0)));
  std::string text;
  for (auto _ : state) {
    text.clear();
    append(text, frame);
    benchmark::DoNotOptimize(text.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_Append<append_json_line>)->Arg(25)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Append<append_tracks_csv>)->Arg(25)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Append<append_eval_csv>)->Arg(25)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Append<append_mot>)->Arg(25)->Unit(benchmark::kMicrosecond);

void BM_ScoreVisionFrame(benchmark::State& state) {
  const auto frame = full_sample_frame(1200, 25);
  const match::PitchModel pitch;
  std::string text;
  for (auto _ : state) {
    text.clear();
    append_score_vision_frame(text, frame, pitch, kSamplePicture);
    benchmark::DoNotOptimize(text.data());
  }
}
BENCHMARK(BM_ScoreVisionFrame)->Unit(benchmark::kMicrosecond);

void BM_ParseJsonLine(benchmark::State& state) {
  std::string line;
  append_json_line(line, full_sample_frame(1200, 25));
  for (auto _ : state) benchmark::DoNotOptimize(parse_json_line(line, kSamplePicture));
}
BENCHMARK(BM_ParseJsonLine)->Unit(benchmark::kMicrosecond);

/// The whole writer with the default formats, to a file system.
void BM_RecordWriter(benchmark::State& state) {
  const auto folder = std::filesystem::temp_directory_path() / "touchline_records_bench";
  {
    RecordOptions options;
    options.picture = kSamplePicture;
    RecordWriter writer(folder, options);
    auto frame = full_sample_frame(0, 25);
    for (auto _ : state) {
      ++frame.index;
      frame.pts_s += 0.04;
      writer.write(frame);
    }
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(BM_RecordWriter)->Iterations(5000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace touchline::records
