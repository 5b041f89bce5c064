#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stop_token>
#include <utility>

#include "apps/cli/arguments.h"
#include "apps/cli/progress_bar.h"
#include "apps/cli/stop_signal.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/detect/likeness.h"
#include "touchline/detect/model_report.h"
#include "touchline/image/letterbox.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/quantize.h"
#include "touchline/media/sample_reader.h"

namespace touchline::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSaturates = "this one has none, and its sums of bytes saturate";
constexpr std::array<std::string_view, 3> kSettings = {"device", "size", "threads"};
constexpr int kPictures = 128;
constexpr int kMostPictures = 10000;
/// One picture for so many that set ranges is held out: it shows what the rounding costs.
constexpr int kRangesPerHeldOut = 5;
constexpr int kMostHeldOut = 32;
/// Longer sides of the network's input, in turn.
constexpr std::array<const char*, 4> kSizes = {"1280", "960", "1280", "640"};
/// Below this share of people or points found by both, an 8-bit network is no form of the other one.
constexpr double kLeastAgreement = 0.8;
constexpr int kLeastJudged = 20;

constexpr const char* kFooter =
    "MODEL stays as it is. The pictures need no labels: they show which numbers occur inside the network. Take them\n"
    "from several matches, and judge the result on others with `touchline detect` and `touchline eval`.\n";

/// A file that is under its final name only when it is complete.
class NewFile {
 public:
  explicit NewFile(fs::path path) : path_(std::move(path)) {
    unfinished_ = path_.parent_path() / fmt::format(".{}.{}.onnx", path_.stem().string(), getpid());
  }
  ~NewFile() {
    std::error_code ignored;
    fs::remove(unfinished_, ignored);
    fs::remove(inference::manifest_beside(unfinished_), ignored);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  const fs::path& unfinished() const { return unfinished_; }

  /// Writes the file, and a manifest beside it unless `facts` is empty. Throws Error(kIo).
  void write(const std::string& bytes, const std::string& facts) const {
    write_whole(unfinished_, bytes);
    if (!facts.empty()) write_whole(inference::manifest_beside(unfinished_), facts);
  }

  /// Throws Error(kIo).
  void finish() const {
    const fs::path facts = inference::manifest_beside(unfinished_);
    std::error_code ignored;
    if (fs::exists(facts, ignored)) move(facts, inference::manifest_beside(path_));
    move(unfinished_, path_);
  }

 private:
  void write_whole(const fs::path& path, const std::string& bytes) const {
    std::ofstream file(path, std::ios::binary);
    file << bytes;
    file.close();
    if (!file) {
      base::fail(base::ErrorCode::kIo, "cannot write '{}': {}; choose another --out", path_.string(),
                 base::system_error_text(errno));
    }
  }
  static void move(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    fs::rename(from, to, problem);
    if (problem) base::fail(base::ErrorCode::kIo, "cannot write '{}': {}", to.string(), problem.message());
  }

  fs::path path_;
  fs::path unfinished_;
};

void check_out(const fs::path& out, const fs::path& model) {
  std::error_code ignored;
  TOUCHLINE_REQUIRE(!fs::equivalent(out, model, ignored), "{} is the network itself: choose another --out",
                    out.string());
  TOUCHLINE_REQUIRE(!fs::is_directory(out, ignored), "{} is a folder: --out names a file", out.string());
  TOUCHLINE_REQUIRE(out.extension() == ".onnx", "--out {} must end in .onnx: that is what is written", out.string());
  NewFile(out).write("", "");
}

/// Shows pictures to the quantizer and keeps some back.
class Calibration {
 public:
  Calibration(const detect::ModelReport& report, inference::Quantizer& quantizer, int expected)
      : report_(report), quantizer_(quantizer), expected_(expected) {
    if (expected >= 2) to_hold_out_ = std::clamp((expected + 3) / (kRangesPerHeldOut + 1), 1, kMostHeldOut);
  }

