#include "tests/cli/run_cli.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace touchline::tests {
namespace fs = std::filesystem;

namespace {

/// Of the running test; ctest runs tests side by side, so nothing is shared.
fs::path path_of_test() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  std::string name = "touchline_fixture";
  if (info != nullptr) name = std::string("touchline_") + info->test_suite_name() + "_" + info->name();
  std::replace(name.begin(), name.end(), '/', '_');
  return fs::temp_directory_path() / (name + "_" + std::to_string(getpid()));
}

}  // namespace

CliResult run_cli(const std::string& arguments, int timeout_s, const std::string& before) {
  const fs::path base = path_of_test();
  const std::string out = base.string() + ".out";
  const std::string err = base.string() + ".err";
  const std::string command = before + " timeout -k 5 " + std::to_string(timeout_s) + " " + TOUCHLINE_CLI + " " +
                              arguments + " > '" + out + "' 2> '" + err + "'";
  const int status = std::system(command.c_str());
  CliResult result;
  result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.standard_output = text_of(out);
  result.standard_error = text_of(err);
  fs::remove(out);
  fs::remove(err);
  return result;
}

fs::path fresh_folder() {
  const fs::path folder = path_of_test();
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

int lines_of(const fs::path& file) {
  const std::string text = text_of(file);
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace touchline::tests
