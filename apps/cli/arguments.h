#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <span>
#include <string>

#include "touchline/pipeline/settings.h"

namespace touchline::cli {

/// Parses the arguments of one verb. Empty when they are fine; else the exit status, after --help or one sentence of
/// error has been printed.
std::optional<int> parse(CLI::App& app, std::span<const std::string> arguments);

/// The settings that every verb of the pipeline shares, as flags: --size, --stride, ..., --config, --log-level.
class SettingFlags {
 public:
  explicit SettingFlags(CLI::App& app);

  /// Flags over environment over configuration file over default. Also sets the log level.
  void apply(pipeline::AnalyzeOptions& options) const;

 private:
  pipeline::GivenSettings given_;
  std::string configuration_path_;
  std::string log_level_ = "warning";
};

}  // namespace touchline::cli
