#include "touchline/records/json_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/sample_frames.h"

namespace touchline::records {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string line_of(const match::MatchFrame& frame) {
  std::string line;
  append_json_line(line, frame);
  return line;
}

std::string error_of(const std::string& line) {
  try {
    parse_json_line(line, kSamplePicture);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kBadInput);
    return error.what();
  }
  return "no error";
}

// By hand, from DESIGN's description of the record.
TEST(JsonLine, HasExactlyTheKeysOfTheFormatInOrder) {
  const auto parsed = nlohmann::ordered_json::parse(line_of(full_sample_frame(120, 1)));
  std::string keys;
  for (const auto& [key, value] : parsed.items()) keys += key + " ";
  EXPECT_EQ(keys,
            "schema frame pts_s shot pitch objects ball possession attack visible_pitch control threat eval "
            "timings_ms ");
  keys.clear();
  for (const auto& [key, value] : parsed["objects"][0].items()) keys += key + " ";
  EXPECT_EQ(keys, "id class box_px score state team team_confidence position_m speed_mps ");
  keys.clear();
  for (const auto& [key, value] : parsed["pitch"].items()) keys += key + " ";
  EXPECT_EQ(keys, "state image_from_pitch k1 error_px error_m points ");
}

TEST(JsonLine, WritesValuesAsTheFormatSays) {
  auto frame = full_sample_frame(120, 1);
  frame.tracks[0].team = {match::Team::kA, 0.97F};
  frame.tracks[0].position_m = geometry::PitchPoint{-12.1, 4.004};
  const auto parsed = json::parse(line_of(frame));
  EXPECT_EQ(parsed["schema"], 1);
  EXPECT_EQ(parsed["frame"], 120);
  EXPECT_EQ(parsed["pts_s"], 4.8);
  EXPECT_EQ(parsed["pitch"]["points"].size(), 32U);
  EXPECT_EQ(parsed["pitch"]["points"][1], json({0, 0, 0}));
  EXPECT_EQ(parsed["objects"][0]["class"], "goalkeeper");
  EXPECT_EQ(parsed["objects"][0]["team"], "a");
  EXPECT_EQ(parsed["objects"][0]["team_confidence"], 0.97);
  EXPECT_EQ(parsed["objects"][0]["position_m"], json({-12.1, 4}));
  EXPECT_EQ(parsed["ball"]["state"], "interpolated");
  EXPECT_EQ(parsed["attack"], json({{"a", 1}, {"b", -1}}));
  EXPECT_EQ(parsed["control"], json({{"model", "voronoi"}, {"a", 0.5412}, {"b", 0.4588}}));
  EXPECT_TRUE(parsed["eval"]["terms"]["ball"].is_null());
  EXPECT_EQ(parsed["timings_ms"]["network"], 21.5);
}

TEST(JsonLine, UnknownIsNullAndNeverZero) {
  const auto parsed = json::parse(line_of(empty_sample_frame(0)));
  for (const char* key : {"ball", "possession", "visible_pitch", "control", "threat", "eval"}) {
    EXPECT_TRUE(parsed[key].is_null()) << key;
  }
  for (const char* key : {"image_from_pitch", "k1", "error_px", "error_m"}) {
    EXPECT_TRUE(parsed["pitch"][key].is_null()) << key;
  }
  EXPECT_TRUE(parsed["attack"]["a"].is_null());
  EXPECT_EQ(parsed["objects"], json::array());
}

TEST(JsonLine, ReadAndWrittenAgainIsTheSameText) {
  for (const int people : {0, 1, 25, 64}) {
    const std::string line = line_of(full_sample_frame(3, people));
    EXPECT_EQ(line_of(parse_json_line(line, kSamplePicture)), line) << people;
  }
  const std::string empty = line_of(empty_sample_frame(7));
  EXPECT_EQ(line_of(parse_json_line(empty, kSamplePicture)), empty);
}

TEST(JsonLine, ReadFrameEqualsTheWrittenOne) {
  const auto frame = full_sample_frame(250, 22);
  const auto read = parse_json_line(line_of(frame), kSamplePicture);
  EXPECT_EQ(read.index, frame.index);
  EXPECT_EQ(read.pts_s, frame.pts_s);
  EXPECT_EQ(read.shot, 2);
  ASSERT_TRUE(read.pose.camera.has_value());
  EXPECT_EQ(read.pose.camera->k1(), frame.pose.camera->k1());
  const auto expected = *frame.pose.camera->image_from_pitch({20, -10});
  EXPECT_LT(geometry::distance_px(*read.pose.camera->image_from_pitch({20, -10}), expected), 1e-5);
  ASSERT_EQ(read.tracks.size(), frame.tracks.size());
  for (std::size_t i = 0; i < read.tracks.size(); ++i) {
    EXPECT_EQ(read.tracks[i].id, frame.tracks[i].id);
    EXPECT_EQ(read.tracks[i].person_class, frame.tracks[i].person_class);
    EXPECT_EQ(read.tracks[i].state, frame.tracks[i].state);
    EXPECT_EQ(read.tracks[i].team.team, frame.tracks[i].team.team);
    EXPECT_EQ(read.tracks[i].box_px, frame.tracks[i].box_px);
    EXPECT_LT(geometry::distance_m(*read.tracks[i].position_m, *frame.tracks[i].position_m), 1e-9);
  }
  EXPECT_EQ(read.ball->point_px, frame.ball->point_px);
  EXPECT_EQ(read.possession, match::Possession::kA);
  EXPECT_EQ(read.attack.a, 1);
  EXPECT_EQ(read.threat->b, 0.1702);
  EXPECT_FALSE(read.eval->terms.ball.has_value());
  EXPECT_EQ(read.timings_ms, frame.timings_ms);
}

