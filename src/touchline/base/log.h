#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace touchline::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// Sets the least level that is printed. Default kWarning: a user sees progress and results, not chatter. Thread-safe.
void set_log_level(LogLevel level);

/// `debug|info|warning|error|off` → level. Throws Error(kInvalidArgument) for anything else.
LogLevel parse_log_level(std::string_view name);

/// Writes one line to standard error. Thread-safe; never throws.
void log_line(LogLevel level, const std::string& line) noexcept;

template <typename... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  log_line(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace touchline::base
