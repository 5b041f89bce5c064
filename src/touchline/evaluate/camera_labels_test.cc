#include "touchline/evaluate/camera_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/error_of.h"
#include "testing/temp_path.h"
#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::error_of;
using Of = IgnoreRegion::Of;

constexpr const char* kHead = R"({"clip":"a.mp4","size_px":[1280,720],"group":"decisions","either_end":true})"
                              "\n";

TEST(CameraLabels, AreRead) {
  const auto labels = parse_camera_labels(
      std::string(kHead) +
          R"({"frame":7,"objects":[{"class":"referee","box_px":[10,20,30.5,60]},{"class":"ball","box_px":[0,0,8,8]}],)"
          R"("ignore":[{"of":"ball","box_px":[1,2,3,4]}],"points":[[14,640,100.5]],"hidden_points":[15]})"
          "\r\n\n"
          R"({"frame":9,"objects":[],"ignore":[],"points":[],"hidden_points":[]})",
      "a.jsonl");
  EXPECT_EQ(labels.clip, "a.mp4");
  EXPECT_EQ(labels.group, "decisions");
  EXPECT_EQ(labels.size.width_px, 1280);
  EXPECT_EQ(labels.size.height_px, 720);
  EXPECT_TRUE(labels.either_end);
  ASSERT_EQ(labels.frames.size(), 2U);
  const auto& frame = labels.frames[0];
  EXPECT_EQ(frame.frame, 7);
  ASSERT_EQ(frame.objects.size(), 2U);
  EXPECT_EQ(frame.objects[0].object_class, records::ObjectClass::kReferee);
  EXPECT_EQ(frame.objects[0].box_px, (geometry::BoxPx{10, 20, 30.5F, 60}));
  EXPECT_EQ(frame.objects[1].object_class, records::ObjectClass::kBall);
  ASSERT_EQ(frame.ignore.size(), 1U);
  EXPECT_EQ(frame.ignore[0].of, Of::kBall);
  EXPECT_EQ(frame.points[13].label, PointLabel::kVisible);
  EXPECT_EQ(frame.points[13].point_px, (geometry::ImagePoint{640, 100.5}));
  EXPECT_EQ(frame.points[14].label, PointLabel::kUnjudged);
  EXPECT_EQ(frame.points[0].label, PointLabel::kAbsent);
  EXPECT_EQ(labels.frames[1].frame, 9);
}

std::string with_frame(const std::string& objects, const std::string& ignore, const std::string& points,
                       const std::string& hidden) {
  return kHead + std::string(R"({"frame":1,"objects":[)") + objects + R"(],"ignore":[)" + ignore + R"(],"points":[)" +
         points + R"(],"hidden_points":[)" + hidden + "]}";
}

TEST(CameraLabels, MistakesNameFileAndLine) {
  const std::string empty = with_frame("", "", "", "");
  const std::vector<std::pair<std::string, const char*>> table = {
      {"", "a.jsonl: the first line with \"clip\" is missing"},
      {"clip a.mp4", "a.jsonl:1: this is no JSON"},
      {"[1]", "a.jsonl:1: an object with \"clip\" is expected"},
      {R"({"clip":"a.mp4","group":"g","size_px":[1280],"either_end":false})", "not a list of 2 numbers"},
      {R"({"clip":"a.mp4","group":"g","size_px":[0,720],"either_end":false})", "a.jsonl:1: \"size_px\" is not a whole"},
      {R"({"clip":"a.mp4","group":"g","size_px":[9,9],"either_end":1})", "\"either_end\" is neither true nor false"},
      {R"({"clip":"a.mp4","group":"g","size_px":[9,9],"either_end":true,"x":1})", "the key \"x\" is unknown"},
      {R"({"clip":"","group":"g","size_px":[9,9],"either_end":true})", "\"clip\" is not a word"},
      {std::string(kHead) + R"({"frame":1})", "a.jsonl:2: the key \"objects\" is missing"},
      {std::string(kHead) + R"({"frame":-1})", "a.jsonl:2: \"frame\" is not a whole number"},
      {std::string(kHead) + "\n\nno", "a.jsonl:4: this is no JSON"},
      {empty + "\n" + empty.substr(empty.find('\n') + 1), "a.jsonl:3: frame 1 follows frame 1"},
      {with_frame(R"({"class":"coach","box_px":[0,0,1,1]})", "", "", ""), "none of ball, goalkeeper"},
      {with_frame(R"({"class":"ball","box_px":[0,0,1]})", "", "", ""), "\"box_px\" is not a list of 4 numbers"},
      {with_frame(R"({"class":"ball","box_px":[5,0,5,1]})", "", "", ""), "a.jsonl:2: a box has no size"},
      {with_frame(R"({"class":"ball","box_px":[0,0,1281,1]})", "", "", ""), "a box lies outside the picture"},
      {with_frame("", R"({"of":"dogs","box_px":[0,0,1,1]})", "", ""), "\"of\" is neither people nor ball"},
      {with_frame("", R"({"of":"ball","box_px":[0,0,1,1],"x":0})", "", ""), "the key \"x\" is unknown"},
      {with_frame("", "", "[33,1,1]", ""), "\"points\" is not a whole number from 1 to 32"},
      {with_frame("", "", "[1.5,1,1]", ""), "\"points\" is not a whole number"},
      {with_frame("", "", "[1,1,721]", ""), "point 1 is visible and outside the picture"},
      {with_frame("", "", "[1,1,1]", "1"), "a.jsonl:2: point 1 is named twice"},
      {with_frame("", "", "", "0"), "\"hidden_points\" is not a whole number from 1 to 32"},
  };
  for (const auto& [text, says] : table) {
    EXPECT_THAT(error_of([&, &text = text] { parse_camera_labels(text, "a.jsonl"); }), HasSubstr(says)) << text;
  }
}

