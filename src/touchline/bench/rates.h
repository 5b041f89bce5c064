#pragma once

#include <string>
#include <vector>

#include "touchline/pipeline/options.h"
#include "touchline/pipeline/stage_times.h"

namespace touchline::bench {

/// What measure_rates() does.
struct RateOptions {
  pipeline::AnalyzeOptions analyze;  ///< the run to measure; its folder is written to
  int rounds = 5;                    ///< the network alone and the whole run take turns this often, 1..100
  int network_runs = 60;             ///< inferences of the network alone in a round, 1..100000

  /// Throws Error(kInvalidArgument) when a field is out of range.
  void check() const;
};

/// Frames a second in one round.
struct RateRound {
  double network_per_s = 0;   ///< inference only, inputs prepared before
  double pipeline_per_s = 0;  ///< everything, from the first frame decoded to the last byte written
};

struct RateReport {
  std::string machine;
  std::string network;
  std::vector<RateRound> rounds;
  RateRound best;                           ///< of each column
  std::vector<pipeline::StageTime> stages;  ///< of the fastest whole run

  /// The whole run's rate over the network's own; 1 = everything else is free.
  double ratio() const { return best.network_per_s > 0 ? best.pipeline_per_s / best.network_per_s : 0; }
};

/// Runs the network alone and the whole pipeline in turns, so that a busy machine slows both alike.
/// Throws what pipeline::run() throws.
RateReport measure_rates(const RateOptions& options);

/// A table for people. The JSON form is for bench/records/.
std::string to_text(const RateReport& report);
std::string to_json(const RateReport& report);

}  // namespace touchline::bench
