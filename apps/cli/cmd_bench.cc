#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "apps/cli/arguments.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/bench/rates.h"

namespace touchline::cli {

int run_bench(std::span<const std::string> arguments) {
  CLI::App app("What this machine can do: the network alone and the whole run in turns, and the stage table.",
               "touchline bench");
  bench::RateOptions options;
  std::string json;
  options.analyze.out_dir = "bench-out";
  app.add_option("INPUT", options.analyze.input, "Clip to measure with")->required();
  app.add_option("--out", options.analyze.out_dir, "Folder for what the runs write [bench-out]")->type_name("DIR");
  app.add_option("--rounds", options.rounds, "Turns of network and whole run, 1..100 [5]")->type_name("N");
  app.add_option("--network-runs", options.network_runs, "Inferences of the network alone in a round [60]")
      ->type_name("N");
  app.add_option("--json", json, "Also write the figures here")->type_name("FILE");
  const SettingFlags flags(app);
  if (const auto status = parse(app, arguments)) return *status;
  flags.apply(options.analyze);

  const bench::RateReport report = bench::measure_rates(options);
  fmt::print("{}", bench::to_text(report));
  if (json.empty()) return kExitOk;
  std::ofstream file(json);
  file << bench::to_json(report);
  file.close();
  if (!file) base::fail(base::ErrorCode::kIo, "cannot write {}", json);
  return kExitOk;
}

}  // namespace touchline::cli
