#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "touchline/pipeline/options.h"

namespace touchline::pipeline {

/// One thing a user can set by flag, environment variable or configuration file, always as text.
struct Setting {
  const char* name;                                         ///< flag --name, key `name` in the configuration file
  const char* environment;                                  ///< variable, or nullptr
  const char* value;                                        ///< what stands for the value in --help, for instance "N"
  const char* help;                                         ///< one sentence with unit and default
  void (*apply)(AnalyzeOptions&, const std::string& text);  ///< throws Error(kInvalidArgument)
};

/// All of them, in the order of --help.
std::span<const Setting> settings();

/// Text of a setting by name; empty = not given.
using GivenSettings = std::map<std::string, std::string>;

/// Reads a YAML file of `name: value` pairs; lists may be written as YAML lists.
/// Throws Error that names the file, the line and the key when it cannot be read or a key is unknown.
GivenSettings read_configuration(const std::string& path);

/// Looks a variable up; the default reads the process's environment.
using Environment = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> process_environment(const char* name);

/// Applies flag over environment over configuration file over default, then checks the whole.
/// Throws Error(kInvalidArgument) that says where the wrong value came from.
void apply_settings(AnalyzeOptions& options, const GivenSettings& flags, const GivenSettings& configuration,
                    const Environment& environment = process_environment);

}  // namespace touchline::pipeline
