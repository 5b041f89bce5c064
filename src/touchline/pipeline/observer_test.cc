#include "touchline/pipeline/observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "touchline/image/frame_pool.h"
#include "touchline/pipeline/scripted_network.h"

namespace touchline::pipeline {
namespace {

using testing::ElementsAre;

/// A picture with a pattern, so that cut detection has something to compare; `scene` chooses the pattern.
image::Frame picture(std::int64_t index, int scene) {
  static image::FramePool pool;
  auto frame = pool.take(320, 180, {});
  for (int y = 0; y < 180; ++y) {
    for (int x = 0; x < 320; ++x) {
      const int value = scene == 0 ? (x / 40 * 30) % 200 + 20 : 235 - (y / 20 * 45) % 200;
      frame.view().y.at(x, y) = static_cast<std::uint8_t>(value);
    }
  }
  for (const auto& plane : {frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) {
      std::fill_n(plane.row(y), plane.width, static_cast<std::uint8_t>(scene == 0 ? 110 : 150));
    }
  }
  return std::move(frame).finish(static_cast<double>(index) / 25, index);
}

struct Observed {
  std::vector<std::int64_t> order;
  std::vector<std::int64_t> sampled;
  std::vector<std::int64_t> cuts;
};

Observed observe(ScriptedNetwork& network, int stride, const std::vector<int>& scenes) {
  AnalyzeOptions options;
  options.stride = stride;
  StageTimes times;
  Observed result;
  Observer observer(network, options, times, [&](Observation&& seen) {
    result.order.push_back(seen.frame.index);
    if (seen.sampled) result.sampled.push_back(seen.frame.index);
    if (seen.starts_shot) result.cuts.push_back(seen.frame.index);
    EXPECT_EQ(seen.sampled, !seen.detections.people.empty());
  });
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    observer.push(picture(static_cast<std::int64_t>(i), scenes[i]));
  }
  observer.finish();
  EXPECT_EQ(network.under_way(), 0U);
  return result;
}

match::FrameDetections one_person(std::int64_t index) {
  match::FrameDetections detections;
  detections.people.resize(1);
  detections.people[0].box_px = {float(index), 20, float(index) + 20, 70};
  detections.people[0].score = 0.9F;
  return detections;
}

TEST(Observer, StrideOneSeesEveryFrameInOrder) {
  for (const int slots : {1, 2, 5}) {
    ScriptedNetwork network(one_person, slots);
    const auto result = observe(network, 1, std::vector<int>(6, 0));
    EXPECT_THAT(result.order, ElementsAre(0, 1, 2, 3, 4, 5)) << slots;
    EXPECT_THAT(result.sampled, ElementsAre(0, 1, 2, 3, 4, 5)) << slots;
    EXPECT_TRUE(result.cuts.empty());
  }
}

TEST(Observer, StrideSeesFirstAndLastFrameToo) {
  ScriptedNetwork network(one_person);
  const auto result = observe(network, 4, std::vector<int>(11, 0));
  EXPECT_THAT(result.order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_THAT(result.sampled, ElementsAre(0, 4, 8, 10));
}

TEST(Observer, CutIsSeenFromBothSides) {
  ScriptedNetwork network(one_person);
  // Frames 0..6 of one scene, 7..13 of another: 6 ends a shot and 7 starts one, so both are looked at.
  std::vector<int> scenes(14, 0);
  std::fill(scenes.begin() + 7, scenes.end(), 1);
  const auto result = observe(network, 5, scenes);
  EXPECT_THAT(result.cuts, ElementsAre(7));
  EXPECT_THAT(result.sampled, ElementsAre(0, 5, 6, 7, 12, 13));
  EXPECT_THAT(result.order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
}

TEST(Observer, NoFramesAndOneFrame) {
  ScriptedNetwork network(one_person);
  EXPECT_TRUE(observe(network, 3, {}).order.empty());
  EXPECT_THAT(observe(network, 3, {0}).sampled, ElementsAre(0));
}

}  // namespace
}  // namespace touchline::pipeline
