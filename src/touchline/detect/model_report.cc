#include "touchline/detect/model_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "touchline/base/clock.h"
#include "touchline/base/error.h"
#include "touchline/inference/sha256.h"

namespace touchline::detect {
namespace {

constexpr int kRuns = 3;

struct Opened {
  ModelReport report;
  std::unique_ptr<inference::Session> session;
};

/// A detector where the outputs allow it, else a pitch model; the detector's refusal when they are neither.
NetworkDescription describe_either(const ModelReport& report) {
  try {
    return describe_network(report.manifest, report.header, report.input, report.outputs, Purpose::kDetector);
  } catch (const base::Error& refusal) {
    try {
      return describe_network(report.manifest, report.header, report.input, report.outputs, Purpose::kPitchPoints);
    } catch (const base::Error&) {
      throw refusal;
    }
  }
}

Opened open_model(const std::string& name_or_file, const std::string& size) {
  Opened opened;
  ModelReport& report = opened.report;
  report.manifest = inference::find_model(name_or_file);
  report.header = inference::read_onnx_header(report.manifest.file);
  report.sha256 = inference::sha256_of_file(report.manifest.file);
  inference::SessionOptions options;
  options.model = report.manifest.file;
  options.slots = 1;
  if (takes_any_size(report.header)) {
    const auto chosen = network_size(size, 16, 9, static_cast<int>(std::thread::hardware_concurrency()));
    options.width_px = chosen.width_px;
    options.height_px = chosen.height_px;
  }
  opened.session = inference::open_session(options);
  report.input = opened.session->input_info();
  report.outputs = opened.session->output_infos();
  report.backend = opened.session->description();
  report.network = describe_either(report);
  return opened;
}

void require_finite(inference::Session& session, const ModelReport& report) {
  for (std::size_t i = 0; i < report.outputs.size(); ++i) {
    const auto output = session.output(0, static_cast<int>(i));
    if (!std::ranges::all_of(output, [](float value) { return std::isfinite(value); })) {
      base::fail(base::ErrorCode::kUnsupported, "the output '{}' of {} holds numbers that are not finite",
                 report.outputs[i].name, report.manifest.file.string());
    }
  }
}

}  // namespace

ModelReport describe_model(const std::string& name_or_file, const std::string& size) {
  return open_model(name_or_file, size).report;
}

ModelCheck check_model(const std::string& name_or_file, const std::string& size) {
  auto [report, session] = open_model(name_or_file, size);
  if (!report.hash_matches()) {
    base::fail(base::ErrorCode::kBadInput,
               "{} is not the file its manifest records (SHA-256 {}, not {}): fetch it again",
               report.manifest.file.string(), report.sha256, report.manifest.sha256);
  }
  std::mt19937 random(1);
  std::uniform_real_distribution<float> noise(0, report.network.format.full_scale);
  std::ranges::generate(session->input(0), [&] { return noise(random); });
  double best_ms = std::numeric_limits<double>::infinity();
  for (int run = 0; run < kRuns; ++run) {
    const base::Stopwatch watch;
    session->start(0);
    session->wait(0);
    best_ms = std::min(best_ms, watch.elapsed_ms());
  }
  require_finite(*session, report);
  return {std::move(report), best_ms};
}

}  // namespace touchline::detect
