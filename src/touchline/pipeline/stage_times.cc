#include "touchline/pipeline/stage_times.h"

#include <algorithm>
#include <cmath>

namespace touchline::pipeline {
namespace {

constexpr double kFirstMs = 1e-3;
constexpr double kStep = 1.05;

}  // namespace

int StageTimes::bucket_of(double ms) {
  if (!(ms > kFirstMs)) return 0;
  return std::min(kBuckets - 1, static_cast<int>(std::log(ms / kFirstMs) / std::log(kStep)));
}

double StageTimes::Histogram::percentile_ms(double share) const {
  const auto wanted = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(count)));
  std::int64_t seen = 0;
  for (int i = 0; i < kBuckets; ++i) {
    seen += buckets[static_cast<std::size_t>(i)];
    if (seen >= wanted) return kFirstMs * std::pow(kStep, i + 0.5);
  }
  return 0;
}

void StageTimes::add(const std::string& stage, double ms) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = histograms_.try_emplace(stage);
  if (is_new) order_.push_back(stage);
  ++entry->second.count;
  entry->second.total_ms += ms;
  ++entry->second.buckets[static_cast<std::size_t>(bucket_of(ms))];
}

std::vector<StageTime> StageTimes::table() const {
  const std::lock_guard lock(mutex_);
  std::vector<StageTime> rows;
  for (const auto& stage : order_) {
    const Histogram& h = histograms_.at(stage);
    rows.push_back({stage, h.count, h.total_ms, h.percentile_ms(0.5), h.percentile_ms(0.95), h.percentile_ms(0.99)});
  }
  return rows;
}

StageTimer::~StageTimer() {
  const double ms = watch_.elapsed_ms();
  times_.add(stage_, ms);
  if (frame_timings_ != nullptr) frame_timings_->emplace_back(stage_, ms);
}

}  // namespace touchline::pipeline
