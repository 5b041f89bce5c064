#include "touchline/track/fill.h"

#include <gtest/gtest.h>

#include <vector>

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

}  // namespace
}  // namespace touchline::track
