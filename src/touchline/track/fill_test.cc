#include "touchline/track/fill.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/track/tracker.h"

namespace touchline::track {
namespace {

using match::MatchFrame;
using match::State;

match::Track track(std::int64_t id, double x, double y) {
  match::Track made;
  made.id = id;
  made.box_px = {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + 30), static_cast<float>(y + 80)};
  return made;
}

MatchFrame frame(int index, std::vector<match::Track> tracks, int shot = 0) {
  MatchFrame made;
  made.index = index;
  made.pts_s = index * 0.04;
  made.shot = shot;
  made.tracks = std::move(tracks);
  return made;
}

std::vector<MatchFrame> drain(GapFiller& filler) {
  std::vector<MatchFrame> frames;
  while (auto ready = filler.pop_ready()) frames.push_back(std::move(*ready));
  return frames;
}

TEST(GapFiller, SkippedFramesAreFilledStraight) {
  GapFiller filler;
  filler.push(frame(0, {track(7, 100, 200)}));
  filler.push(frame(1, {}));
  filler.push(frame(2, {}));
  filler.push(frame(3, {track(7, 130, 209)}));
  EXPECT_TRUE(drain(filler).empty());
  filler.finish();
  const auto frames = drain(filler);
  ASSERT_EQ(frames.size(), 4U);
  for (int i = 1; i <= 2; ++i) {
    const auto& tracks = frames[static_cast<std::size_t>(i)].tracks;
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 7);
    EXPECT_EQ(tracks[0].state, State::kInterpolated);
    EXPECT_EQ(tracks[0].score, 0);
    EXPECT_FLOAT_EQ(tracks[0].box_px.x0, static_cast<float>(100 + 10 * i));
    EXPECT_FLOAT_EQ(tracks[0].box_px.y1, static_cast<float>(280 + 3 * i));
  }
}

TEST(GapFiller, APanThatIsNotEvenBendsTheLine) {
  // The camera stands until frame 4, then pans 20 px a frame; person 9 is unseen in frames 1 to 7, three others are
  // seen all the time.
  GapFiller filler;
  const auto pan = [](int i) { return 20.0 * std::max(0, i - 4); };
  for (int i = 0; i <= 8; ++i) {
    std::vector<match::Track> seen;
    for (int k = 1; k <= 3; ++k) seen.push_back(track(k, 300 * k + pan(i), 200));
    if (i == 0 || i == 8) seen.push_back(track(9, 100 + pan(i), 250));
    filler.push(frame(i, seen));
  }
  filler.finish();
  const auto frames = drain(filler);
  for (int i = 1; i < 8; ++i) {
    const auto& tracks = frames[static_cast<std::size_t>(i)].tracks;
    ASSERT_EQ(tracks.size(), 4U);
    EXPECT_EQ(tracks[3].id, 9);
    EXPECT_NEAR(tracks[3].box_px.x0, 100 + pan(i), 1e-3) << i;
  }
}

TEST(GapFiller, AFrameComesOutWhenItsFutureIsKnown) {
  GapFiller filler(FillOptions{.lookahead_s = 0.2});
  for (int i = 0; i < 5; ++i) {
    filler.push(frame(i, {}));
    EXPECT_FALSE(filler.pop_ready()) << i;
  }
  for (int i = 5; i < 50; ++i) {
    filler.push(frame(i, {}));
    const auto ready = filler.pop_ready();
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->index, i - 5);
    EXPECT_FALSE(filler.pop_ready());
    EXPECT_LE(filler.frames().size(), 5U);
  }
}

TEST(GapFiller, FramesBehindACutLeaveOneByOneToo) {
  GapFiller filler(FillOptions{.lookahead_s = 0.2});
  for (int i = 0; i < 5; ++i) filler.push(frame(i, {}));
  for (int i = 5; i < 12; ++i) {
    filler.push(frame(i, {}, 1));
    EXPECT_EQ(drain(filler).size(), 1U) << i;
  }
}

