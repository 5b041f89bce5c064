#include "apps/cli/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "apps/cli/verb.h"
#include "touchline/base/log.h"

namespace touchline::cli {

std::optional<int> parse(CLI::App& app, std::span<const std::string> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them from the back
  try {
    app.parse(std::move(reversed));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s; see `%s --help`\n", app.get_name().c_str(), error.what(), app.get_name().c_str());
    return kExitUsage;
  }
}

SettingFlags::SettingFlags(CLI::App& app) {
  for (const pipeline::Setting& setting : pipeline::settings()) add(app, setting);
  app.add_flag_callback(
      "--no-video", [this] { given_["video"] = "no"; }, "Write records only, the same as --video no");
  add_general(app);
}

SettingFlags::SettingFlags(CLI::App& app, std::span<const std::string_view> names) {
  for (const pipeline::Setting& setting : pipeline::settings()) {
    if (std::find(names.begin(), names.end(), setting.name) != names.end()) add(app, setting);
  }
  add_general(app);
}

void SettingFlags::add(CLI::App& app, const pipeline::Setting& setting) {
  std::string help = setting.help;
  if (setting.environment != nullptr) help += fmt::format(" (or {})", setting.environment);
  app.add_option_function<std::string>(
         fmt::format("--{}", setting.name),
         [this, name = std::string(setting.name)](const std::string& text) { given_[name] = text; }, help)
      ->type_name(setting.value);
}

void SettingFlags::add_general(CLI::App& app) {
  app.add_option("--config", configuration_path_, "YAML file of such settings; flags and environment win")
      ->type_name("FILE");
  app.add_option("--log-level", log_level_, "debug, info, warning, error or off [warning]")->type_name("LEVEL");
}

void SettingFlags::apply(pipeline::AnalyzeOptions& options) const {
  base::set_log_level(base::parse_log_level(log_level_));
  const auto configuration =
      configuration_path_.empty() ? pipeline::GivenSettings{} : pipeline::read_configuration(configuration_path_);
  pipeline::apply_settings(options, given_, configuration);
}

}  // namespace touchline::cli