  void run(media::SampleReader& pictures, const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::optional<image::Frame> picture;
      try {
        picture = pictures.next();
      } catch (const base::Error& error) {
        bar_.clear();
        if (!stop.stop_requested()) fmt::print(stderr, "touchline model quantize: left out: {}\n", error.what());
        continue;
      }
      if (!picture) break;
      take(*picture);
      bar_.update(taken_, expected_);
    }
    bar_.clear();
  }

  int measured() const { return measured_; }
  const std::vector<image::Frame>& held_out() const { return held_out_; }

 private:
  void take(const image::Frame& picture) {
    const int before = taken_ * to_hold_out_ / expected_;
    ++taken_;
    if (taken_ * to_hold_out_ / expected_ > before) {
      held_out_.push_back(picture);
    } else {
      measure(picture);
    }
  }

  void measure(const image::Frame& picture) {
    detect::NetworkSize size{quantizer_.width_px(), quantizer_.height_px()};
    if (size.width_px == 0) {
      const auto turn = static_cast<std::size_t>(measured_) % kSizes.size();
      size = detect::network_size(kSizes[turn], picture.width(), picture.height(), 1);
    }
    tensor_.resize(std::size_t{3} * static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px));
    image::letterbox_to_tensor(tensor_, picture.picture, size.width_px, size.height_px, report_.network.format);
    quantizer_.measure(tensor_, size.width_px, size.height_px);
    ++measured_;
  }

  const detect::ModelReport& report_;
  inference::Quantizer& quantizer_;
  ProgressBar bar_;
  std::vector<float> tensor_;
  std::vector<image::Frame> held_out_;
  int expected_;
  int to_hold_out_ = 0;
  int taken_ = 0;
  int measured_ = 0;
};

double mib(const fs::path& file) {
  return static_cast<double>(fs::file_size(file)) / (1 << 20);
}

std::string agreement_text(const char* what, const detect::Agreement& agreement) {
  return fmt::format("{} {}: {:.1f} % alike", agreement.first, what, 100 * agreement.share());
}

bool sums_bytes_exactly() {
  return base::has_vnni(base::this_machine().features);
}

void require_alike(const char* what, const detect::Agreement& agreement, const fs::path& model) {
  if (agreement.first + agreement.second < kLeastJudged || agreement.share() >= kLeastAgreement) return;
  base::fail(base::ErrorCode::kUnsupported,
             "in 8 bits {} finds other {} ({} instead of {}, {} of them the same) on pictures that were held out: "
             "nothing was written. Give pictures of what it was trained for, or keep it as it is{}",
             model.string(), what, agreement.second, agreement.first, agreement.both,
             sums_bytes_exactly() ? "" : fmt::format(", or try on a CPU with VNNI: {}", kSaturates));
}

void print_likeness(const detect::Likeness& likeness, std::size_t pictures) {
  fmt::print("speed: {:.1f} ms a picture at {}x{} instead of {:.1f}, {:.2f} times as fast ({})\n", likeness.second_ms,
             likeness.width_px, likeness.height_px, likeness.first_ms, likeness.first_ms / likeness.second_ms,
             likeness.first_backend);
  fmt::print("on {} pictures that set no range:", pictures);
  const char* separator = " ";
  for (const auto& [what, agreement] : {std::pair{"people", likeness.people}, std::pair{"balls", likeness.balls},
                                        std::pair{"pitch points", likeness.points}}) {
    if (agreement.first + agreement.second == 0) continue;
    fmt::print("{}{}", std::exchange(separator, ", "), agreement_text(what, agreement));
  }
  fmt::print("\nroot mean square error of outputs (their spread):");
  separator = " ";
  for (const auto& output : likeness.outputs) {
    fmt::print("{}{} {:.3g} ({:.3g})", std::exchange(separator, ", "), output.name, output.error, output.spread);
  }
  fmt::print("\n");
}

struct Wanted {
  std::string model;
  std::vector<std::string> pictures;
  fs::path out;
  int count = kPictures;
  pipeline::AnalyzeOptions options;
};