TEST(JsonLine, UnknownKeysAreIgnored) {
  auto parsed = nlohmann::ordered_json::parse(line_of(full_sample_frame(3, 2)));
  parsed["passes"] = json::array();
  parsed["ball"]["height_m"] = 2;
  EXPECT_EQ(line_of(parse_json_line(parsed.dump(), kSamplePicture)), line_of(full_sample_frame(3, 2)));
}

struct Damage {
  const char* pointer;
  json value;
  const char* says;
};

TEST(JsonLine, EachBrokenKeyIsNamed) {
  const std::vector<Damage> table = {
      {"/schema", 2, "schema 2"},
      {"/frame", -1, "\"frame\" is outside"},
      {"/frame", 1.5, "\"frame\" is not a whole number"},
      {"/frame", 1e300, "\"frame\" is not a whole number"},
      {"/shot", 1LL << 40, "\"shot\" is outside"},
      {"/pts_s", "soon", "\"pts_s\" is not a number"},
      {"/pitch/state", "good", "\"state\" is none of the words"},
      {"/pitch/state", "none", "must be null exactly when"},
      {"/pitch/image_from_pitch", {1, 2, 3}, "not a list of 9 numbers"},
      {"/pitch/image_from_pitch", {0, 0, 0, 0, 0, 0, 0, 0, 0}, "no camera"},
      {"/pitch/k1", -1, "no camera"},
      {"/pitch/points", json::array(), "does not hold 32 points"},
      {"/pitch/points/0/2", 1.5, "score outside 0 to 1"},
      {"/objects", nullptr, "\"objects\" is not a list"},
      {"/objects/0", 7, "not an object"},
      {"/objects/0/id", -7, "\"id\" is outside"},
      {"/objects/0/class", "ball", "\"class\" is none of the words"},
      {"/objects/0/box_px", {10, 0, 5, 5}, "corners exchanged"},
      {"/objects/0/box_px/0", 1e300, "far too large"},
      {"/objects/0/team", "c", "\"team\" is none of the words"},
      {"/objects/0/position_m", {1, 2, 3}, "\"position_m\" is not a list of 2"},
      {"/ball/state", nullptr, "\"state\" is not a word"},
      {"/attack/b", 1, "\"attack\" must hold"},
      {"/control/a", 2, "\"a\" is 2, outside 0 to 1"},
      {"/eval/value", 200, "\"value\" is 200, outside"},
      {"/timings_ms/decode", "fast", "\"timings_ms\" is not a number"},
  };
  const auto good = json::parse(line_of(full_sample_frame(3, 2)));
  for (const auto& damage : table) {
    json broken = good;
    broken[json::json_pointer(damage.pointer)] = damage.value;
    EXPECT_THAT(error_of(broken.dump()), HasSubstr(damage.says)) << damage.pointer;
  }
  for (const auto& [key, value] : good.items()) {
    json broken = good;
    broken.erase(key);
    EXPECT_THAT(error_of(broken.dump()), HasSubstr("\"" + key + "\" is missing"));
  }
  for (const char* text : {"", "{", "[]", "12", "{\"schema\":1}x"}) EXPECT_NE(error_of(text), "no error") << text;
}

class FrameFile : public testing::Test {
 protected:
  void write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  std::string error() {
    try {
      read_frames(path_, kSamplePicture);
    } catch (const base::Error& problem) {
      return problem.what();
    }
    return "no error";
  }
  const tests::TempPath file_{".jsonl"};
  const std::string& path_ = file_.str();
};

TEST_F(FrameFile, ReadsAllFramesAndSkipsEmptyLines) {
  write(line_of(full_sample_frame(0, 3)) + "\n \r\n" + line_of(empty_sample_frame(1)));
  const auto frames = read_frames(path_, kSamplePicture);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].tracks.size(), 3U);
  EXPECT_EQ(frames[1].index, 1);
}

TEST_F(FrameFile, ErrorsNameFileAndLine) {
  write(line_of(empty_sample_frame(0)) + "\n{\"schema\":1}\n");
  EXPECT_EQ(error(), path_ + ":3: the key \"frame\" is missing");
  write(line_of(empty_sample_frame(4)) + line_of(empty_sample_frame(4)));
  EXPECT_EQ(error(), path_ + ":2: \"frame\" does not grow");
  std::filesystem::remove(path_);
  EXPECT_EQ(error(), "cannot read '" + path_ + "': No such file or directory");
}

TEST(JsonLine, APictureWithoutSizeIsRefused) {
  EXPECT_THROW(parse_json_line(line_of(empty_sample_frame(0)), {0, 720}), base::Error);
}

}  // namespace
}  // namespace touchline::records
