#include <fmt/format.h>

#include <cstdio>
#include <deque>
#include <future>
#include <optional>

#include "apps/cli/arguments.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/stop_signal.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/media/video_writer.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/output_file.h"
#include "touchline/synth/synth_match.h"

namespace touchline::cli {
namespace {

struct SynthFiles {
  std::string clip;
  std::string truth;  ///< empty: not written
};

void parse_size(synth::SynthOptions& options, const std::string& text) {
  char rest = 0;
  TOUCHLINE_REQUIRE(std::sscanf(text.c_str(), "%dx%d%c", &options.width_px, &options.height_px, &rest) == 2,
                    "size '{}' is not of the form WIDTHxHEIGHT, for instance 1280x720", text);
}

void write_truth(const synth::SynthMatch& match, const std::string& path) {
  records::OutputFile file(path);
  std::string line;
  for (std::int64_t i = 0; i < match.frame_count(); ++i) {
    line.clear();
    records::append_json_line(line, match.truth(i));
    file.append(line);
  }
  file.close();
}

/// Renders on every core, writes in order. Returns the number of frames written before a stop.
std::int64_t write_clip(const synth::SynthMatch& match, const std::string& path, const std::stop_token& stop) {
  media::WriteOptions options;
  options.width = match.options().width_px;
  options.height = match.options().height_px;
  options.frame_rate = match.options().frame_rate;
  options.preset = "veryfast";
  options.crf = 20;
  const auto writer = media::VideoWriter::open(path, options);
  const auto ahead = static_cast<std::size_t>(base::this_machine().cores) + 1;
  ProgressBar bar;
  std::deque<std::future<image::Frame>> rendering;
  std::int64_t started = 0;
  std::int64_t written = 0;
  while (written < match.frame_count() && !stop.stop_requested()) {
    while (started < match.frame_count() && rendering.size() < ahead) {
      rendering.push_back(std::async(std::launch::async, [&match, started] { return match.render(started); }));
      ++started;
    }
    writer->write(rendering.front().get());
    rendering.pop_front();
    bar.update(++written, match.frame_count());
  }
  writer->finish();
  return written;
}

}  // namespace

int run_synth(std::span<const std::string> arguments) {
  CLI::App app("A made-up match with exact ground truth: a clip, and what is true in each of its frames.",
               "touchline synth");
  synth::SynthOptions options;
  SynthFiles files;
  std::string size = "1280x720";
  std::string camera = "main";
  app.add_option("--out", files.clip, "The clip, H.264")->required()->type_name("FILE.mp4");
  app.add_option("--truth", files.truth, "What is true, in the form of frames.jsonl")->type_name("FILE.jsonl");
  app.add_option("--duration", options.duration_s, "Length in seconds [10]")->type_name("S");
  app.add_option("--size", size, "Picture in pixels [1280x720]")->type_name("WxH");
  app.add_option("--rate", options.frame_rate, "Frames a second [25]")->type_name("FPS");
  app.add_option("--shots", options.shots, "Shots of the clip, one more than cuts [1]")->type_name("N");
  app.add_option("--camera", camera,
                 "Where the cameras stand: main, goal, beside, tactical, static, close, far_side, or mixed, another in "
                 "each shot [main]")
      ->type_name("KIND");
  app.add_option("--seed", options.seed, "Another seed is another match in another stadium [0]")->type_name("N");
  if (const auto status = parse(app, arguments)) return *status;
  parse_size(options, size);
  options.camera = synth::parse_camera_kind(camera);

  const synth::SynthMatch match(options);
  const StopSignal stop;
  if (!files.truth.empty()) write_truth(match, files.truth);
  const auto written = write_clip(match, files.clip, stop.token());
  fmt::print("{}: {} frames, {} shot{}{}\n", files.clip, written, options.shots, options.shots == 1 ? "" : "s",
             files.truth.empty() ? "" : fmt::format("; truth in {}", files.truth));
  return written == match.frame_count() ? kExitOk : kExitFailed;
}

}  // namespace touchline::cli
