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

TEST(Tracker, APersonHiddenBehindAnotherComesBackWithTheSameId) {
  Tracker tracker;
  std::int64_t walker = 0;
  for (int frame = 0; frame < 80; ++frame) {
    const auto a = person(100 + 4.0 * frame, 300);
    std::vector seen = {person(260, 300)};
    const bool hidden = frame >= 35 && frame < 47;  // a passes behind the standing one
    if (!hidden) seen.push_back(a);
    const auto tracks = tracker.update(seen, {}, frame * kFrame_s);
    if (frame == 0) walker = id_at(tracks, a);
    ASSERT_EQ(tracks.size(), seen.size()) << frame;
    EXPECT_EQ(id_at(tracks, person(260, 300)), 3 - walker);
    if (!hidden) {
      EXPECT_EQ(id_at(tracks, a), walker) << frame;
    }
  }
}

TEST(Tracker, AFastPanKeepsTheIds) {
  // The camera starts to pan within a frame, 40 px (half a height) a frame, stops and turns back.
  Tracker tracker;
  std::map<int, std::int64_t> ids;
  double pan = 0;
  for (int frame = 0; frame < 90; ++frame) {
    if (frame > 20 && frame <= 45) pan += 40;
    if (frame > 60) pan -= 25;
    std::vector<Detection> seen;
    for (int k = 0; k < 12; ++k)
      seen.push_back(person(60 + 95.0 * k + 0.5 * frame * (k % 3 - 1) + pan, 200 + 31.0 * (k % 7)));
    const auto tracks = tracker.update(seen, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), 12U);
    for (int k = 0; k < 12; ++k) {
      const auto id = id_at(tracks, seen[static_cast<std::size_t>(k)]);
      if (frame == 0) ids[k] = id;
      EXPECT_EQ(id, ids[k]) << "frame " << frame << " person " << k;
    }
  }
}

/// A camera that looks at the pitch straight from above, `left_px` pixels further to the left: 20 px a metre.
match::PitchPose pose_from_above(double left_px) {
  match::PitchPose pose;
  pose.state = match::PoseState::kMeasured;
  pose.camera = geometry::PitchCamera::make({20, 0, 640 + left_px, 0, -20, 360, 0, 0, 1}, 0, 1280, 720);
  return pose;
}

TEST(Tracker, TheCameraHelpsWhereTooFewPeopleTellThePan) {
  // Two people 100 px apart; the picture jumps by 100 px: without cameras the left one is taken for the right one.
  for (const bool with_camera : {false, true}) {
    Tracker tracker;
    std::int64_t first = 0;
    double pan = 0;
    for (int frame = 0; frame < 30; ++frame) {
      if (frame == 20) pan = 100;
      const auto a = person(400 + pan, 300);
      const auto b = person(500 + pan, 300);
      const auto pose = with_camera ? pose_from_above(pan) : match::PitchPose{};
      const auto tracks = tracker.update(std::vector{a, b}, pose, frame * kFrame_s);
      if (frame == 0) first = id_at(tracks, a);
      if (frame == 20) {
        EXPECT_EQ(id_at(tracks, a) == first, with_camera);
      }
    }
  }
}

TEST(Tracker, AWeakDetectionContinuesATrackAndStartsNone) {
  Tracker tracker;
  for (int frame = 0; frame < 30; ++frame) {
    const bool weak = frame >= 10 && frame < 15;
    const auto a = person(100 + 2.0 * frame, 300, weak ? 0.15F : 0.9F);
    const auto stray = person(700, 300, 0.2F);
    const auto tracks = tracker.update(std::vector{a, stray}, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), 1U) << frame;
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_EQ(tracks[0].box_px, a.box_px);
  }
}

TEST(Tracker, ADoubtfulDetectionMustBeSeenThreeTimes) {
  Tracker tracker;
  for (int frame = 0; frame < 5; ++frame) {
    const auto tracks = tracker.update(std::vector{person(100, 300, 0.5F)}, {}, frame * kFrame_s);
    EXPECT_EQ(tracks.size(), frame < 2 ? 0U : 1U) << frame;
  }
}

