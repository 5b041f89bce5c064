#include "touchline/records/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/mot.h"
#include "touchline/records/sample_frames.h"

namespace touchline::records {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Writer : public testing::Test {
 protected:
  void SetUp() override {
    options_.picture = kSamplePicture;
    options_.formats = parse_formats("jsonl,csv,mot,coco,scorevision");
  }

  void write_frames(RecordWriter& writer, int count) {
    for (int i = 0; i < count; ++i) writer.write(i % 4 == 3 ? empty_sample_frame(i) : full_sample_frame(i, 22));
  }

  const tests::TempPath scratch_;
  const fs::path folder_ = scratch_.path();
  RecordOptions options_;
};

TEST_F(Writer, EveryFormatHoldsEveryFrame) {
  RecordWriter writer(folder_ / "deep" / "out", options_);
  write_frames(writer, 8);
  Summary summary;
  summary.picture = kSamplePicture;
  summary.wall_s = 2;
  writer.finish(summary);
  const fs::path out = folder_ / "deep" / "out";
  EXPECT_EQ(read_frames(out / "frames.jsonl", kSamplePicture).size(), 8U);
  EXPECT_EQ(read_mot(out / "mot.txt").size(), 6U * 22U);
  const std::string tracks = text_of(out / "tracks.csv");
  EXPECT_EQ(std::count(tracks.begin(), tracks.end(), '\n'), 1 + 6 * 23);
  const std::string eval = text_of(out / "eval.csv");
  EXPECT_EQ(std::count(eval.begin(), eval.end(), '\n'), 1 + 8);
  const json coco = json::parse(text_of(out / "coco.json"));
  EXPECT_EQ(coco["images"].size(), 8U);
  EXPECT_EQ(coco["annotations"].size(), 6U * 23U);
  const json answer = json::parse(text_of(out / "scorevision.json"));
  ASSERT_TRUE(answer["frames"].is_array());
  EXPECT_EQ(answer["frames"].size(), 8U);
  EXPECT_EQ(read_picture_size(out / "summary.json").width_px, 1280);
  for (const auto& entry : fs::directory_iterator(out)) EXPECT_NE(entry.path().filename().string()[0], '.');
}

TEST_F(Writer, WithoutFinishEverythingWrittenIsReadable) {
  {
    RecordWriter writer(folder_, options_);
    write_frames(writer, 3);
  }
  EXPECT_EQ(read_frames(folder_ / "frames.jsonl", kSamplePicture).size(), 3U);
  EXPECT_EQ(json::parse(text_of(folder_ / "coco.json"))["images"].size(), 3U);
  EXPECT_EQ(json::parse(text_of(folder_ / "scorevision.json"))["frames"].size(), 3U);
}

TEST_F(Writer, NoFramesStillMakeValidFiles) {
  RecordWriter writer(folder_, options_);
  writer.finish({});
  EXPECT_TRUE(read_frames(folder_ / "frames.jsonl", kSamplePicture).empty());
  EXPECT_EQ(json::parse(text_of(folder_ / "coco.json"))["annotations"], json::array());
  EXPECT_EQ(json::parse(text_of(folder_ / "scorevision.json"))["frames"], json::array());
  const json summary = json::parse(text_of(folder_ / "summary.json"));
  EXPECT_EQ(summary["frames"], 0);
  EXPECT_TRUE(summary["camera"]["measured"].is_null());
}

TEST_F(Writer, AFileInPlaceOfTheFolderIsNamed) {
  std::ofstream(folder_.string()) << "x";
  try {
    RecordWriter writer(folder_, options_);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kIo);
    EXPECT_THAT(error.what(), HasSubstr(folder_.string()));
    EXPECT_THAT(error.what(), HasSubstr("choose another output folder"));
  }
}

// /dev/full answers every write as a full disk does.
TEST_F(Writer, AFullDiskIsOneSentenceAndTheOtherFilesStay) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  fs::create_directories(folder_);
  fs::create_symlink("/dev/full", folder_ / "mot.txt");
  RecordWriter writer(folder_, options_);
  write_frames(writer, 2);
  try {
    writer.finish({});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kIo);
    EXPECT_THAT(error.what(), HasSubstr("mot.txt': No space left on device"));
  }
  EXPECT_EQ(read_frames(folder_ / "frames.jsonl", kSamplePicture).size(), 2U);
  EXPECT_EQ(json::parse(text_of(folder_ / "summary.json"))["frames"], 2);
  EXPECT_EQ(json::parse(text_of(folder_ / "coco.json"))["images"].size(), 2U);
}

TEST_F(Writer, AFullDiskInTheMiddleThrowsFromWrite) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  fs::create_directories(folder_);
  fs::create_symlink("/dev/full", folder_ / "frames.jsonl");
  RecordWriter writer(folder_, options_);
  EXPECT_THROW(write_frames(writer, 200), base::Error);
}

TEST(Formats, AreParsedOnceEach) {
  EXPECT_EQ(parse_formats("mot,jsonl,mot"), (std::vector<Format>{Format::kMot, Format::kJsonLines}));
  EXPECT_THROW(parse_formats("jsonl,xml"), base::Error);
  EXPECT_THROW(parse_formats(""), base::Error);
}

}  // namespace
}  // namespace touchline::records
