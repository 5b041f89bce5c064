#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "apps/cli/arguments.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/stop_signal.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/media/folder_reader.h"
#include "touchline/media/frame_reader.h"
#include "touchline/pipeline/network.h"
#include "touchline/records/detections.h"

namespace touchline::cli {
namespace {

constexpr std::array<std::string_view, 5> kSettings = {"device", "model", "pitch-model", "size", "threads"};

constexpr const char* kFooter =
    "Writes a list of {\"image\", \"objects\": [{\"class\", \"box_px\", \"score\"}], \"points\": [[x, y, score] x "
    "32]};\n"
    "pixels of the picture, ball candidates as class \"ball\".\n";

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

}  // namespace

int run_detect(std::span<const std::string> arguments) {
  CLI::App app("People, ball and pitch points of pictures.", "touchline detect");
  app.footer(kFooter);
  std::vector<std::string> inputs;
  std::string out;
  pipeline::AnalyzeOptions options;
  app.add_option("PICTURES", inputs, "Pictures, or folders of them")->required();
  app.add_option("--out", out, "File of results")->required()->type_name("FILE.json");
  const SettingFlags flags(app, kSettings);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(options);

  const auto pictures = pictures_of(inputs);
  const StopSignal stop;
  ProgressBar bar;
  records::DetectionsWriter writer(out);
  std::unique_ptr<pipeline::Network> network;
  std::int64_t done = 0;
  for (const auto& picture : pictures) {
    if (stop.token().stop_requested()) break;
    const image::Frame frame = read_picture(picture);
    if (!network) network = pipeline::open_network(options, frame.width(), frame.height());
    network->start(0, frame);
    writer.write(picture, network->wait(0));
    bar.update(++done, static_cast<std::int64_t>(pictures.size()));
  }
  writer.finish();
  bar.clear();
  fmt::print("{}: {} of {} pictures\n", out, done, pictures.size());
  return done == static_cast<std::int64_t>(pictures.size()) ? kExitOk : kExitFailed;
}

}  // namespace touchline::cli
