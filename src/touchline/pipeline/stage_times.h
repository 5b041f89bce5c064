#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "touchline/base/clock.h"

namespace touchline::pipeline {

/// One line of the stage table: wall times of one stage over all its frames, milliseconds.
struct StageTime {
  std::string stage;
  std::int64_t count = 0;
  double total_ms = 0;
  double p50_ms = 0;
  double p95_ms = 0;
  double p99_ms = 0;
};

/// Collects wall times per stage in fixed memory: a histogram of 5 % steps from 1 µs to 100 s. Thread-safe.
class StageTimes {
 public:
  void add(const std::string& stage, double ms);

  /// Stages in the order they were first seen.
  std::vector<StageTime> table() const;

 private:
  static constexpr int kBuckets = 378;  // log(1e8) / log(1.05) steps
  struct Histogram {
    std::int64_t count = 0;
    double total_ms = 0;
    std::array<std::int64_t, kBuckets> buckets{};
    double percentile_ms(double share) const;
  };
  static int bucket_of(double ms);

  mutable std::mutex mutex_;
  std::vector<std::string> order_;
  std::map<std::string, Histogram> histograms_;
};

/// Adds its own life to a stage, and to a frame's own list of timings.
class StageTimer {
 public:
  StageTimer(StageTimes& times, const char* stage, std::vector<std::pair<std::string, double>>* frame_timings = nullptr)
      : times_(times), stage_(stage), frame_timings_(frame_timings) {}
  ~StageTimer();
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  StageTimes& times_;
  const char* stage_;
  std::vector<std::pair<std::string, double>>* frame_timings_;
  base::Stopwatch watch_;
};

}  // namespace touchline::pipeline
