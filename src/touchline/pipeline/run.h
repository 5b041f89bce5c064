#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "touchline/pipeline/network.h"
#include "touchline/pipeline/options.h"
#include "touchline/pipeline/stage_times.h"
#include "touchline/records/run_statistics.h"
#include "touchline/records/summary.h"

namespace touchline::pipeline {

/// Where a run stands; total 0 = unknown.
struct Progress {
  std::int64_t frames_done = 0;
  std::int64_t frames_total = 0;
};

/// What a caller may put into a run.
struct RunHooks {
  std::function<void(const Progress&)> progress;  ///< called from a thread of the run, in order
  std::stop_token stop;                           ///< an orderly early end
  std::function<std::unique_ptr<Network>(int width, int height)> network;  ///< instead of options.model, for tests
};

/// A run's outcome.
struct RunReport {
  records::Summary summary;
  records::RunStatistics statistics;
  std::vector<StageTime> stages;
  std::vector<std::string> files;  ///< written below options.out_dir, in the order of importance
  bool stopped = false;            ///< ended early by RunHooks::stop

  /// From the first frame decoded to the last byte written, without opening the network.
  double frames_per_s() const {
    return summary.wall_s > 0 ? static_cast<double>(statistics.frames()) / summary.wall_s : 0;
  }
};

/// A clip in; records and annotated video out.
///
/// Throws Error with one sentence when the input, the network or an output cannot be used. What was finished before an
/// error or a stop is on disk, closed and readable. Blocks; several runs may go on at once in different folders.
RunReport run(const AnalyzeOptions& options, const RunHooks& hooks);

}  // namespace touchline::pipeline
