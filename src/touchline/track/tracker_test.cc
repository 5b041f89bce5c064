#include "touchline/track/tracker.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::track {
namespace {

using match::Detection;
using match::PersonClass;

constexpr double kFrame_s = 0.04;

/// A person 80 px tall whose foot is at (x, y).
Detection person(double x, double y, float score = 0.9F, PersonClass role = PersonClass::kPlayer) {
  Detection detection;
  detection.box_px = {static_cast<float>(x - 15), static_cast<float>(y - 80), static_cast<float>(x + 15),
                      static_cast<float>(y)};
  detection.score = score;
  detection.person_class = role;
  return detection;
}

const match::Track* at(const std::vector<match::Track>& tracks, const Detection& detection) {
  for (const auto& track : tracks) {
    if (track.box_px == detection.box_px) return &track;
  }
  return nullptr;
}

std::int64_t id_at(const std::vector<match::Track>& tracks, const Detection& detection) {
  const auto* track = at(tracks, detection);
  return track != nullptr ? track->id : -1;
}

TEST(Tracker, TheDetectionsOwnBoxIsAnswered) {
  Tracker tracker;
  for (int frame = 0; frame < 10; ++frame) {
    auto seen = person(100 + 3.0 * frame, 300 + (frame % 2));
    const auto tracks = tracker.update(std::vector{seen}, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_EQ(tracks[0].box_px, seen.box_px);
    EXPECT_EQ(tracks[0].score, seen.score);
    EXPECT_EQ(tracks[0].state, match::State::kDetected);
    EXPECT_EQ(tracks[0].since_s, 0);
  }
}

TEST(Tracker, CrossingPeopleKeepTheirIds) {
  Tracker tracker;
  std::int64_t left = 0;
  std::int64_t right = 0;
  for (int frame = 0; frame < 100; ++frame) {
    const auto a = person(100 + 4.0 * frame, 300);
    const auto b = person(500 - 4.0 * frame, 306);
    const auto tracks = tracker.update(std::vector{b, a}, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), 2U) << frame;
    if (frame == 0) {
      left = id_at(tracks, a);
      right = id_at(tracks, b);
    }
    EXPECT_EQ(id_at(tracks, a), left) << frame;
    EXPECT_EQ(id_at(tracks, b), right) << frame;
  }
}

TEST(Tracker, NoBoxesGiveNoTracks) {
  Tracker tracker;
  EXPECT_TRUE(tracker.update({}, {}, 0).empty());
  EXPECT_TRUE(tracker.update({}, {}, 1).empty());
}

}  // namespace
}  // namespace touchline::track