TEST(CameraLabels, AFolderIsReadByName) {
  const tests::TempPath scratch;
  fs::create_directories(scratch.path());
  EXPECT_FALSE(holds_camera_labels(scratch.path().string()));
  EXPECT_THAT(error_of([&] { read_camera_labels(scratch.path().string()); }), HasSubstr("is no label file (.jsonl)"));
  std::ofstream(scratch.path() / "b.jsonl") << R"({"clip":"b.mp4","size_px":[9,9],"group":"g","either_end":false})";
  std::ofstream(scratch.path() / "a.jsonl") << kHead;
  std::ofstream(scratch.path() / "README.md") << "no labels";
  EXPECT_TRUE(holds_camera_labels(scratch.path().string()));
  const auto labels = read_camera_labels(scratch.path().string());
  ASSERT_EQ(labels.size(), 2U);
  EXPECT_EQ(labels[0].clip, "a.mp4");
  EXPECT_EQ(labels[1].clip, "b.mp4");
  EXPECT_EQ(read_camera_labels((scratch.path() / "b.jsonl").string()).size(), 1U);
}

TEST(IgnoredShare, CountsEachPlaceOnce) {
  const geometry::BoxPx box = {10, 10, 20, 20};
  EXPECT_EQ(ignored_share(box, {}, Of::kPeople), 0);
  EXPECT_EQ(ignored_share(box, {{Of::kBall, {0, 0, 100, 100}}}, Of::kPeople), 0);
  EXPECT_EQ(ignored_share(box, {{Of::kPeople, {0, 0, 100, 100}}}, Of::kPeople), 1);
  EXPECT_DOUBLE_EQ(ignored_share(box, {{Of::kPeople, {0, 0, 100, 13}}}, Of::kPeople), 0.3);
  // Two strips that overlap in the middle, by hand: left 6 of 10 columns, right 7 of 10, together all of them.
  EXPECT_DOUBLE_EQ(ignored_share(box, {{Of::kPeople, {13, 0, 30, 100}}, {Of::kPeople, {0, 0, 16, 100}}}, Of::kPeople),
                   1);
  // The left half, and the lower quarter across: 50 + 25 / 2 of 100.
  EXPECT_DOUBLE_EQ(
      ignored_share(box, {{Of::kPeople, {0, 0, 15, 100}}, {Of::kPeople, {0, 17.5F, 100, 100}}}, Of::kPeople), 0.625);
}

TEST(Turned, IsHalfATurnOfThePitch) {
  LabeledPoints points{};
  points[0] = {PointLabel::kVisible, {1, 1}};    // 1, the far left corner, is 30, the near right one
  points[8] = {PointLabel::kVisible, {2, 2}};    // 9, the left penalty spot, is 22
  points[13] = {PointLabel::kVisible, {3, 3}};   // 14 is 17
  points[30] = {PointLabel::kUnjudged, {4, 4}};  // 31 is 32
  const auto other = turned(points);
  EXPECT_EQ(other[29].point_px, points[0].point_px);
  EXPECT_EQ(other[21].point_px, points[8].point_px);
  EXPECT_EQ(other[16].point_px, points[13].point_px);
  EXPECT_EQ(other[31].label, PointLabel::kUnjudged);
  EXPECT_EQ(other[0].label, PointLabel::kAbsent);
}

// The labels that the project carries: readable, and not fewer than its README says.
TEST(CameraLabels, OfTheSevenClipsAreReadable) {
  const auto labels = read_camera_labels(TOUCHLINE_SOURCE_DIR "/tests/other_cameras");
  ASSERT_EQ(labels.size(), 7U);
  std::size_t frames = 0;
  std::size_t objects = 0;
  int decisions = 0;
  for (const auto& clip : labels) {
    frames += clip.frames.size();
    decisions += clip.group == "decisions";
    for (const auto& frame : clip.frames) objects += frame.objects.size();
  }
  EXPECT_EQ(frames, 88U);
  EXPECT_EQ(decisions, 3);
  EXPECT_GT(objects, 1300U);
}

}  // namespace
}  // namespace touchline::evaluate
