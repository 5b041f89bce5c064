// Everything that is no good video: one sentence with what to do, or the good part with a report of the bad one.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "touchline/media/damage_report.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/testing/fixture.h"

namespace touchline::media {
namespace {

using testing::error_of;
using testing::frame_of;
using testing::make_video;
using testing::TempPath;

std::string open_error(const std::string& path) {
  return error_of([&] { FrameReader::open(path); });
}

// 75 frames in three groups of pictures; a calm band names the frame, noise below makes all frames about as long.
testing::FixtureOptions three_groups() {
  return {.encoder_options = {{"preset", "ultrafast"}, {"g", "25"}, {"keyint_min", "25"}, {"qp", "26"}},
          .width = 128,
          .height = 96,
          .frames = 75,
          .paint =
              [](int x, int y, int i) {
                if (y < 32) return testing::Ycbcr{testing::luma_of(i), 128, 128};
                const unsigned hash = static_cast<unsigned>(x * 7919 + y * 104729 + i * 1299709) * 2654435761U;
                return testing::Ycbcr{static_cast<int>(60 + (hash >> 25)), 128, 128};
              },
          .muxer_options = {{"movflags", "+faststart"}}};
}

TEST(BadInput, MissingFile) {
  EXPECT_EQ(open_error("/no/such/clip.mp4"), "/no/such/clip.mp4 does not exist; check the path");
}

TEST(BadInput, EmptyFile) {
  const TempPath file(".mp4");
  std::ofstream(file.str()).flush();
  EXPECT_EQ(open_error(file.str()), file.str() + " is empty (0 bytes); give a video file");
}

TEST(BadInput, TextFileUnderAnyName) {
  for (const char* ending : {".txt", ".mp4", ".csv", ".nfo", ".ans", ""}) {
    const TempPath file(ending);
    std::ofstream(file.str()) << "frame,id,left\n1,2,3\nThe quick brown fox jumps over the lazy dog.\n";
    EXPECT_TRUE(open_error(file.str()).starts_with(file.str() + " is no video that can be read"))
        << open_error(file.str());
  }
}

TEST(BadInput, SoundOnly) {
  for (const char* ending : {".mp4", ".wav"}) {
    const TempPath file(ending);
    testing::FixtureOptions options{.video = false};
    options.sound = std::string(ending) == ".wav" ? "pcm_s16le" : "aac";
    if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no " << options.sound;
    EXPECT_EQ(open_error(file.str()), file.str() + " has sound but no video; give a file with a video stream");
  }
}

TEST(BadInput, Mp4WithoutIndex) {
  const TempPath whole(".mp4");
  const TempPath cut(".mp4");
  if (!make_video(whole.str())) GTEST_SKIP() << "this FFmpeg has no libx264";
  const std::string bytes = testing::read_bytes(whole.str());
  testing::write_bytes(cut.str(), bytes.substr(0, bytes.find("moov") - 4));
  EXPECT_EQ(
      open_error(cut.str()),
      cut.str() +
          " is an MP4 without a usable index (moov box), so it was cut off or damaged; record or download it again");
}

TEST(BadInput, NotOneFrame) {
  const TempPath whole(".mp4");
  const TempPath cut(".mp4");
  if (!make_video(whole.str(), three_groups())) GTEST_SKIP() << "this FFmpeg has no libx264";
  const std::string bytes = testing::read_bytes(whole.str());
  testing::write_bytes(cut.str(), bytes.substr(0, bytes.find("mdat") + 4));
  EXPECT_EQ(open_error(cut.str()),
            cut.str() + " has a video stream, but not one picture of it can be decoded; it is cut off or damaged");
}

class TruncatedFile : public ::testing::TestWithParam<const char*> {};

TEST_P(TruncatedFile, GivesWhatItHasAndSaysSo) {
  const TempPath whole(GetParam());
  const TempPath cut(GetParam());
  if (!make_video(whole.str(), three_groups())) GTEST_SKIP() << "this FFmpeg has no libx264";
  const std::string bytes = testing::read_bytes(whole.str());
  testing::write_bytes(cut.str(), bytes.substr(0, bytes.size() * 6 / 10));
  const auto reader = FrameReader::open(cut.str());
  int frames = 0;
  while (const auto frame = reader->next()) EXPECT_EQ(frame_of(frame->picture.y.at(5, 5)), frames++ % 70);
  EXPECT_GT(frames, 25);
  EXPECT_LT(frames, 75);
  EXPECT_EQ(reader->damage().sentence(), "the source broke off early: it is cut off");
}

INSTANTIATE_TEST_SUITE_P(All, TruncatedFile, ::testing::Values(".mp4", ".mkv"),
                         [](const auto& ending) { return std::string(ending.param + 1); });

class DamagedStretch : public ::testing::TestWithParam<const char*> {};

TEST_P(DamagedStretch, IsSkippedCountedAndReported) {
  const TempPath file(GetParam());
  if (!make_video(file.str(), three_groups())) GTEST_SKIP() << "this FFmpeg has no libx264";
  std::string bytes = testing::read_bytes(file.str());
  // Two fifths to three fifths of the bytes: inside the second group of pictures.
  for (std::size_t i = bytes.size() * 2 / 5; i < bytes.size() * 3 / 5; ++i) bytes[i] = static_cast<char>(i * 37 % 251);
  testing::write_bytes(file.str(), bytes);
  const auto reader = FrameReader::open(file.str());
  std::set<int> seen;
  double last_s = -1;
  int delivered = 0;
  while (const auto frame = reader->next()) {
    ++delivered;
    EXPECT_GT(frame->pts_s, last_s);
    last_s = frame->pts_s;
    seen.insert(frame_of(frame->picture.y.at(5, 5)));
  }
  for (int i = 0; i < 15; ++i) EXPECT_TRUE(seen.contains(i)) << i;
  for (int i = 60; i < 69; ++i) EXPECT_TRUE(seen.contains(i)) << i;
  const DamageReport damage = reader->damage();
  EXPECT_EQ(damage.frames_lost, 75 - delivered) << damage.sentence();
  EXPECT_EQ(damage.stretches, 1);
  EXPECT_FALSE(damage.ended_early);
  ASSERT_TRUE(damage.first_s);
  EXPECT_GT(*damage.first_s, 0.2);
  EXPECT_LT(*damage.first_s, 2.2);
}

INSTANTIATE_TEST_SUITE_P(All, DamagedStretch, ::testing::Values(".mp4", ".mkv", ".ts"),
                         [](const auto& ending) { return std::string(ending.param + 1); });

TEST(DamageReport, OneSentence) {
  DamageCounter counter(25);
  EXPECT_FALSE(counter.report().any());
  EXPECT_EQ(counter.report().sentence(), "");
  counter.lose_packet(12.4);
  counter.lose_packet(12.44);
  counter.lose_frame(12.48);
  counter.deliver(12.52);
  EXPECT_EQ(counter.report().sentence(), "1 damaged stretch skipped (2 packets and 1 frame lost, first at 12.40 s)");
  counter.lose_frame(60);
  counter.finish();
  counter.end_early(61, "Connection reset by peer");
  EXPECT_EQ(counter.report().sentence(),
            "2 damaged stretches skipped (2 packets and 2 frames lost, first at 12.40 s); the source broke off early: "
            "Connection reset by peer");
}

TEST(DamageReport, GapsCountOnlyNearASignOfDamage) {
  DamageCounter counter(25);
  counter.deliver(0);
  counter.deliver(1);
  EXPECT_FALSE(counter.report().any()) << "a variable frame rate is no damage";
  counter.suspect(1);
  counter.deliver(1.04);
  counter.deliver(1.24);
  EXPECT_EQ(counter.report().frames_lost, 4);
  EXPECT_DOUBLE_EQ(counter.report().first_s.value_or(0), 1.08);
  counter.deliver(2);
  EXPECT_EQ(counter.report().frames_lost, 4) << "one sign explains one gap";
  counter.suspect(2);
  for (int i = 1; i < 75; ++i) counter.deliver(2 + i * 0.04);
  counter.deliver(7);
  EXPECT_EQ(counter.report().frames_lost, 4) << "the sign was too long ago";
  EXPECT_EQ(counter.report().stretches, 1);
}

}  // namespace
}  // namespace touchline::media