TEST(Tracker, TheKitDecidesWhereTheBoxesCannot) {
  // Both stand on one spot when they are lost, one comes back on either side at the same distance.
  const match::KitFeature red = {.lab = {50, 60, 40}, .weight = 1};
  const match::KitFeature blue = {.lab = {30, 20, -50}, .weight = 1};
  Tracker tracker;
  std::int64_t red_id = 0;
  for (int frame = 0; frame < 40; ++frame) {
    auto a = person(300 + 1.5 * std::max(0, 20 - frame) + 1.5 * std::max(0, frame - 24), 300);
    auto b = person(300 - 1.5 * std::max(0, 20 - frame) - 1.5 * std::max(0, frame - 24), 300);
    a.kit = frame > 22 ? blue : red;  // they exchange sides
    b.kit = frame > 22 ? red : blue;
    const bool hidden = frame >= 18 && frame <= 26;
    const auto tracks = tracker.update(hidden ? std::vector<Detection>{} : std::vector{a, b}, {}, frame * kFrame_s);
    if (frame == 0) red_id = id_at(tracks, a);
    if (frame > 26) {
      EXPECT_EQ(id_at(tracks, b), red_id) << frame;
    }
  }
}

TEST(Tracker, EveryClassThatTheNetworkScoresHasItsVote) {
  Tracker tracker;
  for (int frame = 0; frame < 3; ++frame) {
    auto detection = person(100, 300, 0.5F, PersonClass::kPlayer);
    detection.class_scores = frame == 2 ? match::ClassScores{0.1F, 0.2F, 0.9F} : match::ClassScores{0, 0.5F, 0.4F};
    const auto tracks = tracker.update(std::vector{detection}, {}, frame * kFrame_s);
    if (frame < 2) continue;
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].person_class, PersonClass::kReferee);  // 1.7 of 3.0, though twice a player
    EXPECT_FLOAT_EQ(tracks[0].class_share[0], 0.1F / 3.0F);
    EXPECT_FLOAT_EQ(tracks[0].class_share[1], 1.2F / 3.0F);
    EXPECT_FLOAT_EQ(tracks[0].class_share[2], 1.7F / 3.0F);
  }
}

TEST(Tracker, TheClassIsTheVoteOfTheTrack) {
  Tracker tracker;
  for (int frame = 0; frame < 20; ++frame) {
    const bool slip = frame % 5 == 3;
    const auto role = slip ? PersonClass::kPlayer : PersonClass::kReferee;
    const auto tracks = tracker.update(std::vector{person(100, 300, slip ? 0.95F : 0.8F, role)}, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].person_class, PersonClass::kReferee) << frame;
    if (frame == 4) {  // four votes of 0.8 and one of 0.95
      EXPECT_FLOAT_EQ(tracks[0].class_share[1], 0.95F / 4.15F);
      EXPECT_FLOAT_EQ(tracks[0].class_share[2], 3.2F / 4.15F);
    }
  }
}

TEST(Tracker, ACutEndsAllTracksAndIdsGoOn) {
  Tracker tracker;
  const std::vector seen = {person(100, 300), person(300, 300)};
  for (int frame = 0; frame < 5; ++frame) tracker.update(seen, {}, frame * kFrame_s);
  tracker.cut();
  EXPECT_EQ(tracker.remembered(), 0U);
  const auto tracks = tracker.update(seen, {}, 5 * kFrame_s);
  ASSERT_EQ(tracks.size(), 2U);
  EXPECT_EQ(tracks[0].id, 3);
  EXPECT_EQ(tracks[1].id, 4);
  EXPECT_DOUBLE_EQ(tracks[0].since_s, 5 * kFrame_s);
}

TEST(Tracker, AHeldBoxGoesOnAsExpected) {
  Tracker tracker(TrackerOptions{.hold_s = 0.2});
  for (int frame = 0; frame < 40; ++frame) {
    const auto a = person(100 + 3.0 * frame, 300);
    const auto tracks = tracker.update(frame < 30 ? std::vector{a} : std::vector<Detection>{}, {}, frame * kFrame_s);
    ASSERT_EQ(tracks.size(), frame < 35 ? 1U : 0U) << frame;
    if (frame < 30 || tracks.empty()) continue;
    EXPECT_EQ(tracks[0].state, match::State::kHeld);
    EXPECT_EQ(tracks[0].score, 0);
    EXPECT_NEAR(tracks[0].box_px.x0, a.box_px.x0, 5);
  }
}

