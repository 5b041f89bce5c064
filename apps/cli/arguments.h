#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "touchline/pipeline/settings.h"

namespace touchline::cli {

/// Parses the arguments of one verb. Empty when they are fine; else the exit status, after --help or one sentence of
/// error has been printed.
std::optional<int> parse(CLI::App& app, std::span<const std::string> arguments);

/// The settings that the verbs of the pipeline share, as flags: --size, --stride, ..., --config, --log-level.
class SettingFlags {
 public:
  /// All settings.
  explicit SettingFlags(CLI::App& app);

  /// Those that mean something to this verb; a configuration file may hold the others, too.
  SettingFlags(CLI::App& app, std::span<const std::string_view> names);

  /// Flags over environment over configuration file over default. Also sets the log level.
  void apply(pipeline::AnalyzeOptions& options) const;

 private:
  void add(CLI::App& app, const pipeline::Setting& setting);
  void add_general(CLI::App& app);

  pipeline::GivenSettings given_;
  std::string configuration_path_;
  std::string log_level_ = "warning";
};

}  // namespace touchline::cli
