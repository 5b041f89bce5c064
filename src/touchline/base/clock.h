#pragma once

#include <chrono>

namespace touchline::base {

/// Wall time since construction or the last restart, from the steady clock. Not thread-safe.
class Stopwatch {
 public:
  double elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }
  double elapsed_s() const { return elapsed_ms() / 1e3; }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Adds the wall time of its own life to `sum_ms`.
class ScopedTimer {
 public:
  explicit ScopedTimer(double& sum_ms) : sum_ms_(sum_ms) {}
  ~ScopedTimer() { sum_ms_ += watch_.elapsed_ms(); }
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;

 private:
  double& sum_ms_;
  Stopwatch watch_;
};

}  // namespace touchline::base
