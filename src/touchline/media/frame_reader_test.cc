// What FrameReader gives for every kind of video; the videos are made here, so every value is known beforehand.
#include "touchline/media/frame_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/media/testing/fixture.h"

namespace touchline::media {
namespace {

using image::ColorMatrix;
using image::ColorRange;
using testing::FixtureOptions;
using testing::frame_of;
using testing::make_video;
using testing::TempPath;
using testing::Ycbcr;

std::vector<image::Frame> read_all(FrameReader& reader) {
  std::vector<image::Frame> frames;
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}

Ycbcr sample(const image::Frame& frame, int x, int y) {
  return {frame.picture.y.at(x, y), frame.picture.u.at(x / 2, y / 2), frame.picture.v.at(x / 2, y / 2)};
}

void expect_near(const Ycbcr& actual, const Ycbcr& expected, int tolerance) {
  EXPECT_NEAR(actual.y, expected.y, tolerance);
  EXPECT_NEAR(actual.cb, expected.cb, tolerance);
  EXPECT_NEAR(actual.cr, expected.cr, tolerance);
}

struct Kind {
  const char* name;
  const char* ending;
  FixtureOptions options;
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

class EveryCodec : public ::testing::TestWithParam<Kind> {};

TEST_P(EveryCodec, GivesEveryFrameInOrderAtItsTime) {
  const TempPath file(GetParam().ending);
  FixtureOptions options = GetParam().options;
  options.paint = [](int, int, int i) { return Ycbcr{testing::luma_of(i), 100, 160}; };
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no " << options.encoder;
  const auto reader = FrameReader::open(file.str());
  EXPECT_EQ(reader->info().width, options.width);
  EXPECT_EQ(reader->info().height, options.height);
  EXPECT_NEAR(reader->info().frame_rate, options.frame_rate, 1e-6);
  const auto frames = read_all(*reader);
  ASSERT_EQ(static_cast<int>(frames.size()), options.frames);
  for (int i = 0; i < options.frames; ++i) {
    const auto& frame = frames[static_cast<std::size_t>(i)];
    EXPECT_EQ(frame.index, i);
    EXPECT_NEAR(frame.pts_s - frames[0].pts_s, i / static_cast<double>(options.frame_rate), 1e-3);
    EXPECT_EQ(frame.picture.u.width, (options.width + 1) / 2);
    EXPECT_EQ(frame.picture.v.height, (options.height + 1) / 2);
    EXPECT_EQ(frame_of(frame.picture.y.at(options.width - 1, options.height - 1)), i);
    expect_near(sample(frame, 20, 20), {testing::luma_of(i), 100, 160}, 2);
  }
  EXPECT_FALSE(reader->damage().any());
}

const std::map<std::string, std::string> kX264Fast = {{"preset", "ultrafast"}, {"crf", "12"}};

FixtureOptions x264(const char* format, int width = 64, int height = 48) {
  return {.encoder_options = kX264Fast, .pixel_format = format, .width = width, .height = height};
}

INSTANTIATE_TEST_SUITE_P(
    All, EveryCodec,
    ::testing::Values(
        Kind{"h264_420", ".mp4", x264("yuv420p")}, Kind{"h264_422", ".mp4", x264("yuv422p")},
        Kind{"h264_444", ".mp4", x264("yuv444p")}, Kind{"h264_420_10", ".mp4", x264("yuv420p10le")},
        Kind{"h264_422_10", ".mkv", x264("yuv422p10le")}, Kind{"h264_444_10", ".mkv", x264("yuv444p10le")},
        Kind{"h264_odd_444", ".mp4", x264("yuv444p", 65, 49)}, Kind{"h264_ts", ".ts", x264("yuv420p")},
        Kind{"h264_raw", ".h264", x264("yuv420p")},
        Kind{"h264_b_frames", ".mp4", {.encoder_options = {{"preset", "veryfast"}, {"bf", "3"}, {"crf", "12"}}}},
        Kind{"h264_b_frames_raw", ".h264", {.encoder_options = {{"preset", "veryfast"}, {"bf", "3"}, {"crf", "12"}}}},
        Kind{"hevc",
             ".mp4",
             {.encoder = "libx265",
              .encoder_options = {{"preset", "ultrafast"}, {"crf", "10"}, {"x265-params", "log-level=none"}}}},
        Kind{"hevc_10",
             ".mkv",
             {.encoder = "libx265",
              .encoder_options = {{"preset", "ultrafast"}, {"crf", "10"}, {"x265-params", "log-level=none"}},
              .pixel_format = "yuv420p10le"}},
        Kind{
            "vp9",
            ".webm",
            {.encoder = "libvpx-vp9", .encoder_options = {{"cpu-used", "8"}, {"deadline", "realtime"}, {"b", "800k"}}}},
        Kind{"vp9_odd",
             ".webm",
             {.encoder = "libvpx-vp9",
              .encoder_options = {{"cpu-used", "8"}, {"deadline", "realtime"}, {"b", "800k"}},
              .width = 67,
              .height = 51}},
        Kind{"av1",
             ".mp4",
             {.encoder = "libsvtav1", .encoder_options = {{"preset", "12"}, {"crf", "20"}}, .width = 96, .height = 64}},
        Kind{"av1_aom",
             ".mkv",
             {.encoder = "libaom-av1",
              .encoder_options = {{"cpu-used", "8"}, {"crf", "15"}, {"usage", "realtime"}},
              .frames = 10}},
        Kind{"mpeg4", ".mp4", {.encoder = "mpeg4", .encoder_options = {{"b", "2M"}}}},
        Kind{"mpeg4_avi", ".avi", {.encoder = "mpeg4", .encoder_options = {{"b", "2M"}, {"bf", "2"}}}},
        Kind{"mjpeg",
             ".mkv",
             {.encoder = "mjpeg", .encoder_options = {{"b", "4M"}}, .pixel_format = "yuvj420p", .full_range = true}},
        Kind{"mjpeg_444",
             ".mov",
             {.encoder = "mjpeg", .encoder_options = {{"b", "4M"}}, .pixel_format = "yuvj444p", .full_range = true}}),
    [](const auto& kind) { return std::string(kind.param.name); });

struct Color {
  const char* name;
  const char* pixel_format;
  const char* matrix;
  bool full_range;
  Ycbcr stored;
  ColorMatrix expected_matrix;
  Ycbcr expected;
};

void PrintTo(const Color& color, std::ostream* out) {
  *out << color.name;
}

class EveryColor : public ::testing::TestWithParam<Color> {};

// Pure red, by the standards' own equations: Y = Kr·R …, Cr = (R − Y) / (2 − 2·Kr), 219 / 224 steps where limited.
TEST_P(EveryColor, CarriesMatrixAndRange) {
  const TempPath file(".mp4");
  const Color& color = GetParam();
  FixtureOptions options{.encoder_options = {{"preset", "ultrafast"}, {"crf", "4"}},
                         .pixel_format = color.pixel_format};
  options.frames = 3;
  options.matrix = color.matrix;
  options.full_range = color.full_range;
  options.paint = [&](int, int, int) { return color.stored; };
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  const auto frames = read_all(*FrameReader::open(file.str()));
  ASSERT_EQ(frames.size(), 3U);
  EXPECT_EQ(frames[0].picture.color.matrix, color.expected_matrix);
  EXPECT_EQ(frames[0].picture.color.range, color.full_range ? ColorRange::kFull : ColorRange::kLimited);
  expect_near(sample(frames[0], 31, 23), color.expected, 2);
}

INSTANTIATE_TEST_SUITE_P(
    All, EveryColor,
    ::testing::Values(
        Color{"bt601", "yuv420p", "smpte170m", false, {81, 90, 240}, ColorMatrix::kBt601, {81, 90, 240}},
        Color{"bt709", "yuv420p", "bt709", false, {63, 102, 240}, ColorMatrix::kBt709, {63, 102, 240}},
        Color{"bt601_full", "yuv420p", "smpte170m", true, {76, 85, 255}, ColorMatrix::kBt601, {76, 85, 255}},
        Color{"bt709_full", "yuv444p", "bt709", true, {54, 99, 255}, ColorMatrix::kBt709, {54, 99, 255}},
        Color{"bt709_10", "yuv420p10le", "bt709", false, {63, 102, 240}, ColorMatrix::kBt709, {63, 102, 240}},
        Color{"bt601_422", "yuv422p", "bt470bg", false, {81, 90, 240}, ColorMatrix::kBt601, {81, 90, 240}},
        Color{"unsaid_small", "yuv420p", "", false, {81, 90, 240}, ColorMatrix::kBt601, {81, 90, 240}},
        // BT.2020 red 0.8: Y = 16 + 219·0.2627·0.8; in BT.709 the same RGB is 16 + 219·0.2126·0.8, …
        Color{"bt2020", "yuv420p10le", "bt2020nc", false, {62, 103, 218}, ColorMatrix::kBt709, {53, 108, 218}}),
    [](const auto& color) { return std::string(color.param.name); });

TEST(FrameReader, LargeVideoThatSaysNothingIsBt709) {
  const TempPath file(".mp4");
  FixtureOptions options{.encoder_options = kX264Fast, .width = 1280, .height = 720, .frames = 1};
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  EXPECT_EQ(FrameReader::open(file.str())->next()->picture.color,
            (image::ColorSpace{ColorMatrix::kBt709, ColorRange::kLimited}));
}

struct Turn {
  const char* name;
  int degrees;
  int width, height;  // displayed
  int x, y;           // where the marked top-left corner is shown
};

class EveryRotation : public ::testing::TestWithParam<Turn> {};

TEST_P(EveryRotation, ShowsTheMarkedCornerWhereAPlayerDoes) {
  const TempPath file(".mp4");
  FixtureOptions options{.encoder_options = kX264Fast};
  options.frames = 2;
  options.rotate_clockwise = GetParam().degrees;
  options.paint = [](int x, int y, int) { return x < 16 && y < 16 ? Ycbcr{200, 90, 170} : Ycbcr{50, 128, 128}; };
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  const auto reader = FrameReader::open(file.str());
  EXPECT_EQ(reader->info().width, GetParam().width);
  EXPECT_EQ(reader->info().height, GetParam().height);
  const auto frame = reader->next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->width(), GetParam().width);
  EXPECT_EQ(frame->height(), GetParam().height);
  for (const int x : {7, GetParam().width - 8}) {
    for (const int y : {7, GetParam().height - 8}) {
      const bool marked = x == GetParam().x && y == GetParam().y;
      expect_near(sample(*frame, x, y), marked ? Ycbcr{200, 90, 170} : Ycbcr{50, 128, 128}, 6);
    }
  }
}

// 64 × 48 stored; turned clockwise by 90° the top-left corner is shown at the top right.
INSTANTIATE_TEST_SUITE_P(All, EveryRotation,
                         ::testing::Values(Turn{"none", 0, 64, 48, 7, 7}, Turn{"by90", 90, 48, 64, 40, 7},
                                           Turn{"by180", 180, 64, 48, 56, 40}, Turn{"by270", 270, 48, 64, 7, 56}),
                         [](const auto& turn) { return std::string(turn.param.name); });

TEST(FrameReader, KeepsVariableFrameTimes) {
  const TempPath file(".mkv");
  FixtureOptions options{.encoder_options = {{"preset", "veryfast"}, {"bf", "2"}}};
  options.ticks = {0, 33, 67, 400, 433, 1500, 1501, 2000};
  options.frames = 8;
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  const auto frames = read_all(*FrameReader::open(file.str()));
  ASSERT_EQ(frames.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(frames[i].pts_s, static_cast<double>(options.ticks[i]) / 1000, 1e-9);
}

TEST(FrameReader, EditListHidesTheFramesBeforeIt) {
  const TempPath file(".mp4");
  FixtureOptions options{.encoder_options = kX264Fast};
  options.first_tick = -5;
  options.muxer_options = {{"avoid_negative_ts", "disabled"}};
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  const auto frames = read_all(*FrameReader::open(file.str()));
  ASSERT_EQ(frames.size(), 20U);
  EXPECT_EQ(frame_of(frames[0].picture.y.at(10, 10)), 5);
  EXPECT_NEAR(frames[0].pts_s, 0, 1e-6);
  EXPECT_EQ(frames[0].index, 0);
}

TEST(FrameReader, FollowsAChangeOfSize) {
  const TempPath first(".h264");
  const TempPath second(".h264");
  const TempPath joined(".h264");
  if (!make_video(first.str(), {.encoder_options = kX264Fast, .frames = 10}))
    GTEST_SKIP() << "this FFmpeg has no libx264";
  make_video(second.str(), {.encoder_options = kX264Fast, .width = 96, .height = 80, .frames = 10});
  testing::write_bytes(joined.str(), testing::read_bytes(first.str()) + testing::read_bytes(second.str()));
  const auto frames = read_all(*FrameReader::open(joined.str()));
  ASSERT_EQ(frames.size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(frames[i].width(), i < 10 ? 64 : 96) << i;
    EXPECT_EQ(frames[i].height(), i < 10 ? 48 : 80) << i;
    EXPECT_EQ(frame_of(frames[i].picture.y.at(5, 5)), static_cast<int>(i % 10));
    if (i > 0) {
      EXPECT_GT(frames[i].pts_s, frames[i - 1].pts_s);
    }
  }
}

TEST(FrameReader, FramesOutliveTheReaderAndDoNotChange) {
  const TempPath file(".mp4");
  if (!make_video(file.str(), {.encoder_options = kX264Fast})) GTEST_SKIP() << "this FFmpeg has no libx264";
  std::vector<image::Frame> frames;
  {
    const auto reader = FrameReader::open(file.str());
    frames = read_all(*reader);
  }
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frame_of(frames[i].picture.y.at(40, 40)), static_cast<int>(i));
  }
}

TEST(FrameReader, OneThreadAndManyGiveTheSamePictures) {
  const TempPath file(".mp4");
  FixtureOptions options{.encoder_options = {{"preset", "veryfast"}, {"bf", "3"}}};
  options.paint = [](int x, int y, int i) { return Ycbcr{(x * 3 + y * 5 + i * 7) % 220 + 16, x + 60, y + 90}; };
  if (!make_video(file.str(), options)) GTEST_SKIP() << "this FFmpeg has no libx264";
  const auto one = read_all(*FrameReader::open(file.str(), {.threads = 1}));
  const auto many = read_all(*FrameReader::open(file.str(), {.threads = 5}));
  ASSERT_EQ(one.size(), many.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].pts_s, many[i].pts_s);
    for (int y = 0; y < one[i].height(); ++y) {
      const auto* row = one[i].picture.y.row(y);
      ASSERT_TRUE(std::equal(row, row + one[i].width(), many[i].picture.y.row(y))) << "frame " << i << " row " << y;
    }
  }
}

TEST(FrameReader, RefusesOptionsOutOfRange) {
  EXPECT_THROW(FrameReader::open("x.mp4", {.threads = 0}), base::Error);
  EXPECT_THROW(FrameReader::open("x.mp4", {.folder_frame_rate = 0}), base::Error);
  EXPECT_THROW(FrameReader::open("x.mp4", {.timeout_s = 0}), base::Error);
  EXPECT_THROW(FrameReader::open(""), base::Error);
}

}  // namespace
}  // namespace touchline::media