/// Compares the new network with the old one on pictures that set no range; refuses one that sees other things.
detect::Likeness judge(const Wanted& wanted, const detect::ModelReport& report, const NewFile& file,
                       const std::vector<image::Frame>& pictures) {
  const bool is_pitch = report.network.layout == detect::Layout::kPitchPose;
  auto likeness =
      detect::compare_networks({.first = wanted.model,
                                .second = file.unfinished().string(),
                                .purpose = is_pitch ? detect::Purpose::kPitchPoints : detect::Purpose::kDetector,
                                .size = wanted.options.size,
                                .threads = wanted.options.threads},
                               pictures);
  require_alike("people", likeness.people, report.manifest.file);
  require_alike("pitch points", likeness.points, report.manifest.file);
  return likeness;
}

void require_going_on(const StopSignal& stop) {
  if (stop.token().stop_requested()) base::fail(base::ErrorCode::kIo, "stopped: nothing was written");
}

int quantize(const Wanted& wanted) {
  TOUCHLINE_REQUIRE(wanted.count >= 1 && wanted.count <= kMostPictures, "--pictures must lie in 1..{}, not {}",
                    kMostPictures, wanted.count);
  const StopSignal stop;
  const auto report = detect::describe_model(wanted.model, wanted.options.size);
  const fs::path& model = report.manifest.file;
  check_out(wanted.out, model);
  const NewFile file(wanted.out);
  inference::Quantizer quantizer(model, wanted.options.threads);
  const int to_hold_out = std::min((wanted.count + kRangesPerHeldOut - 1) / kRangesPerHeldOut, kMostHeldOut);
  media::SampleReader pictures(wanted.pictures, wanted.count + to_hold_out, {.stop = stop.token()});
  Calibration calibration(report, quantizer, pictures.expected());
  calibration.run(pictures, stop.token());
  require_going_on(stop);
  if (calibration.measured() == 0) {
    base::fail(base::ErrorCode::kBadInput, "none of the pictures can be read: nothing was written");
  }
  file.write(quantizer.finish(), inference::facts_of(model));
  std::optional<detect::Likeness> likeness;
  if (!calibration.held_out().empty()) likeness = judge(wanted, report, file, calibration.held_out());
  require_going_on(stop);
  file.finish();
  fmt::print("{}: {:.1f} MiB instead of {:.1f}; {} of {} convolutions in 8 bits, ranges from {} pictures\n",
             wanted.out.string(), mib(wanted.out), mib(model), quantizer.integer_convolutions(),
             quantizer.convolutions(), calibration.measured());
  if (likeness) {
    print_likeness(*likeness, calibration.held_out().size());
  } else {
    fmt::print("no picture was left to show speed and errors: give at least 2\n");
  }
  if (!sums_bytes_exactly()) {
    fmt::print(stderr, "touchline model quantize: judge speed and likeness on a CPU with VNNI: {}\n", kSaturates);
  }
  return kExitOk;
}

}  // namespace

int run_model_quantize(std::span<const std::string> arguments) {
  CLI::App app("An 8-bit form of a network, faster on CPUs with VNNI; ranges come from your pictures or clips.",
               "touchline model quantize");
  app.footer(kFooter);
  Wanted wanted;
  app.add_option("MODEL", wanted.model, "A name of `touchline model list`, or an ONNX file; not in 8 bits yet")
      ->required();
  app.add_option("PICTURES", wanted.pictures, "Pictures, folders of them, clips")->required();
  app.add_option("--out", wanted.out, "The new network")->required()->type_name("FILE.onnx");
  app.add_option("--pictures", wanted.count,
                 fmt::format("How many of them set ranges, 1..{} [{}]", kMostPictures, kPictures))
      ->type_name("N");
  const SettingFlags flags(app, kSettings);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(wanted.options);
  return quantize(wanted);
}

}  // namespace touchline::cli
