#include "touchline/pipeline/match_builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "touchline/calibrate/test_camera.h"
#include "touchline/image/frame_pool.h"

namespace touchline::pipeline {
namespace {

constexpr int kFrames = 41;
constexpr int kMeeting = 20;  // frame in which one passes exactly behind the other
constexpr float kStep_px = 5;

match::Detection person(float x0, float y1) {
  match::Detection seen;
  seen.box_px = {x0, y1 - 80, x0 + 30, y1};
  seen.person_class = match::PersonClass::kPlayer;
  seen.score = 0.8F;
  return seen;
}

/// Somebody stands in the centre circle; another walks past behind him, unseen in the seven frames around the meeting.
/// How many people each frame has at the end.
std::vector<std::size_t> people_of_a_meeting(bool with_camera) {
  const auto camera = calibrate::main_camera(0, 1100);
  const geometry::CameraProjector projector(camera, calibrate::kTestWidth, calibrate::kTestHeight);
  const auto foot = projector.project({0, 0}).value();
  image::FramePool pool;
  const auto picture = pool.take(calibrate::kTestWidth, calibrate::kTestHeight, {}).finish(0, 0);
  std::vector<std::size_t> people;
  StageTimes times;
  MatchBuilder builder(AnalyzeOptions(), times,
                       [&people](AnalyzedFrame&& analyzed) { people.push_back(analyzed.match.tracks.size()); });
  for (int i = 0; i < kFrames; ++i) {
    Observation seen;
    seen.frame = picture;
    seen.frame.index = i;
    seen.frame.pts_s = 0.04 * i;
    seen.sampled = true;
    const auto x = static_cast<float>(foot.x);
    const auto y = static_cast<float>(foot.y);
    seen.detections.people.push_back(person(x, y));
    if (std::abs(i - kMeeting) > 3) {
      seen.detections.people.push_back(person(x + kStep_px * static_cast<float>(kMeeting - i), y));
    }
    if (with_camera) {
      seen.detections.points = calibrate::seen_by(camera, 1, static_cast<unsigned>(i));
      seen.fit = calibrate::fit_pose(seen.detections.points, calibrate::kTestWidth, calibrate::kTestHeight,
                                     match::PitchModel());
    }
    builder.push(std::move(seen));
  }
  builder.finish();
  return people;
}

TEST(MatchBuilder, WhoeverIsHiddenKeepsHisPlaceOnThePitch) {
  EXPECT_EQ(people_of_a_meeting(true), std::vector<std::size_t>(kFrames, 2));
}

TEST(MatchBuilder, WithoutACameraNobodyIsGuessedBehindSomebodySeen) {
  const auto people = people_of_a_meeting(false);
  ASSERT_EQ(people.size(), std::size_t{kFrames});
  for (int i = 0; i < kFrames; ++i) {
    // Boxes 30 px wide and 5 px apart share .714 of their union, 10 px apart half.
    EXPECT_EQ(people[static_cast<std::size_t>(i)], std::abs(i - kMeeting) <= 1 ? 1U : 2U) << i;
  }
}

}  // namespace
}  // namespace touchline::pipeline
