#include "touchline/pipeline/run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "touchline/base/bounded_queue.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/image/frame_pool.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/video_writer.h"
#include "touchline/overlay/overlay.h"
#include "touchline/pipeline/first_error.h"
#include "touchline/pipeline/match_builder.h"
#include "touchline/pipeline/observer.h"
#include "touchline/records/writer.h"

namespace touchline::pipeline {
namespace {

namespace fs = std::filesystem;

// In front of the network, which must never wait: always full, so memory is at its level from the start.
constexpr std::size_t kDecodedFrames = 4;
// Behind it, enough to hide one slow frame. Queues that fill only now and then make memory rise for minutes: the
// decoder keeps the pictures of the highest level ever reached.
constexpr std::size_t kObservedFrames = 1;
constexpr std::size_t kAnalyzedFrames = 2;
// Buffers, caches and the look-ahead are all in use by then.
constexpr std::int64_t kWarmUpFrames = 500;
constexpr const char* kVideoName = "annotated.mp4";

std::vector<records::Format> formats_of(const AnalyzeOptions& options) {
  if (options.formats.empty()) return {};
  return records::parse_formats(fmt::format("{}", fmt::join(options.formats, ",")));
}

overlay::OverlayOptions overlay_options(const AnalyzeOptions& options) {
  overlay::OverlayOptions drawn;
  drawn.layers =
      overlay::LayerSet::parse(options.overlay.empty() ? "none" : fmt::format("{}", fmt::join(options.overlay, ",")));
  return drawn;
}

media::ReadOptions read_options(const AnalyzeOptions& options, const std::stop_token& stop) {
  media::ReadOptions read;
  read.folder_frame_rate = options.frame_rate;
  read.stop = stop;
  return read;
}

/// One run: its inputs, its outputs, and the four threads between them. See "The way of one frame" in ARCHITECTURE.md.
class Run {
 public:
  Run(const AnalyzeOptions& options, const RunHooks& hooks);
  RunReport execute();

 private:
  void open_outputs();
  void read_loop();
  void observe_loop();
  void build_loop();
  void video_loop();
  template <typename Body, typename End>
  std::thread stage(Body body, End end);
  void record(AnalyzedFrame&& analyzed);
  void draw_and_encode(const AnalyzedFrame& analyzed);
  void count_frame();
  void finish_outputs();
  void note_what_to_know();
  records::Summary summary() const;
  std::vector<std::string> files() const;

