#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "apps/cli/arguments.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/stop_signal.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/evaluate/camera_labels.h"
#include "touchline/media/folder_reader.h"
#include "touchline/media/frame_reader.h"
#include "touchline/pipeline/network.h"
#include "touchline/records/detections.h"

namespace touchline::cli {
namespace {

constexpr std::array<std::string_view, 5> kSettings = {"device", "model", "pitch-model", "size", "threads"};

constexpr const char* kFooter =
    "Writes a list of {\"image\", \"objects\": [{\"class\", \"box_px\", \"score\", \"class_scores\"}],\n"
    "\"points\": [[x, y, score] x 32]}; pixels of the picture, ball candidates as class \"ball\".\n"
    "Frames of clips are named CLIP#FRAME.\n";

/// The files a user named: pictures, and all pictures of folders.
std::vector<std::string> pictures_of(const std::vector<std::string>& inputs) {
  std::vector<std::string> pictures;
  for (const auto& input : inputs) {
    if (std::filesystem::is_directory(input)) {
      const auto inside = media::pictures_of(input);
      for (const auto& picture : inside) pictures.push_back(picture.string());
    } else {
      pictures.push_back(input);
    }
  }
  return pictures;
}

image::Frame read_picture(const std::string& file) {
  auto frame = media::FrameReader::open(file)->next();
  if (!frame) base::fail(base::ErrorCode::kBadInput, "{} holds no picture", file);
  return *frame;
}

/// The clip with this file name among the inputs and directly inside their folders; empty when it is not there.
std::string clip_among(const std::vector<std::string>& inputs, const std::string& clip) {
  for (const auto& input : inputs) {
    const std::filesystem::path path(input);
    if (path.filename() == clip && std::filesystem::is_regular_file(path)) return input;
    if (std::filesystem::is_regular_file(path / clip)) return (path / clip).string();
  }
  return {};
}

/// Runs the network on one picture after the other and writes what it sees.
class Detection {
 public:
  Detection(const std::string& out, const pipeline::AnalyzeOptions& options, std::int64_t total)
      : writer_(out), options_(options), total_(total) {}

  bool stopped() const { return stop_.token().stop_requested(); }

  /// The network is opened for the first frame's size, and anew after new_source().
  void detect(const std::string& name, const image::Frame& frame) {
    if (!network_) network_ = pipeline::open_network(options_, frame.width(), frame.height());
    network_->start(0, frame);
    writer_.write(name, network_->wait(0));
    bar_.update(++done_, total_);
  }
  void new_source() { network_.reset(); }

  /// Says why a picture is missing from the results.
  void leave_out(const base::Error& error) {
    bar_.clear();
    fmt::print(stderr, "touchline detect: left out: {}\n", error.what());
  }

  int finish(const std::string& out) {
    writer_.finish();
    bar_.clear();
    const std::string seen_by = network_ ? ", " + network_->model() : "";
    fmt::print("{}: {} of {} pictures{}\n", out, done_, total_, seen_by);
    return done_ == total_ && total_ > 0 ? kExitOk : kExitFailed;
  }

 private:
  StopSignal stop_;
  ProgressBar bar_;
  records::DetectionsWriter writer_;
  std::unique_ptr<pipeline::Network> network_;
  const pipeline::AnalyzeOptions& options_;
  std::int64_t total_ = 0;
  std::int64_t done_ = 0;
};

/// The labelled frames of one clip.
void detect_frames(Detection& detection, const std::string& path, const evaluate::CameraLabels& labels) {
  detection.new_source();
  const auto reader = media::FrameReader::open(path);
  auto wanted = labels.frames.begin();
  while (wanted != labels.frames.end() && !detection.stopped()) {
    const auto frame = reader->next();
    if (!frame) base::fail(base::ErrorCode::kBadInput, "{} ends before the labelled frame {}", path, wanted->frame);
    if (frame->index != wanted->frame) continue;
    if (frame->width() != labels.size.width_px || frame->height() != labels.size.height_px) {
      base::fail(base::ErrorCode::kBadInput, "{} is {}x{}, its labels are for {}x{}", path, frame->width(),
                 frame->height(), labels.size.width_px, labels.size.height_px);
    }
    detection.detect(evaluate::frame_name(labels.clip, wanted->frame), *frame);
    ++wanted;
  }
}

int detect_labeled(const std::vector<std::string>& inputs, const std::string& labels_path, const std::string& out,
                   const pipeline::AnalyzeOptions& options) {
  std::vector<std::pair<std::string, evaluate::CameraLabels>> clips;
  std::int64_t total = 0;
  for (auto& labels : evaluate::read_camera_labels(labels_path)) {
    const std::string path = clip_among(inputs, labels.clip);
    if (path.empty()) {
      fmt::print(stderr, "touchline detect: {} skipped: it is not in {}\n", labels.clip, fmt::join(inputs, ", "));
      continue;
    }
    total += static_cast<std::int64_t>(labels.frames.size());
    clips.emplace_back(path, std::move(labels));
  }
  Detection detection(out, options, total);
  for (const auto& [path, labels] : clips) detect_frames(detection, path, labels);
  return detection.finish(out);
}

int detect_pictures(const std::vector<std::string>& inputs, const std::string& out,
                    const pipeline::AnalyzeOptions& options) {
  const auto pictures = pictures_of(inputs);
  Detection detection(out, options, static_cast<std::int64_t>(pictures.size()));
  for (const auto& picture : pictures) {
    if (detection.stopped()) break;
    std::optional<image::Frame> frame;
    try {
      frame = read_picture(picture);
    } catch (const base::Error& error) {
      detection.leave_out(error);
      continue;
    }
    detection.detect(picture, *frame);
  }
  return detection.finish(out);
}

}  // namespace

int run_detect(std::span<const std::string> arguments) {
  CLI::App app("People, ball and pitch points of pictures, or of labelled frames of clips.", "touchline detect");
  app.footer(kFooter);
  std::vector<std::string> inputs;
  std::string out;
  std::string labels;
  pipeline::AnalyzeOptions options;
  app.add_option("PICTURES", inputs, "Pictures, or folders of them; clips or folders of them with --frames-from")
      ->required();
  app.add_option("--out", out, "File of results")->required()->type_name("FILE.json");
  app.add_option("--frames-from", labels, "Labels of clips: only their frames are read, of clips by their names")
      ->type_name("LABELS");
  app.add_option("--person-score", options.person_score,
                 "Least score of a person in the results, between 0 and 1 [the network's own, for ours 0.25]")
      ->type_name("S");
  const SettingFlags flags(app, kSettings);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(options);
  return labels.empty() ? detect_pictures(inputs, out, options) : detect_labeled(inputs, labels, out, options);
}

}  // namespace touchline::cli
