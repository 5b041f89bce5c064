#include "touchline/pipeline/stage_times.h"

#include <gtest/gtest.h>

#include <thread>

namespace touchline::pipeline {
namespace {

TEST(StageTimes, PercentilesWithinOneStep) {
  StageTimes times;
  for (int i = 1; i <= 1000; ++i) times.add("decode", i);  // 1 ms .. 1000 ms
  times.add("encode", 2);
  const auto table = times.table();
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].stage, "decode");
  EXPECT_EQ(table[0].count, 1000);
  EXPECT_DOUBLE_EQ(table[0].total_ms, 500500);
  EXPECT_NEAR(table[0].p50_ms, 500, 25);
  EXPECT_NEAR(table[0].p95_ms, 950, 48);
  EXPECT_NEAR(table[0].p99_ms, 990, 50);
  EXPECT_EQ(table[1].count, 1);
}

TEST(StageTimes, ExtremesStayInRange) {
  StageTimes times;
  times.add("x", 0);
  times.add("x", 1e12);
  EXPECT_EQ(times.table()[0].count, 2);
  EXPECT_GT(times.table()[0].p99_ms, 1e4);
}

TEST(StageTimes, ManyThreads) {
  StageTimes times;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&times] {
      for (int i = 0; i < 1000; ++i) times.add("x", 1);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(times.table()[0].count, 4000);
}

TEST(StageTimer, ReportsToTableAndFrame) {
  StageTimes times;
  std::vector<std::pair<std::string, double>> frame;
  { const StageTimer timer(times, "track", &frame); }
  ASSERT_EQ(frame.size(), 1U);
  EXPECT_EQ(frame[0].first, "track");
  EXPECT_EQ(times.table()[0].count, 1);
}

}  // namespace
}  // namespace touchline::pipeline