TEST(GapFiller, WithoutLookAheadFramesPassThrough) {
  GapFiller filler(FillOptions{.lookahead_s = 0});
  for (int i = 0; i < 5; ++i) {
    filler.push(frame(i, {track(1, 10, 10)}));
    const auto ready = filler.pop_ready();
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->index, i);
  }
}

TEST(GapFiller, LongGapsAndCutsStayGaps) {
  GapFiller filler(FillOptions{.lookahead_s = 0.2, .hold_s = 0});
  std::vector<MatchFrame> frames;
  for (int i = 0; i < 40; ++i) {
    const bool seen = i == 0 || i == 6 || i == 20 || i == 22;  // 6 frames are 0.24 s; a cut before 21
    filler.push(frame(i, seen ? std::vector{track(1, 100, 100)} : std::vector<match::Track>{}, i >= 21 ? 1 : 0));
    for (auto& ready : drain(filler)) frames.push_back(std::move(ready));
  }
  filler.finish();
  for (auto& ready : drain(filler)) frames.push_back(std::move(ready));
  ASSERT_EQ(frames.size(), 40U);
  for (int i = 0; i < 40; ++i) {
    const bool seen = i == 0 || i == 6 || i == 20 || i == 22;
    EXPECT_EQ(frames[static_cast<std::size_t>(i)].tracks.size(), seen ? 1U : 0U) << i;
  }
}

/// How many of the frames between two sightings of id 1, `frames` and `apart_px` apart, get a box of his.
int filled(int frames, double apart_px, bool watched, bool with_places) {
  GapFiller filler;
  for (int i = 0; i <= frames; ++i) {
    std::vector<match::Track> tracks;
    if (i == 0 || i == frames) tracks.push_back(track(1, i == 0 ? 0 : apart_px, 100));
    if (with_places && !tracks.empty()) tracks[0].position_m = geometry::PitchPoint{1, 2};
    if (watched || !tracks.empty()) tracks.push_back(track(2, 900, 100));
    filler.push(frame(i, std::move(tracks)));
  }
  filler.finish();
  int count = 0;
  for (const auto& ready : drain(filler)) {
    count += static_cast<int>(std::ranges::count_if(
        ready.tracks, [](const match::Track& t) { return t.id == 1 && t.state == State::kInterpolated; }));
  }
  return count;
}

TEST(GapFiller, InCloseUpsLongAndWideGapsStayGaps) {
  // Boxes are 80 px high; 12 frames are 0.48 s.
  EXPECT_EQ(filled(12, 79, true, false), 11);
  EXPECT_EQ(filled(13, 79, true, false), 0);
  EXPECT_EQ(filled(12, 81, true, false), 0);
  EXPECT_EQ(filled(13, 81, true, true), 12) << "whoever has a place is no close-up's";
  EXPECT_EQ(filled(13, 81, false, false), 12) << "nothing shows that he was missed in frames that were skipped";
}

TEST(GapFiller, RefusesBrokenOptions) {
  for (const FillOptions& broken :
       {FillOptions{.lookahead_s = -1}, FillOptions{.hold_s = 2}, FillOptions{.least_witnesses = 0},
        FillOptions{.close_up_s = 11}, FillOptions{.close_up_heights = -1}}) {
    EXPECT_THROW(GapFiller{broken}, base::Error);
  }
}

