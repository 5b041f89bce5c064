#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

namespace touchline::media {

/// Ends blocking libav* calls when stop is requested or when the time allowed is over. The owner restarts it before
/// each call. libav* keeps its address: do not move it while a context uses it. Not thread-safe, but for the stop
/// token.
class Watchdog {
 public:
  /// timeout_s: time allowed for one call; none for sources that may take as long as they like.
  Watchdog(std::stop_token stop, std::optional<double> timeout_s);

  void restart();
  bool stopped() const { return stop_.stop_requested(); }
  bool timed_out() const { return deadline_ && std::chrono::steady_clock::now() >= *deadline_; }

  /// AVIOInterruptCB's function; `self` is a Watchdog. 1 ends the call.
  static int interrupt(void* self);

 private:
  std::stop_token stop_;
  std::optional<double> timeout_s_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace touchline::media
