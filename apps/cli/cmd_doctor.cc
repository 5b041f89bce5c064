#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "apps/cli/arguments.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/inference/manifest.h"
#include "touchline/media/capabilities.h"

namespace touchline::cli {
namespace {

/// Prints findings and remembers whether something is missing.
class Findings {
 public:
  void good(const char* subject, const std::string& text) { print("ok", subject, text); }
  void note(const char* subject, const std::string& text) { print("note", subject, text); }
  void missing(const char* subject, const std::string& text) {
    print("MISSING", subject, text);
    any_missing_ = true;
  }
  bool any_missing() const { return any_missing_; }

 private:
  static void print(const char* verdict, const char* subject, const std::string& text) {
    fmt::print("{:<8} {:<10} {}\n", verdict, subject, text);
  }
  bool any_missing_ = false;
};

bool has(const base::Machine& machine, const std::string& feature) {
  return std::find(machine.features.begin(), machine.features.end(), feature) != machine.features.end();
}

void examine_machine(Findings& findings) {
  const base::Machine machine = base::this_machine();
  findings.good("machine", base::to_text(machine));
  if (!has(machine, "avx2")) {
    findings.missing("processor", "AVX2; touchline needs a processor of 2015 or newer");
  } else if (has(machine, "avx512_bf16") || has(machine, "amx_bf16")) {
    findings.good("processor", "computes networks in BF16");
  } else {
    findings.note("processor", "no BF16: networks run in FP32 at about half the speed; --stride 2 makes up for it");
  }
  findings.note("gpu", "this build runs on the CPU");
}

void examine_media(Findings& findings) {
  const media::Capabilities media = media::capabilities();
  findings.good("ffmpeg", fmt::format("{}; reads {}; from {}", media.version, fmt::join(media.decoders, " "),
                                      fmt::join(media.protocols, " ")));
  if (!media.missing_decoders.empty()) {
    findings.note("ffmpeg", fmt::format("cannot read {}", fmt::join(media.missing_decoders, " ")));
  }
  if (media.h264_encoder) {
    findings.good("encoder", "libx264");
  } else {
    findings.missing("encoder", "libx264; install a full FFmpeg (apt-get install libavcodec-extra), or use --no-video");
  }
}

void examine_models(Findings& findings) {
  const auto models = inference::list_models();
  if (models.empty()) {
    findings.missing("models", "set TOUCHLINE_MODELS to the folder that holds manifest.json");
  }
  for (const auto& model : models) {
    if (std::filesystem::exists(model.file)) {
      findings.good("model", fmt::format("{} ({})", model.name, model.file.string()));
    } else {
      findings.missing("model", fmt::format("{}: no file {}", model.name, model.file.string()));
    }
  }
  if (const auto* chosen = inference::default_model(models, base::this_machine().features)) {
    findings.good("default", chosen->name);
  } else {
    findings.missing("default", "touchline_n, which --model auto needs");
  }
}

}  // namespace

int run_doctor(std::span<const std::string> arguments) {
  CLI::App app("What this machine has, what is missing, and what to type.", "touchline doctor");
  if (const auto status = parse(app, arguments)) return *status;
  Findings findings;
  examine_machine(findings);
  examine_media(findings);
  examine_models(findings);
  fmt::print("{}\n", findings.any_missing() ? "\nSomething is missing." : "\nReady: touchline analyze CLIP --out DIR");
  return findings.any_missing() ? kExitFailed : kExitOk;
}

}  // namespace touchline::cli
