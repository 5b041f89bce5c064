#include "touchline/detect/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

using inference::TensorInfo;
using Shape = std::vector<std::int64_t>;

NetworkDescription describe(const std::vector<TensorInfo>& outputs, const inference::Manifest& manifest = {},
                            const inference::OnnxHeader& header = {}, Purpose purpose = Purpose::kDetector) {
  return describe_network(manifest, header, {"images", {1, 3, 640, 640}}, outputs, purpose);
}

Layout layout_of(const Shape& shape) {
  inference::OnnxHeader header;
  header.metadata["names"] = "{0: 'person'}";
  return describe({{"output0", shape}}, {}, header).layout;
}

std::string refusal(const std::vector<TensorInfo>& outputs, const inference::Manifest& manifest = {},
                    Purpose purpose = Purpose::kDetector) {
  try {
    describe(outputs, manifest, {}, purpose);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kUnsupported);
    return error.what();
  }
  return "";
}

TEST(Layout, RecognizedFromTheShapesOfAnInputOf640) {
  EXPECT_EQ(layout_of({1, 25200, 85}), Layout::kYoloV5);
  EXPECT_EQ(layout_of({1, 8400, 85}), Layout::kYoloX);
  EXPECT_EQ(layout_of({1, 84, 8400}), Layout::kYoloV8);
  EXPECT_EQ(layout_of({1, 300, 6}), Layout::kYolo26);
  EXPECT_EQ(describe({{"det", {1, 68, 8400}}, {"kp", {1, 96, 80, 80}}, {"ball", {1, 3, 160, 160}}}).layout,
            Layout::kFused);
  EXPECT_EQ(describe({{"output0", {1, 101, 8400}}}, {}, {}, Purpose::kPitchPoints).layout, Layout::kPitchPose);
}

TEST(Layout, FormatsFollowTheLayoutUnlessTheManifestSays) {
  const auto yolox = describe({{"output", {1, 8400, 85}}});
  EXPECT_EQ(yolox.format.order, image::ChannelOrder::kBgr);
  EXPECT_EQ(yolox.format.full_scale, 255);
  EXPECT_NEAR(yolox.format.rest * 255, 114, 1e-3);
  const auto yolov8 = describe({{"output0", {1, 84, 8400}}});
  EXPECT_EQ(yolov8.format.full_scale, 1);
  inference::Manifest manifest;
  manifest.format = image::TensorFormat{.full_scale = 255};
  EXPECT_EQ(describe({{"output0", {1, 84, 8400}}}, manifest).format.full_scale, 255);
}

TEST(Layout, ClassesByName) {
  EXPECT_EQ(role_of_class("Person"), Role::kPlayer);
  EXPECT_EQ(role_of_class("players"), Role::kPlayer);
  EXPECT_EQ(role_of_class("GOALKEEPER"), Role::kGoalkeeper);
  EXPECT_EQ(role_of_class("referees"), Role::kReferee);
  EXPECT_EQ(role_of_class("sports ball"), Role::kBall);
  EXPECT_EQ(role_of_class("ball"), Role::kBall);
  EXPECT_EQ(role_of_class("tennis racket"), Role::kNone);
  EXPECT_EQ(role_of_class(""), Role::kNone);
}

TEST(Layout, EightyNamelessClassesAreCoco) {
  const auto network = describe({{"output0", {1, 84, 8400}}});
  ASSERT_EQ(network.roles.size(), 80U);
  EXPECT_EQ(network.roles[0], Role::kPlayer);
  EXPECT_EQ(network.roles[32], Role::kBall);
  EXPECT_EQ(std::ranges::count(network.roles, Role::kNone), 78);
}

TEST(Layout, NamesOfTheManifestBeforeThoseOfTheFile) {
  inference::OnnxHeader header;
  header.metadata["names"] = "{0: 'referee', 1: 'ball'}";
  const TensorInfo output{"output0", {1, 6, 8400}};
  EXPECT_EQ(describe({output}, {}, header).roles, (std::vector{Role::kReferee, Role::kBall}));
  inference::Manifest manifest;
  manifest.class_names = {"player", "dog"};
  EXPECT_EQ(describe({output}, manifest, header).roles, (std::vector{Role::kPlayer, Role::kNone}));
}

TEST(Layout, OursTakesAsManyClassesAsItsBoxesHaveRowsFor) {
  const auto fused = [](std::int64_t rows) {
    return std::vector<TensorInfo>{{"det", {1, rows, 8400}}, {"kp", {1, 96, 80, 80}}, {"ball", {1, 3, 160, 160}}};
  };
  inference::OnnxHeader header;
  header.metadata["names"] = "{0: 'ball', 1: 'goalkeeper', 2: 'player', 3: 'referee', 4: 'coach'}";
  const auto five = describe(fused(69), {}, header);
  EXPECT_EQ(five.class_names.back(), "coach");
  EXPECT_EQ(five.roles, (std::vector{Role::kBall, Role::kGoalkeeper, Role::kPlayer, Role::kReferee, Role::kNone}));
  EXPECT_EQ(describe(fused(68)).class_names.back(), "referee");
  EXPECT_THAT(refusal(fused(64)), testing::HasSubstr("'det' [1,64,8400]"));
  EXPECT_THAT(refusal(fused(73)), testing::HasSubstr("[1,64+C,8400] with C from 1 to 8"));
}

TEST(Layout, RefusalsNameTheOutput) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal({{"probs", {1, 1000}}}), HasSubstr("'probs' [1,1000]"));
  EXPECT_THAT(refusal({{"out", {1, 25199, 85}}}), HasSubstr("'out' [1,25199,85]"));
  EXPECT_THAT(refusal({{"det", {1, 68, 8400}}, {"kp", {1, 96, 80, 81}}, {"ball", {1, 3, 160, 160}}}),
              HasSubstr("'kp' [1,96,80,81]"));
  EXPECT_THAT(refusal({{"points", {1, 56, 8400}}}, {}, Purpose::kPitchPoints), HasSubstr("'points' [1,56,8400]"));
  EXPECT_THAT(refusal({{"output0", {1, 24, 8400}}}), HasSubstr("none of its 20 classes"));
  inference::Manifest wrong;
  wrong.layout = "yolo26";
  EXPECT_THAT(refusal({{"output0", {1, 84, 8400}}}, wrong), HasSubstr("the manifest says yolo26"));
  wrong.layout = "fused";
  EXPECT_THAT(refusal({{"output0", {1, 84, 8400}}}, wrong), HasSubstr("no output 'det'"));
  wrong.layout = "";
  wrong.class_names.assign(90, "player");
  EXPECT_THAT(refusal({{"output0", {1, 84, 8400}}}, wrong), HasSubstr("80 classes, and 90 are named"));
}

TEST(Layout, WordsAndBack) {
  for (const Layout layout :
       {Layout::kFused, Layout::kYoloV5, Layout::kYoloV8, Layout::kYolo26, Layout::kYoloX, Layout::kPitchPose}) {
    EXPECT_EQ(parse_layout(layout_name(layout)), layout);
  }
  EXPECT_THROW(parse_layout("yolov3"), base::Error);
}

}  // namespace
}  // namespace touchline::detect
