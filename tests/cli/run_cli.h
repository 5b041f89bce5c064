#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace touchline::tests {

/// What one call of the program gave.
struct CliResult {
  int exit_status = -1;  ///< 124: it did not end in time
  std::string standard_output;
  std::string standard_error;
};

/// Runs `touchline ARGUMENTS` through the shell, at most timeout_s seconds. `before` is put in front, for instance
/// "cat clip.mp4 |".
CliResult run_cli(const std::string& arguments, int timeout_s = 240, const std::string& before = "");

/// Runs `touchline analyze - --out OUT FLAGS` on an input that stalls after these bytes, and ends it with SIGINT two
/// seconds after its records were opened. The run cannot end by itself, however fast or busy the machine is.
CliResult interrupt_stalled_analyze(const std::string& bytes, const std::filesystem::path& out,
                                    const std::vector<std::string>& flags);

/// An empty folder of the running test, removed and made anew.
std::filesystem::path fresh_folder();

/// The whole of a file; empty when it cannot be read.
std::string text_of(const std::filesystem::path& file);

/// Number of lines of a file.
int lines_of(const std::filesystem::path& file);

}  // namespace touchline::tests
