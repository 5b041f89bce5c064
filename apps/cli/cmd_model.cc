#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "apps/cli/arguments.h"
#include "apps/cli/verb.h"
#include "touchline/base/clock.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/detect/detector.h"
#include "touchline/detect/layout.h"
#include "touchline/image/frame_pool.h"
#include "touchline/inference/joined_steps.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/onnx_header.h"

namespace touchline::cli {
namespace {

constexpr int kCheckRuns = 5;
constexpr std::array<std::string_view, 4> kCheckSettings = {"device", "pitch-model", "size", "threads"};

int list_models(std::span<const std::string> arguments) {
  CLI::App app("The networks that `--model NAME` finds.", "touchline model list");
  if (const auto status = parse(app, arguments)) return *status;
  const auto models = inference::list_models();
  if (models.empty()) {
    base::fail(base::ErrorCode::kNotFound, "no models found; set TOUCHLINE_MODELS to the folder with manifest.json");
  }
  for (const auto& model : models) {
    const auto mib = static_cast<double>(std::filesystem::file_size(model.file)) / (1 << 20);
    fmt::print("{:<18} {:5.1f} MiB  {}\n{:<30} {}\n", model.name, mib, model.summary, "", model.license);
  }
  if (const auto* chosen = inference::default_model(models, base::this_machine().features)) {
    fmt::print("{:<18} {} on this CPU\n", "auto", chosen->name);
  }
  return kExitOk;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> words;
  words.reserve(shape.size());
  for (const auto side : shape) words.push_back(side < 0 ? "?" : std::to_string(side));
  return fmt::format("[{}]", fmt::join(words, ","));
}

void print_fact(const char* what, const std::string& said) {
  if (!said.empty()) fmt::print("{:<12} {}\n", what, said);
}

void print_tensors(const char* what, const std::vector<inference::DeclaredTensor>& tensors) {
  for (const auto& tensor : tensors) print_fact(what, tensor.name + " " + shape_text(tensor.shape));
}

/// "person 0.25, ball 0.1": what counts as seen, as far as the manifest says.
std::string thresholds_text(const inference::Manifest& manifest) {
  std::vector<std::string> words;
  for (const auto& [what, score] :
       {std::pair{"person", manifest.person_score}, {"ball", manifest.ball_score}, {"point", manifest.point_score}}) {
    if (score) words.push_back(fmt::format("{} {:g}", what, *score));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

void print_network(const inference::Manifest& manifest, const inference::OnnxHeader& header) {
  print_fact("parameters", fmt::format("{:.2f} million", static_cast<double>(header.parameters) / 1e6));
  print_fact("producer", fmt::format("{} (opset {})", header.producer, header.opset));
  print_tensors("input", header.inputs);
  print_fact("pictures", header.metadata_of("input"));
  print_tensors("output", header.outputs);
  print_fact("strides", header.metadata_of("strides"));
  print_fact("classes", fmt::format("{}", fmt::join(detect::class_names_of(manifest, header), ", ")));
  print_fact("seen from", thresholds_text(manifest));
}

int describe_model(std::span<const std::string> arguments) {
  CLI::App app("What a network is, as the file and its manifest say.", "touchline model info");
  std::string name;
  app.add_option("MODEL", name, "A name of `touchline model list`, an ONNX file, or auto")->required();
  if (const auto status = parse(app, arguments)) return *status;
  const auto manifest = inference::find_model(name);
  const auto header = inference::read_onnx_header(manifest.file);
  print_fact("name", manifest.name);
  print_fact("file", manifest.file.string());
  print_fact("summary", manifest.summary);
  print_fact("licence", manifest.license);
  print_fact("attribution", manifest.attribution);
  print_network(manifest, header);
  return kExitOk;
}

image::Frame gray_frame(int width, int height) {
  image::FramePool pool;
  auto frame = pool.take(width, height, {});
  for (const auto& plane : {frame.view().y, frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, std::uint8_t{128});
  }
  return std::move(frame).finish(0, 0);
}

/// What an 8-bit network has that engines stumble over. A network that runs is no worse for not being looked into.
void print_doubts(const std::filesystem::path& file) {
  const auto bytes = inference::read_model_bytes(file);
  int joins = 0;
  try {
    joins = inference::unlike_joins(inference::OnnxGraph(bytes, file.string()));
  } catch (const base::Error& error) {
    fmt::print("not looked into for 8-bit maps: {}\n", error.what());
  }
  if (joins == 0) return;
  fmt::print(
      "{} of its joins read 8-bit maps whose steps differ: OpenVINO 2026.4 on several threads may answer "
      "otherwise from run to run; make it by `touchline model quantize`, or run it with --threads 1\n",
      joins);
}

int check_model(std::span<const std::string> arguments) {
  CLI::App app("Opens a network as a run would, and runs it.", "touchline model check");
  pipeline::AnalyzeOptions options;
  std::string name;
  app.add_option("MODEL", name, "A name of `touchline model list`, an ONNX file, or auto")->required();
  const SettingFlags flags(app, kCheckSettings);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(options);
  detect::DetectorOptions wanted;
  wanted.model = name;
  wanted.pitch_model = options.pitch_model;
  wanted.size = options.size;
  wanted.threads = options.threads;
  const auto detector = detect::Detector::open(wanted);
  const auto& info = detector->info();
  const auto frame = gray_frame(1280, 720);
  double best_ms = 1e9;
  for (int run = 0; run < kCheckRuns; ++run) {
    const base::Stopwatch watch;
    detector->start(0, frame);
    detector->wait(0);
    best_ms = std::min(best_ms, watch.elapsed_ms());
  }
  fmt::print("{}: fits the {} layout, {}x{}, pitch points: {}\n{}; {:.1f} ms for a 1280x720 picture (best of {})\n",
             info.model, detect::layout_name(info.layout), info.size.width_px, info.size.height_px,
             info.has_pitch_points ? "yes" : "no", info.backend, best_ms, kCheckRuns);
  print_doubts(inference::find_model(name).file);
  return kExitOk;
}

constexpr Verb kModelVerbs[] = {
    {"list", "the networks that ship", list_models},
    {"info", "what a network is", describe_model},
    {"check", "open it as a run would, and run it", check_model},
    {"quantize", "make its 8-bit form from your pictures", run_model_quantize},
};

}  // namespace

int run_model(std::span<const std::string> arguments) {
  return run_sub_verb("model", "List, describe, check and quantize networks.", kModelVerbs, arguments);
}

}  // namespace touchline::cli
