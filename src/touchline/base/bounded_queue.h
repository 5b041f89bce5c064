#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::base {

/// A first-in first-out queue between threads that holds at most `capacity` items: a full queue slows its producer.
/// Thread-safe for any number of producers and consumers.
template <typename T>
class BoundedQueue {
 public:
  /// capacity ≥ 1. Throws Error(kInvalidArgument) otherwise.
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {
    TOUCHLINE_REQUIRE(capacity >= 1, "a queue of capacity 0 can never pass an item");
  }

  /// Waits for room. False when the queue was closed; the item is dropped then.
  bool wait_push(T item) {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    has_item_.notify_one();
    return true;
  }

  /// Waits for an item. Empty when the queue is closed and drained.
  std::optional<T> wait_pop() {
    std::unique_lock lock(mutex_);
    has_item_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    has_room_.notify_one();
    return item;
  }

  /// No further item enters; those inside can still be taken. Idempotent.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    has_room_.notify_all();
    has_item_.notify_all();
  }

  /// Closes and drops what is inside, for a run that ends early.
  void cancel() {
    std::deque<T> dropped;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(items_);
    has_room_.notify_all();
    has_item_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable has_room_;
  std::condition_variable has_item_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace touchline::base
