#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "testing/json_schema.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/sample_frames.h"

namespace touchline::records {
namespace {

using nlohmann::json;

testing::JsonSchema frames_schema() {
  std::ifstream file(TOUCHLINE_SOURCE_DIR "/docs/schema/frames.schema.json");
  return testing::JsonSchema(json::parse(file));
}

json json_of(const match::MatchFrame& frame) {
  std::string line;
  append_json_line(line, frame);
  return json::parse(line);
}

TEST(FramesSchema, HoldsForFullAndEmptyFrames) {
  const auto schema = frames_schema();
  for (const int people : {0, 1, 25, 64}) EXPECT_EQ(schema.error_of(json_of(full_sample_frame(3, people))), "");
  EXPECT_EQ(schema.error_of(json_of(empty_sample_frame(0))), "");
}

TEST(FramesSchema, RefusesWhatTheFormatDoesNotHold) {
  const auto schema = frames_schema();
  const json good = json_of(full_sample_frame(3, 2));
  for (const auto& [key, value] : good.items()) {
    json broken = good;
    broken.erase(key);
    EXPECT_NE(schema.error_of(broken), "") << key;
  }
  const std::vector<std::pair<const char*, json>> table = {
      {"/schema", 2},
      {"/frame", 1.5},
      {"/shot", -1},
      {"/passes", json::array()},
      {"/pitch/state", "good"},
      {"/pitch/image_from_pitch", {1, 2, 3}},
      {"/pitch/points/5", {1, 2}},
      {"/pitch/points/5/2", 1.5},
      {"/objects/0/id", 0},
      {"/objects/0/class", "ball"},
      {"/objects/0/team", "c"},
      {"/objects/0/speed_mps", -1},
      {"/ball/position_px", nullptr},
      {"/possession", "unknown"},
      {"/attack/a", 0},
      {"/visible_pitch", 1.1},
      {"/control/model", "guess"},
      {"/threat", 3},
      {"/eval/value", 101},
      {"/eval/terms/ball", "x"},
      {"/timings_ms/decode", "x"},
  };
  for (const auto& [pointer, value] : table) {
    json broken = good;
    broken[json::json_pointer(pointer)] = value;
    EXPECT_NE(schema.error_of(broken), "") << pointer;
  }
}

TEST(FramesSchema, ACheckerThatMeetsAnUnknownRuleSaysSo) {
  const testing::JsonSchema schema(json{{"multipleOf", 2}});
  EXPECT_THROW(schema.error_of(3), std::invalid_argument);
}

}  // namespace
}  // namespace touchline::records
