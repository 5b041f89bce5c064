#include "apps/cli/stop_signal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "touchline/base/error.h"

namespace touchline::cli {
namespace {

// A handler may only touch the pipe; the listener thread turns its bytes into a stop request.
int g_pipe[2] = {-1, -1};
std::stop_source g_stop;
std::thread g_listener;

extern "C" void on_signal(int number) {
  const char byte = 's';
  [[maybe_unused]] const auto written = write(g_pipe[1], &byte, 1);
  std::signal(number, SIG_DFL);
}

void listen_until_closed() {
  char byte = 0;
  for (;;) {
    const auto got = read(g_pipe[0], &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1 || byte == 'q') return;
    g_stop.request_stop();
  }
}

}  // namespace

StopSignal::StopSignal() {
  if (pipe2(g_pipe, O_CLOEXEC) != 0) {
    base::fail(base::ErrorCode::kInternal, "cannot make a pipe: {}", base::system_error_text(errno));
  }
  g_stop = std::stop_source();
  g_listener = std::thread(listen_until_closed);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  const char byte = 'q';
  [[maybe_unused]] const auto written = write(g_pipe[1], &byte, 1);
  g_listener.join();
  close(g_pipe[0]);
  close(g_pipe[1]);
}

std::stop_token StopSignal::token() const {
  return g_stop.get_token();
}

}  // namespace touchline::cli
