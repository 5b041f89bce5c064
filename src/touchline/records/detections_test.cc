#include "touchline/records/detections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "testing/temp_path.h"
#include "touchline/base/error.h"

namespace touchline::records {
namespace {

using nlohmann::json;
using testing::HasSubstr;

match::FrameDetections some_detections() {
  match::FrameDetections detections;
  detections.people = {{{1, 2, 11, 42}, match::PersonClass::kReferee, 0.75F, {}},
                       {{100.25F, 50.5F, 120, 100}, match::PersonClass::kGoalkeeper, 0.5F, {}, {0.5F, 0.25F, 0.125F}}};
  detections.balls = {{{300, 200}, {296, 196, 304, 204}, 0.25F}};
  detections.points[8] = {{640.5, 360}, 0.875F};
  return detections;
}

TEST(Detections, AreReadAsTheyWereWritten) {
  const tests::TempPath scratch(".json");
  const std::string& path = scratch.str();
  DetectionsWriter writer(path);
  writer.write("a \"b\".jpg", some_detections());
  writer.write("folder/c.png", {});
  writer.finish();
  const auto pictures = read_detections(path);
  ASSERT_EQ(pictures.size(), 2U);
  EXPECT_EQ(pictures[0].image, "a \"b\".jpg");
  ASSERT_EQ(pictures[0].objects.size(), 3U);
  EXPECT_EQ(pictures[0].objects[0].object_class, ObjectClass::kReferee);
  EXPECT_EQ(pictures[0].objects[1].object_class, ObjectClass::kGoalkeeper);
  EXPECT_EQ(pictures[0].objects[1].box_px, (geometry::BoxPx{100.25F, 50.5F, 120, 100}));
  EXPECT_EQ(pictures[0].objects[0].class_scores, match::ClassScores{});
  EXPECT_EQ(pictures[0].objects[1].class_scores, (match::ClassScores{0.5F, 0.25F, 0.125F}));
  EXPECT_EQ(pictures[0].objects[2].object_class, ObjectClass::kBall);
  EXPECT_EQ(pictures[0].objects[2].score, 0.25);
  EXPECT_EQ((*pictures[0].points)[8].point_px, (geometry::ImagePoint{640.5, 360}));
  EXPECT_TRUE(pictures[1].objects.empty());
}

TEST(Detections, ClassNumbersAndMissingPointsAreUnderstood) {
  const auto pictures =
      parse_detections(R"([{"image":"a","objects":[{"class":3,"box_px":[0,0,1,1],"score":1}],"points":null}])");
  EXPECT_EQ(pictures[0].objects[0].object_class, ObjectClass::kReferee);
  EXPECT_FALSE(pictures[0].points.has_value());
}

TEST(Detections, EachBrokenKeyIsNamed) {
  const json good = json::parse(R"([{"image":"a","objects":[]},
      {"image":"b","objects":[{"class":"ball","box_px":[0,0,1,1],"score":1}]}])");
  const std::vector<std::tuple<const char*, json, const char*>> table = {
      {"/1/image", 3, "picture 2: \"image\" is not a name"},
      {"/1/objects", 3, "\"objects\" is not a list"},
      {"/1/objects/0", 3, "an object with \"class\""},
      {"/1/objects/0/class", "horse", "none of ball"},
      {"/1/objects/0/class", 4, "none of ball"},
      {"/1/objects/0/box_px", {0, 0, 1}, "not a list of 4 numbers"},
      {"/1/objects/0/box_px", {3, 0, 1, 1}, "corners exchanged"},
      {"/1/objects/0/box_px/1", -1e99, "far too large"},
      {"/1/objects/0/score", 1.5, "outside 0 to 1"},
      {"/1/objects/0/class_scores", 3, "an object with \"goalkeeper\""},
      {"/1/objects/0/class_scores", {{"goalkeeper", 0.5}, {"player", 0.5}}, "\"referee\" is missing"},
      {"/1/objects/0/class_scores", {{"goalkeeper", 0.5}, {"player", 2}, {"referee", 0}}, "outside 0 to 1"},
      {"/1/objects/0/class_scores",
       {{"goalkeeper", 0.5}, {"player", "x"}, {"referee", 0}},
       "\"player\" is not a number"},
      {"/1/points", json::array({1}), "does not hold 32 points"},
      {"/0", 1, "picture 1"},
  };
  for (const auto& [pointer, value, says] : table) {
    json broken = good;
    broken[json::json_pointer(pointer)] = value;
    try {
      parse_detections(broken.dump());
      ADD_FAILURE() << pointer;
    } catch (const base::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(says));
    }
  }
  EXPECT_THROW(parse_detections("{}"), base::Error);
  EXPECT_THROW(parse_detections("[,"), base::Error);
  EXPECT_THROW(read_detections("/nowhere/d.json"), base::Error);
}

}  // namespace
}  // namespace touchline::records
