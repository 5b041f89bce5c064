#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "apps/cli/arguments.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/stop_signal.h"
#include "apps/cli/verb.h"
#include "touchline/pipeline/run.h"

namespace touchline::cli {
namespace {

constexpr const char* kFooter =
    "INPUT is a file, - (standard input), an http(s), rtsp or udp address, or a folder of pictures.\n"
    "Writes to DIR: annotated.mp4, frames.jsonl, tracks.csv, eval.csv, mot.txt, summary.json (docs/records.md).\n"
    "Ctrl-C ends the run in order; what is finished is kept.\n";

double percent(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole) : 0;
}

/// What a person wants to know at the end: where the results are and what was found.
std::string closing_line(const pipeline::AnalyzeOptions& options, const pipeline::RunReport& report) {
  const auto& s = report.statistics;
  const auto frames = s.frames();
  const auto& camera = s.camera_frames();
  const auto& ball = s.ball_frames();
  const auto detected = ball[static_cast<std::size_t>(match::State::kDetected)];
  const auto with_ball = ball[0] + ball[1] + ball[2];
  const auto without_camera = camera[static_cast<std::size_t>(match::PoseState::kNone)];
  return fmt::format(
      "{}: {}\n{} frames in {:.1f} s ({:.1f}/s); {} people in the median frame, {} shot{}, camera in {:.0f} % of the "
      "frames, ball in {:.0f} % ({:.0f} % detected, {:.0f} % filled)",
      options.out_dir, fmt::join(report.files, " "), frames, report.summary.wall_s, report.frames_per_s(),
      s.median_people(), s.shots().size(), s.shots().size() == 1 ? "" : "s", percent(frames - without_camera, frames),
      percent(with_ball, frames), percent(detected, frames), percent(with_ball - detected, frames));
}

}  // namespace

int run_analyze(std::span<const std::string> arguments) {
  CLI::App app("A clip in; match data and annotated video out.", "touchline analyze");
  app.footer(kFooter);
  pipeline::AnalyzeOptions options;
  app.add_option("INPUT", options.input, "What to analyze")->required();
  app.add_option("--out", options.out_dir, "Folder of results; made when absent")->required()->type_name("DIR");
  const SettingFlags flags(app);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(options);

  const StopSignal stop;
  ProgressBar bar;
  pipeline::RunHooks hooks;
  hooks.progress = [&bar](const pipeline::Progress& p) { bar.update(p.frames_done, p.frames_total); };
  hooks.stop = stop.token();
  const pipeline::RunReport report = pipeline::run(options, hooks);
  bar.clear();
  for (const auto& note : report.summary.notes) std::fprintf(stderr, "touchline: %s\n", note.c_str());
  fmt::print("{}\n", closing_line(options, report));
  if (report.stopped) {
    std::fprintf(stderr, "touchline: stopped after %lld frames; what was finished is in %s\n",
                 static_cast<long long>(report.statistics.frames()), options.out_dir.c_str());
    return kExitFailed;
  }
  return kExitOk;
}

}  // namespace touchline::cli
