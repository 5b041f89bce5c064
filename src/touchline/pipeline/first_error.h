#pragma once

#include <exception>
#include <mutex>

namespace touchline::pipeline {

/// Keeps the first exception of several threads. Thread-safe.
class FirstError {
 public:
  /// To be called inside a catch block.
  void capture() {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::current_exception();
  }

  bool any() const {
    const std::lock_guard lock(mutex_);
    return static_cast<bool>(error_);
  }

  void rethrow_if_any() const {
    const std::lock_guard lock(mutex_);
    if (error_) std::rethrow_exception(error_);
  }

 private:
  mutable std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace touchline::pipeline
