#include "touchline/media/ffmpeg/watchdog.h"

#include <utility>

namespace touchline::media {

Watchdog::Watchdog(std::stop_token stop, std::optional<double> timeout_s)
    : stop_(std::move(stop)), timeout_s_(timeout_s) {
  restart();
}

void Watchdog::restart() {
  using std::chrono::steady_clock;
  if (!timeout_s_) return;
  deadline_ = steady_clock::now() +
              std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(*timeout_s_));
}

int Watchdog::interrupt(void* self) {
  const auto* watchdog = static_cast<const Watchdog*>(self);
  return watchdog->stopped() || watchdog->timed_out() ? 1 : 0;
}

}  // namespace touchline::media