TEST(Tracker, SixtyFourPeopleAndMoreKeepTheirIds) {
  for (const int count : {1, 64, 200}) {
    Tracker tracker;
    std::set<std::int64_t> ids;
    for (int frame = 0; frame < 10; ++frame) {
      std::vector<Detection> seen;
      for (int k = 0; k < count; ++k)
        seen.push_back(
            person(50 + 60.0 * (k % 20) + frame, 90 + 90.0 * (k / 20)));  // NOLINT(bugprone-integer-division)
      const auto tracks = tracker.update(seen, {}, frame * kFrame_s);
      EXPECT_EQ(tracks.size(), static_cast<std::size_t>(count));
      for (const auto& track : tracks) ids.insert(track.id);
    }
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(count));
  }
}

TEST(Tracker, BrokenBoxesAreIgnored) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<Detection> broken;
  for (const auto& box : std::vector<geometry::BoxPx>{{nan, 0, 10, 20},
                                                      {0, 0, infinity, 20},
                                                      {10, 0, 10, 20},
                                                      {0, 20, 10, 0},
                                                      {-infinity, -infinity, infinity, infinity},
                                                      {-3e38F, 0, 3e38F, 1}}) {
    broken.push_back({.box_px = box, .person_class = PersonClass::kPlayer, .score = 0.9F, .kit = {}});
  }
  broken.push_back(person(100, 300, nan));
  Tracker tracker;
  for (int frame = 0; frame < 5; ++frame) {
    auto seen = broken;
    seen.push_back(person(400, 300));
    EXPECT_EQ(tracker.update(seen, {}, frame * kFrame_s).size(), 1U);
  }
  EXPECT_EQ(tracker.remembered(), 1U);
}

TEST(Tracker, TimeThatStandsStillOrRunsBackIsSurvivedAndABrokenOneRefused) {
  Tracker tracker;
  for (const double pts_s : {5.0, 5.0, 4.0, 4.04, 4.08}) {
    const auto tracks = tracker.update(std::vector{person(100, 300)}, {}, pts_s);
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
  }
  EXPECT_THROW(tracker.update({}, {}, std::nan("")), base::Error);
}

TEST(Tracker, NinetyMinutesOfChurnHoldTheMemoryAndNeverReuseAnId) {
  Tracker tracker(TrackerOptions{.max_tracks = 64});
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same on every run
  std::uniform_real_distribution<double> anywhere(0, 1000);
  std::int64_t newest = 0;
  std::size_t most = 0;
  std::vector<Detection> seen(2);
  for (int frame = 0; frame < 135000; ++frame) {
    for (auto& detection : seen) detection = person(anywhere(random), anywhere(random));
    std::int64_t newest_before = newest;
    for (const auto& track : tracker.update(seen, {}, frame * kFrame_s)) {
      if (track.since_s == frame * kFrame_s) {
        EXPECT_GT(track.id, newest_before);
        newest = std::max(newest, track.id);
      }
    }
    most = std::max(most, tracker.remembered());
  }
  EXPECT_GT(newest, 5000);
  EXPECT_LE(most, 64U);
}

TEST(Tracker, OptionsOutOfRangeAreRefused) {
  EXPECT_THROW(Tracker(TrackerOptions{.memory_s = -1}), base::Error);
  EXPECT_THROW(Tracker(TrackerOptions{.max_tracks = 3}), base::Error);
  EXPECT_THROW(Tracker(TrackerOptions{.motion = {.noise_x = 0}}), base::Error);
  EXPECT_THROW(Tracker(TrackerOptions{.camera = {.cell = 0}}), base::Error);
}

TEST(Tracker, NoBoxesGiveNoTracks) {
  Tracker tracker;
  EXPECT_TRUE(tracker.update({}, {}, 0).empty());
  EXPECT_TRUE(tracker.update({}, {}, 1).empty());
}

}  // namespace
}  // namespace touchline::track
