#include "touchline/evaluate/seen_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/json_lines.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;

match::MatchFrame frame(std::int64_t index, match::PersonClass person_class) {
  match::MatchFrame made;
  made.index = index;
  made.pts_s = 0.04 * static_cast<double>(index);
  match::Track track;
  track.id = 7;
  track.person_class = person_class;
  track.box_px = {10, 20, 30, 80};
  track.score = 0.75F;
  made.tracks.push_back(track);
  made.ball = match::Ball{{104, 104}, {100, 100, 108, 108}, match::State::kDetected, 0.5F, {}};
  return made;
}

class SeenFrames : public testing::Test {
 protected:
  void write_run(const std::string& clip) {
    fs::create_directories(scratch_.path() / clip);
    std::ofstream file(scratch_.path() / clip / "frames.jsonl");
    for (const auto& one : {frame(0, match::PersonClass::kPlayer), frame(1, match::PersonClass::kReferee),
                            frame(2, match::PersonClass::kPlayer)}) {
      std::string line;
      records::append_json_line(line, one);
      file << line;
    }
  }

  const tests::TempPath scratch_;
  const std::vector<CameraLabels> labels_ = {{"a.mp4", {1280, 720}, "g", false, {{1, {}, {}, {}}, {9, {}, {}, {}}}},
                                             {"b.mp4", {1280, 720}, "g", false, {{0, {}, {}, {}}}}};
};

TEST_F(SeenFrames, OfARunAreTheLabelledOnes) {
  write_run("a.mp4");
  const auto seen = read_seen_frames(scratch_.str(), labels_);
  ASSERT_EQ(seen.size(), 1U);  // frame 9 was not analysed, clip b not at all
  EXPECT_EQ(seen[0].image, "a.mp4#1");
  ASSERT_EQ(seen[0].objects.size(), 2U);
  EXPECT_EQ(seen[0].objects[0].object_class, records::ObjectClass::kReferee);
  EXPECT_EQ(seen[0].objects[0].box_px, (geometry::BoxPx{10, 20, 30, 80}));
  EXPECT_NEAR(seen[0].objects[0].score, 0.75, 1e-6);
  EXPECT_EQ(seen[0].objects[1].object_class, records::ObjectClass::kBall);
  EXPECT_EQ(seen[0].objects[1].box_px, (geometry::BoxPx{100, 100, 108, 108}));
}

TEST_F(SeenFrames, AFolderWithoutRunsSaysWhereTheyBelong) {
  write_run("else.mp4");
  try {
    read_seen_frames(scratch_.str(), labels_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), testing::HasSubstr("/a.mp4"));
  }
}

TEST_F(SeenFrames, ABrokenRunIsNamedWithItsLine) {
  write_run("a.mp4");
  std::ofstream(scratch_.path() / "a.mp4" / "frames.jsonl", std::ios::app) << "{\n";
  try {
    read_seen_frames(scratch_.str(), labels_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("frames.jsonl:4"));
  }
}

}  // namespace
}  // namespace touchline::evaluate
