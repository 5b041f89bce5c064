#include "touchline/bench/rates.h"

#include <fmt/format.h>

#include <algorithm>

#include "touchline/base/clock.h"
#include "touchline/base/error.h"
#include "touchline/base/machine.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/session.h"
#include "touchline/pipeline/run.h"
#include "touchline/records/number_text.h"

namespace touchline::bench {
namespace {

constexpr int kWarmUpRuns = 4;

/// Inferences a second with every slot kept busy and inputs left as they are.
double network_rate(inference::Session& session, int runs) {
  const int slots = session.slots();
  const auto turn = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const int slot = i % slots;
      if (i >= slots) session.wait(slot);
      session.start(slot);
    }
    for (int slot = 0; slot < std::min(slots, count); ++slot) session.wait(slot);
  };
  turn(kWarmUpRuns);
  const base::Stopwatch watch;
  turn(runs);
  return runs / watch.elapsed_s();
}

/// Noise, so that no layer works on zeros.
void fill_inputs(inference::Session& session) {
  for (int slot = 0; slot < session.slots(); ++slot) {
    std::uint32_t state = 12345U + static_cast<std::uint32_t>(slot);
    for (float& value : session.input(slot)) {
      state = state * 1664525U + 1013904223U;
      value = static_cast<float>(state >> 8) / static_cast<float>(1U << 24);
    }
  }
}

void append_stages(std::string& text, const RateReport& report) {
  text += fmt::format("\n  {:<12} {:>8} {:>9} {:>9} {:>9} {:>10}\n", "stage", "frames", "p50 ms", "p95 ms", "p99 ms",
                      "total s");
  for (const auto& row : report.stages) {
    text += fmt::format("  {:<12} {:>8} {:>9.3f} {:>9.3f} {:>9.3f} {:>10.2f}\n", row.stage, row.count, row.p50_ms,
                        row.p95_ms, row.p99_ms, row.total_ms / 1e3);
  }
}

}  // namespace

void RateOptions::check() const {
  TOUCHLINE_REQUIRE(rounds >= 1 && rounds <= 100, "rounds: {} is outside 1..100", rounds);
  TOUCHLINE_REQUIRE(network_runs >= 1 && network_runs <= 100000, "network runs: {} is outside 1..100000", network_runs);
}

RateReport measure_rates(const RateOptions& options) {
  options.check();
  RateReport report;
  report.machine = base::to_text(base::this_machine());
  for (int round = 0; round < options.rounds; ++round) {
    const pipeline::RunReport run = pipeline::run(options.analyze, {});
    if (run.frames_per_s() > report.best.pipeline_per_s) {
      report.best.pipeline_per_s = run.frames_per_s();
      report.stages = run.stages;
    }
    inference::SessionOptions alone;
    alone.model = inference::find_model(options.analyze.model).file;
    alone.width_px = run.summary.network_input.width_px;
    alone.height_px = run.summary.network_input.height_px;
    alone.threads = options.analyze.threads;
    const auto session = inference::open_session(alone);
    fill_inputs(*session);
    const double network_per_s = network_rate(*session, options.network_runs);
    report.best.network_per_s = std::max(report.best.network_per_s, network_per_s);
    report.rounds.push_back({network_per_s, run.frames_per_s()});
    report.network =
        fmt::format("{} at {}x{}, {}", run.summary.model, alone.width_px, alone.height_px, session->description());
  }
  return report;
}

std::string to_text(const RateReport& report) {
  std::string text = fmt::format("{}\n{}\n\n  {:<8} {:>16} {:>16}\n", report.machine, report.network, "round",
                                 "network alone/s", "whole run/s");
  for (std::size_t i = 0; i < report.rounds.size(); ++i) {
    text += fmt::format("  {:<8} {:>16.2f} {:>16.2f}\n", i + 1, report.rounds[i].network_per_s,
                        report.rounds[i].pipeline_per_s);
  }
  text += fmt::format("  {:<8} {:>16.2f} {:>16.2f}   = {:.0f} % of the network's own rate\n", "best",
                      report.best.network_per_s, report.best.pipeline_per_s, 100 * report.ratio());
  append_stages(text, report);
  return text;
}

std::string to_json(const RateReport& report) {
  std::string text = "{\"machine\":";
  records::append_json_string(text, report.machine);
  text += ",\"network\":";
  records::append_json_string(text, report.network);
  text += fmt::format(",\"network_per_s\":{:.3f},\"pipeline_per_s\":{:.3f},\"ratio\":{:.4f},\"stages\":[",
                      report.best.network_per_s, report.best.pipeline_per_s, report.ratio());
  for (std::size_t i = 0; i < report.stages.size(); ++i) {
    const auto& row = report.stages[i];
    text += fmt::format(
        "{}{{\"stage\":\"{}\",\"count\":{},\"p50_ms\":{:.4f},\"p95_ms\":{:.4f},\"p99_ms\":{:.4f},"
        "\"total_s\":{:.4f}}}",
        i == 0 ? "" : ",", row.stage, row.count, row.p50_ms, row.p95_ms, row.p99_ms, row.total_ms / 1e3);
  }
  return text + "]}\n";
}

}  // namespace touchline::bench
