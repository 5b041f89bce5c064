#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>

#include "apps/cli/arguments.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/records/mot.h"
#include "touchline/track/fill.h"
#include "touchline/track/tracker.h"

namespace touchline::cli {
namespace {

match::Detection detection_of(const records::MotRow& row) {
  match::Detection detection;
  detection.box_px = row.box_px;
  detection.score = static_cast<float>(row.confidence);
  return detection;
}

class MotTracking {
 public:
  MotTracking(double frame_rate, double lookahead_s) : frame_rate_(frame_rate), filler_(options(lookahead_s)) {}

  void push(std::int64_t frame, std::span<const match::Detection> detections) {
    match::MatchFrame match;
    match.index = frame - 1;  // MOT counts from 1
    match.pts_s = static_cast<double>(match.index) / frame_rate_;
    match.tracks = tracker_.update(detections, match.pose, match.pts_s);
    filler_.push(std::move(match));
    take();
  }

  std::string finish() {
    filler_.finish();
    take();
    return std::move(text_);
  }

 private:
  static track::FillOptions options(double lookahead_s) {
    track::FillOptions fill;
    fill.lookahead_s = lookahead_s;
    return fill;
  }

  void take() {
    while (auto ready = filler_.pop_ready()) records::append_mot(text_, *ready);
  }

  const double frame_rate_;
  track::Tracker tracker_;
  track::GapFiller filler_;
  std::string text_;
};

}  // namespace

int run_track(std::span<const std::string> arguments) {
  CLI::App app("Boxes of a MOTChallenge file to tracks.", "touchline track");
  std::string input;
  std::string out;
  double frame_rate = 25;
  double lookahead_s = 1;
  app.add_option("DETECTIONS", input, "Rows frame,id,left,top,width,height,score; the id is ignored")->required();
  app.add_option("--out", out, "File of tracks, the same form")->required()->type_name("FILE");
  app.add_option("--rate", frame_rate, "Frames a second [25]")->check(CLI::Range(1.0, 1000.0))->type_name("FPS");
  app.add_option("--lookahead", lookahead_s, "Seconds that filling may see ahead, 0..5 [1]")
      ->check(CLI::Range(0.0, 5.0))
      ->type_name("S");
  if (const auto status = parse(app, arguments)) return *status;

  const auto rows = records::read_mot(input);
  std::map<std::int64_t, std::vector<match::Detection>> by_frame;
  for (const auto& row : rows) by_frame[row.frame].push_back(detection_of(row));
  MotTracking tracking(frame_rate, lookahead_s);
  if (!by_frame.empty()) {
    for (std::int64_t frame = by_frame.begin()->first; frame <= by_frame.rbegin()->first; ++frame) {
      tracking.push(frame, by_frame[frame]);
    }
  }
  const std::string text = tracking.finish();
  std::ofstream file(out);
  file << text;
  file.close();
  if (!file) base::fail(base::ErrorCode::kIo, "cannot write {}", out);
  fmt::print("{}: {} boxes of {} frames\n", out, std::count(text.begin(), text.end(), '\n'), by_frame.size());
  return kExitOk;
}

}  // namespace touchline::cli
