#include "touchline/media/timeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "touchline/base/error.h"

namespace touchline::media {
namespace {

TEST(Timeline, KeepsGoodTimes) {
  Timeline timeline(25);
  for (const double t : {1.4, 1.44, 1.5, 9.0, 9.001}) EXPECT_EQ(timeline.next(t), t);
}

TEST(Timeline, MakesUpMissingTimesFromTheFrameRate) {
  Timeline timeline(50);
  EXPECT_EQ(timeline.next(std::nullopt), 0);
  EXPECT_DOUBLE_EQ(timeline.next(std::nullopt), 0.02);
  EXPECT_DOUBLE_EQ(timeline.next(3.0), 3.0);
  EXPECT_DOUBLE_EQ(timeline.next(std::nullopt), 3.02);
}

TEST(Timeline, RepeatedTimesBecomeAHairLaterAndDoNotPushTheRest) {
  Timeline timeline(25);
  EXPECT_EQ(timeline.next(0.04), 0.04);
  EXPECT_DOUBLE_EQ(timeline.next(0.04), 0.041);
  EXPECT_DOUBLE_EQ(timeline.next(0.02), 0.042);
  EXPECT_EQ(timeline.next(0.08), 0.08);
}

TEST(Timeline, HairIsAQuarterFrameAtHighRates) {
  Timeline timeline(1000);
  timeline.next(1.0);
  EXPECT_DOUBLE_EQ(timeline.next(1.0), 1.00025);
}

TEST(Timeline, FollowsOnWhenTheSourceRestartsItsClock) {
  Timeline timeline(25);
  timeline.next(100.0);
  EXPECT_DOUBLE_EQ(timeline.next(0.0), 100.04);
  EXPECT_DOUBLE_EQ(timeline.next(0.04), 100.08);
  EXPECT_DOUBLE_EQ(timeline.next(0.5), 100.54);
  EXPECT_DOUBLE_EQ(timeline.next(0.0), 100.541) << "half a second back is no restart";
}

TEST(Timeline, RefusesImpossibleRates) {
  for (const double rate : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(Timeline{rate}, base::Error);
  }
}

}  // namespace
}  // namespace touchline::media
