#include "touchline/detect/likeness.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/error_of.h"
#include "touchline/image/frame_pool.h"

namespace touchline::detect {
namespace {

using match::PersonClass;

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";

match::Detection person(float x, PersonClass person_class = PersonClass::kPlayer) {
  match::Detection detection;
  detection.box_px = {x, 0, x + 10, 30};
  detection.person_class = person_class;
  return detection;
}

TEST(Likeness, OfPeople) {
  match::FrameDetections first;
  match::FrameDetections second;
  EXPECT_EQ(people_agreement(first, second).share(), 1) << "neither found anyone";
  first.people = {person(0), person(100), person(200, PersonClass::kReferee), person(300)};
  // 2 px aside: overlap 8 of 12. 6 px aside: 4 of 16. Another class. A second box on the first person.
  second.people = {person(2), person(106), person(200), person(1), person(300)};
  const Agreement agreement = people_agreement(first, second);
  EXPECT_EQ(agreement, (Agreement{4, 5, 2}));
  EXPECT_DOUBLE_EQ(agreement.share(), 4.0 / 9);
}

TEST(Likeness, OfTheBestBall) {
  match::FrameDetections first;
  match::FrameDetections second;
  first.balls = {{{100, 100}, {}, 0.9F}, {{500, 500}, {}, 0.3F}};
  EXPECT_EQ(ball_agreement(first, second, 1280), (Agreement{1, 0, 0}));
  second.balls = {{{100, 108}, {}, 0.9F}};
  EXPECT_EQ(ball_agreement(first, second, 1280), (Agreement{1, 1, 1}));
  EXPECT_EQ(ball_agreement(first, second, 640), (Agreement{1, 1, 0})) << "8 px of 1280 are 4 of 640";
}

TEST(Likeness, OfPitchPoints) {
  match::FrameDetections first;
  match::FrameDetections second;
  first.points[0] = {{10, 10}, 0.9F};
  first.points[1] = {{50, 50}, 0.9F};
  first.points[2] = {{90, 90}, 0.9F};
  second.points[0] = {{19, 10}, 0.4F};
  second.points[1] = {{61, 50}, 0.9F};
  EXPECT_EQ(point_agreement(first, second, 1280), (Agreement{3, 2, 1}));
}

std::vector<image::Frame> gray_pictures(int count) {
  image::FramePool pool;
  std::vector<image::Frame> pictures;
  for (int k = 0; k < count; ++k) {
    auto frame = pool.take(96, 64, {});
    for (const auto& plane : {frame.view().y, frame.view().u, frame.view().v}) {
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) plane.row(y)[x] = static_cast<std::uint8_t>(60 + 40 * k + x + 2 * y);
      }
    }
    pictures.push_back(std::move(frame).finish(0, 0));
  }
  return pictures;
}

TEST(Likeness, OfANetworkWithItself) {
  const std::string model = kModels + "yolov8_64.onnx";
  const auto likeness = compare_networks({.first = model, .second = model}, gray_pictures(2));
  ASSERT_EQ(likeness.outputs.size(), 1U);
  EXPECT_EQ(likeness.outputs[0].name, "output0");
  EXPECT_EQ(likeness.outputs[0].error, 0);
  EXPECT_GT(likeness.outputs[0].spread, 0);
  EXPECT_EQ(likeness.people.share(), 1);
  EXPECT_EQ(likeness.people.first, likeness.people.both);
  EXPECT_GT(likeness.first_ms, 0);
  EXPECT_GT(likeness.second_ms, 0);
  EXPECT_EQ(likeness.width_px, 64);
}

TEST(Likeness, OfPitchModelsIsThatOfTheirPoints) {
  const std::string model = kModels + "pitch_pose_64.onnx";
  const auto likeness =
      compare_networks({.first = model, .second = model, .purpose = Purpose::kPitchPoints}, gray_pictures(1));
  EXPECT_EQ(likeness.points.share(), 1);
  EXPECT_EQ(likeness.people.first, 0);
}

TEST(Likeness, NeedsPicturesAndOneLayout) {
  const std::string model = kModels + "yolov8_64.onnx";
  EXPECT_NE(tests::error_of([&] { compare_networks({.first = model, .second = model}, {}); }), "no error");
  const std::string other = kModels + "yolov5_64.onnx";
  EXPECT_NE(tests::error_of([&] {
              compare_networks({.first = model, .second = other}, gray_pictures(1));
            }).find("different outputs"),
            std::string::npos);
}

}  // namespace
}  // namespace touchline::detect