  const AnalyzeOptions options_;
  const RunHooks hooks_;
  StageTimes times_;
  FirstError error_;
  std::unique_ptr<media::FrameReader> reader_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<records::RecordWriter> records_;
  std::unique_ptr<media::VideoWriter> video_;
  std::optional<overlay::Overlay> overlay_;
  image::FramePool pool_;
  base::BoundedQueue<image::Frame> decoded_{kDecodedFrames};
  base::BoundedQueue<Observation> observed_{kObservedFrames};
  base::BoundedQueue<AnalyzedFrame> analyzed_{kAnalyzedFrames};
  base::Stopwatch watch_;
  std::int64_t frames_done_ = 0;
  double wall_s_ = 0;
  double memory_warm_mib_ = 0;
  double memory_end_mib_ = 0;
  std::vector<std::string> notes_;
};

Run::Run(const AnalyzeOptions& options, const RunHooks& hooks) : options_(options), hooks_(hooks) {
  options_.check();
  TOUCHLINE_REQUIRE(!options_.out_dir.empty(), "no folder for the results was given");
  reader_ = media::FrameReader::open(options_.input, read_options(options_, hooks_.stop));
  const media::SourceInfo& source = reader_->info();
  network_ = hooks_.network ? hooks_.network(source.width, source.height)
                            : open_network(options_, source.width, source.height);
  open_outputs();
}

void Run::open_outputs() {
  const media::SourceInfo& source = reader_->info();
  records::RecordOptions record;
  record.formats = formats_of(options_);
  record.picture = {source.width, source.height};
  record.pitch = options_.pitch;
  records_ = std::make_unique<records::RecordWriter>(options_.out_dir, record);
  if (!options_.video) return;
  media::WriteOptions write;
  write.width = source.width;
  write.height = source.height;
  write.frame_rate = source.frame_rate > 0 ? source.frame_rate : options_.frame_rate;
  if (source.has_audio) write.audio_from = options_.input;
  video_ = media::VideoWriter::open(fs::path(options_.out_dir) / kVideoName, write);
  overlay_.emplace(overlay_options(options_), options_.pitch);
}

template <typename Body, typename End>
std::thread Run::stage(Body body, End end) {
  return std::thread([this, body, end] {
    try {
      body();
    } catch (...) {
      error_.capture();
    }
    end();
  });
}

void Run::read_loop() {
  for (std::int64_t count = 0; options_.frames == 0 || count < options_.frames; ++count) {
    std::optional<image::Frame> frame;
    {
      const StageTimer timer(times_, "decode");
      frame = reader_->next();
    }
    if (!frame || !decoded_.wait_push(std::move(*frame))) return;
  }
}

void Run::observe_loop() {
  bool wanted = true;
  Observer observer(*network_, options_, times_,
                    [&](Observation&& observation) { wanted = observed_.wait_push(std::move(observation)); });
  while (wanted) {
    auto frame = decoded_.wait_pop();
    if (!frame) break;
    observer.push(std::move(*frame));
  }
  observer.finish();
}

void Run::build_loop() {
  MatchBuilder builder(options_, times_, [this](AnalyzedFrame&& analyzed) { record(std::move(analyzed)); });
  while (auto observation = observed_.wait_pop()) builder.push(std::move(*observation));
  builder.finish();
}

void Run::record(AnalyzedFrame&& analyzed) {
  {
    const StageTimer timer(times_, "records");
    records_->write(analyzed.match);
  }
  if (video_) {
    if (!analyzed_.wait_push(std::move(analyzed))) {
      base::fail(base::ErrorCode::kIo, "the annotated video could not be continued");
    }
  } else {
    count_frame();
  }
}

void Run::video_loop() {
  while (auto analyzed = analyzed_.wait_pop()) {
    draw_and_encode(*analyzed);
    count_frame();
  }
}

void Run::draw_and_encode(const AnalyzedFrame& analyzed) {
  if (options_.overlay.empty()) {
    const StageTimer timer(times_, "encode");
    video_->write(analyzed.frame);
    return;
  }
  image::Frame drawn;
  {
    const StageTimer timer(times_, "overlay");
    auto copy = pool_.copy(analyzed.frame.picture);
    overlay_->draw(copy.view(), analyzed.match);
    drawn = std::move(copy).finish(analyzed.frame.pts_s, analyzed.frame.index);
  }
  const StageTimer timer(times_, "encode");
  video_->write(drawn);
}

void Run::count_frame() {
  ++frames_done_;
  if (frames_done_ == kWarmUpFrames) memory_warm_mib_ = base::resident_memory_mib();
  if (!hooks_.progress) return;
  const auto estimate = reader_->info().frames_estimate;
  hooks_.progress({frames_done_,
                   options_.frames > 0 && (estimate == 0 || options_.frames < estimate) ? options_.frames : estimate});
}

RunReport Run::execute() {
  // Whoever ends, ends its neighbours: no more input for it, no more output from it.
  std::thread reading = stage([this] { read_loop(); }, [this] { decoded_.close(); });
  std::thread observing = stage([this] { observe_loop(); }, [this] { decoded_.cancel(), observed_.close(); });
  std::thread building = stage([this] { build_loop(); }, [this] { observed_.cancel(), analyzed_.close(); });
  std::thread drawing = stage([this] { video_loop(); }, [this] { analyzed_.cancel(); });
  for (std::thread* thread : {&reading, &observing, &building, &drawing}) thread->join();
  finish_outputs();
  error_.rethrow_if_any();
  RunReport report;
  report.summary = summary();
  report.statistics = records_->statistics();
  report.stages = times_.table();
  report.files = files();
  report.stopped = hooks_.stop.stop_requested();
  return report;
}

void Run::finish_outputs() {
  memory_end_mib_ = base::resident_memory_mib();  // before the video is copied into its final form
  if (video_) {
    try {
      const StageTimer timer(times_, "encode");
      video_->finish();
    } catch (...) {
      error_.capture();
    }
  }
  wall_s_ = watch_.elapsed_s();
  note_what_to_know();
  try {
    records_->finish(summary());
  } catch (...) {
    error_.capture();
  }
}

void Run::note_what_to_know() {
  const auto add = [this](const std::string& note) {
    if (!note.empty()) notes_.push_back(note);
  };
  add(reader_->damage().sentence());
  if (video_) add(video_->audio_note());
  const double rate = reader_->info().frame_rate;
  if (rate > 0 && options_.stride / rate > options_.lookahead_s && options_.stride > 1) {
    add(fmt::format(
        "--stride {} leaves {:.2f} s between two frames of the network, more than --lookahead {}: the frames "
        "between were not filled",
        options_.stride, options_.stride / rate, options_.lookahead_s));
  }
}

records::Summary Run::summary() const {
  const media::SourceInfo& source = reader_->info();
  const media::DamageReport damage = reader_->damage();
  records::Summary s;
  s.version = TOUCHLINE_VERSION;
  s.machine = base::to_text(base::this_machine());
  s.input = options_.input;
  s.picture = {source.width, source.height};
  s.codec = source.codec;
  s.pixel_format = source.pixel_format;
  s.duration_s = source.duration_s;
  s.frame_rate = source.frame_rate;
  s.pitch_length_m = options_.pitch.length_m();
  s.pitch_width_m = options_.pitch.width_m();
  s.model = network_->model();
  s.model_precision = network_->description();
  s.network_input = {network_->input_width_px(), network_->input_height_px()};
  s.device = "cpu";
  s.settings = {{"model", options_.model},
                {"pitch-model", options_.pitch_model.empty() ? "none" : options_.pitch_model},
                {"size", options_.size},
                {"stride", std::to_string(options_.stride)},
                {"lookahead", fmt::format("{}", options_.lookahead_s)},
                {"formats", fmt::format("{}", fmt::join(options_.formats, ","))},
                {"overlay", fmt::format("{}", fmt::join(options_.overlay, ","))}};
  s.damage = {
      {"packets_lost", damage.packets_lost}, {"frames_lost", damage.frames_lost}, {"stretches", damage.stretches}};
  s.notes = notes_;
  for (const StageTime& row : times_.table()) s.stage_total_s.emplace_back(row.stage, row.total_ms / 1e3);
  s.wall_s = wall_s_;
  s.memory_warm_mib = memory_warm_mib_;
  s.memory_end_mib = memory_end_mib_;
  s.complete = !error_.any() && !hooks_.stop.stop_requested();
  return s;
}

std::vector<std::string> Run::files() const {
  std::vector<std::string> present;
  for (const char* name : {kVideoName, "frames.jsonl", "tracks.csv", "eval.csv", "mot.txt", "coco.json",
                           "scorevision.json", "summary.json"}) {
    const bool ours = video_ || std::string(name) != kVideoName;
    if (ours && fs::exists(fs::path(options_.out_dir) / name)) present.emplace_back(name);
  }
  return present;
}

}  // namespace

RunReport run(const AnalyzeOptions& options, const RunHooks& hooks) {
  return Run(options, hooks).execute();
}

}  // namespace touchline::pipeline