TEST(GapFiller, AHeldBoxIsReplacedAndPlacesAreFilled) {
  GapFiller filler;
  auto first = track(5, 100, 100);
  first.position_m = geometry::PitchPoint{0, 10};
  auto held = track(5, 500, 500);
  held.state = State::kHeld;
  auto last = track(5, 120, 100);
  last.position_m = geometry::PitchPoint{1, 8};
  last.team = {match::Team::kB, 0.9F};
  last.person_class = match::PersonClass::kGoalkeeper;
  filler.push(frame(0, {first}));
  filler.push(frame(1, {held}));
  filler.push(frame(2, {last}));
  filler.finish();
  const auto frames = drain(filler);
  ASSERT_EQ(frames[1].tracks.size(), 1U);
  const auto& filled = frames[1].tracks[0];
  EXPECT_EQ(filled.state, State::kInterpolated);
  EXPECT_FLOAT_EQ(filled.box_px.x0, 110);
  ASSERT_TRUE(filled.position_m);
  EXPECT_NEAR(filled.position_m->x, 0.5, 1e-9);
  EXPECT_NEAR(filled.position_m->y, 9, 1e-9);
  EXPECT_EQ(filled.team.team, match::Team::kB);
  EXPECT_EQ(filled.person_class, match::PersonClass::kGoalkeeper);
  EXPECT_EQ(frames[0].tracks[0].state, State::kDetected);
}

TEST(DropHidden, WhoeverIsNotSeenOnTheBodyOfSomebodySeen) {
  // Boxes of 30 × 80 beside each other by d pixels share (30 − d) / (30 + d): 5 px .714, 6 px .667.
  const auto unseen = [](std::int64_t id, double x, State state) {
    auto made = track(id, x, 100);
    made.state = state;
    return made;
  };
  std::vector tracks{unseen(1, 105, State::kInterpolated), track(2, 100, 100),
                     unseen(3, 94, State::kInterpolated),  track(4, 102, 100),
                     unseen(5, 300, State::kInterpolated), unseen(6, 301, State::kHeld),
                     unseen(7, 97, State::kHeld)};
  drop_hidden(tracks);
  std::vector<std::int64_t> ids;
  for (const auto& left : tracks) ids.push_back(left.id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{2, 3, 4, 5, 6}));
  drop_hidden(tracks);
  EXPECT_EQ(tracks.size(), 5U);
}

/// Runs tracker and filler over people who run and turn while the camera pans; every stride-th frame is seen.
std::vector<MatchFrame> run(int stride) {
  Tracker tracker;
  GapFiller filler;
  std::vector<MatchFrame> frames;
  for (int i = 0; i < 201; ++i) {
    std::vector<match::Detection> seen;
    const double pan = 150 * std::sin(i * 0.02);
    for (int k = 0; k < 14; ++k) {
      const double x = 80 + 85 * k + 40 * std::sin(i * 0.03 + k) + pan;
      const double y = 150 + 30 * (k % 6) + 15 * std::cos(i * 0.04 + k);
      match::Detection person;
      person.box_px = {static_cast<float>(x), static_cast<float>(y), static_cast<float>(x + 30),
                       static_cast<float>(y + 80)};
      person.score = 0.9F;
      seen.push_back(person);
    }
    std::vector<match::Track> tracks;
    if (i % stride == 0) tracks = tracker.update(seen, {}, i * 0.04);
    filler.push(frame(i, std::move(tracks)));
    for (auto& ready : drain(filler)) frames.push_back(std::move(ready));
  }
  filler.finish();
  for (auto& ready : drain(filler)) frames.push_back(std::move(ready));
  return frames;
}

TEST(GapFiller, EveryThirdFrameGivesNearlyThePlacesOfEveryFrame) {
  const auto all = run(1);
  const auto thin = run(3);
  ASSERT_EQ(all.size(), thin.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].tracks.size(), 14U);
    ASSERT_EQ(thin[i].tracks.size(), 14U) << i;
    if (i > 198) {  // nothing was seen later
      EXPECT_EQ(thin[i].tracks[0].state, State::kHeld);
      continue;
    }
    for (std::size_t k = 0; k < 14; ++k) {
      EXPECT_EQ(all[i].tracks[k].id, thin[i].tracks[k].id);
      EXPECT_NEAR(all[i].tracks[k].box_px.x0, thin[i].tracks[k].box_px.x0, 0.5);
      EXPECT_NEAR(all[i].tracks[k].box_px.y1, thin[i].tracks[k].box_px.y1, 0.5);
    }
  }
}

}  // namespace
}  // namespace touchline::track
