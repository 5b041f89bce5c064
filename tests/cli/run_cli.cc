#include "tests/cli/run_cli.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>

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

constexpr auto kPatience = std::chrono::seconds(60);

bool wait_until(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

/// Starts the program with its three streams at the given descriptors.
pid_t start_cli(const std::vector<std::string>& arguments, int in, int out, int err) {
  std::vector<char*> words = {const_cast<char*>(TOUCHLINE_CLI)};
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(words[0], words.data());
  _exit(127);
}

}  // namespace

CliResult interrupt_stalled_analyze(const std::string& bytes, const fs::path& out,
                                    const std::vector<std::string>& flags) {
  const fs::path base = path_of_test();
  const auto create = [](const std::string& path) {
    return open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  };
  const int standard_output = create(base.string() + ".out");
  const int standard_error = create(base.string() + ".err");
  std::array<int, 2> feed{};
  CliResult result;
  if (pipe2(feed.data(), O_CLOEXEC) != 0) return result;
  std::vector<std::string> arguments = {"analyze", "-", "--out", out.string()};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const pid_t child = start_cli(arguments, feed[0], standard_output, standard_error);
  for (const int done : {feed[0], standard_output, standard_error}) close(done);
  std::signal(SIGPIPE, SIG_IGN);  // a child that gave up is seen by its exit status
  for (std::size_t at = 0; at < bytes.size();) {
    const auto written = write(feed[1], bytes.data() + at, bytes.size() - at);
    if (written <= 0) break;
    at += static_cast<std::size_t>(written);
  }
  if (wait_until([&] { return fs::exists(out / "frames.jsonl"); }))
    std::this_thread::sleep_for(std::chrono::seconds(2));
  kill(child, SIGINT);
  int status = 0;
  if (wait_until([&] { return waitpid(child, &status, WNOHANG) == child; })) {
    result.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  } else {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    result.exit_status = 124;
  }
  close(feed[1]);
  result.standard_output = text_of(base.string() + ".out");
  result.standard_error = text_of(base.string() + ".err");
  fs::remove(base.string() + ".out");
  fs::remove(base.string() + ".err");
  return result;
}

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
