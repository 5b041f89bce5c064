#include "touchline/media/video_writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"
#include "touchline/media/ffmpeg/demuxer.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/testing/fixture.h"

namespace touchline::media {
namespace {

using image::ColorMatrix;
using image::ColorRange;
using testing::error_of;
using testing::frame_of;
using testing::luma_of;
using testing::plain_frame;
using testing::TempPath;

class VideoWriterTest : public ::testing::Test {
 protected:
  image::Frame frame(int i, double pts_s, int width = 64, int height = 48) {
    return plain_frame(pool_, width, height, {luma_of(i), 100, 160}, pts_s);
  }

  // A picture that no encoder can make small.
  image::Frame noise(int i, double pts_s) {
    auto picture = pool_.take(320, 240, {});
    for (int y = 0; y < 240; ++y) {
      for (int x = 0; x < 320; ++x) {
        const unsigned hash = static_cast<unsigned>(x * 7919 + y * 104729 + i * 1299709) * 2654435761U;
        picture.view().y.at(x, y) = static_cast<std::uint8_t>(y < 32 ? luma_of(i) : 60 + (hash >> 25));
      }
    }
    for (const auto& plane : {picture.view().u, picture.view().v}) {
      for (int y = 0; y < plane.height; ++y) std::fill(plane.row(y), plane.row(y) + plane.width, std::uint8_t{128});
    }
    return std::move(picture).finish(pts_s, i);
  }

  image::FramePool pool_;
};

std::vector<image::Frame> read_all(const std::string& path) {
  const auto reader = FrameReader::open(path);
  std::vector<image::Frame> frames;
  while (auto frame = reader->next()) frames.push_back(std::move(*frame));
  return frames;
}

struct AudioPackets {
  std::vector<double> times_s;
  std::string bytes;
};

AudioPackets audio_of(const std::string& path) {
  Demuxer demuxer(path, AVMEDIA_TYPE_AUDIO, {});
  const UniquePacket packet = make_packet();
  AudioPackets audio;
  while (demuxer.read(*packet) == Demuxer::Outcome::kPacket) {
    audio.times_s.push_back(static_cast<double>(packet->pts) * av_q2d(demuxer.stream().time_base));
    audio.bytes.append(reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size));
    av_packet_unref(packet.get());
  }
  return audio;
}

// Names of the top-level boxes, in order.
std::vector<std::string> boxes_of(const std::string& path) {
  const std::string bytes = testing::read_bytes(path);
  std::vector<std::string> boxes;
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(bytes[at + i]);
    boxes.push_back(bytes.substr(at + 4, 4));
    if (size < 8) break;
    at += size;
  }
  return boxes;
}

class EveryPreset : public VideoWriterTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(EveryPreset, KeepsCountOrderPicturesAndTimes) {
  const TempPath file(".mp4");
  auto writer = VideoWriter::open(file.str(), {.frame_rate = 30000.0 / 1001, .preset = GetParam()});
  for (int i = 0; i < 70; ++i) writer->write(frame(i, 0.5 + i * 1001.0 / 30000));
  EXPECT_EQ(writer->frames(), 70);
  writer->finish();
  writer->finish();
  const auto frames = read_all(file.str());
  ASSERT_EQ(frames.size(), 70U);
  for (int i = 0; i < 70; ++i) {
    const auto& read = frames[static_cast<std::size_t>(i)];
    EXPECT_NEAR(read.pts_s, 0.5 + i * 1001.0 / 30000, 5e-6);
    EXPECT_EQ(frame_of(read.picture.y.at(30, 20)), i);
    EXPECT_NEAR(read.picture.u.at(15, 10), 100, 2);
    EXPECT_NEAR(read.picture.v.at(15, 10), 160, 2);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryPreset, ::testing::Values("ultrafast", "superfast", "veryfast", "medium"),
                         [](const auto& preset) { return std::string(preset.param); });

TEST_F(VideoWriterTest, KeepsVariableFrameTimes) {
  const TempPath file(".mp4");
  const std::vector<double> times = {0, 0.001, 0.0334, 0.0667, 0.4, 2.5, 2.540001, 7};
  auto writer = VideoWriter::open(file.str(), {});
  for (std::size_t i = 0; i < times.size(); ++i) writer->write(frame(static_cast<int>(i), times[i]));
  writer->finish();
  const auto frames = read_all(file.str());
  ASSERT_EQ(frames.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(frames[i].pts_s, times[i], 5e-6);
}

TEST_F(VideoWriterTest, FarAndNegativeStartsMoveToZero) {
  for (const double start_s : {95443.7, -3.2}) {
    const TempPath file(".mp4");
    auto writer = VideoWriter::open(file.str(), {});
    for (int i = 0; i < 5; ++i) writer->write(frame(i, start_s + i * 0.04));
    writer->finish();
    const auto frames = read_all(file.str());
    ASSERT_EQ(frames.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(frames[i].pts_s, static_cast<double>(i) * 0.04, 5e-6);
  }
}

TEST_F(VideoWriterTest, OddSizesGrowByARepeatedBorder) {
  const TempPath file(".mp4");
  auto picture = pool_.take(63, 47, {});
  for (int y = 0; y < 47; ++y) {
    for (int x = 0; x < 63; ++x) picture.view().y.at(x, y) = static_cast<std::uint8_t>(x < 48 ? 60 : 180);
  }
  for (const auto& plane : {picture.view().u, picture.view().v}) {
    for (int y = 0; y < plane.height; ++y) std::fill(plane.row(y), plane.row(y) + plane.width, std::uint8_t{128});
  }
  auto writer = VideoWriter::open(file.str(), {.crf = 10});
  writer->write(std::move(picture).finish(0, 0));
  writer->finish();
  const auto frames = read_all(file.str());
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].width(), 64);
  EXPECT_EQ(frames[0].height(), 48);
  EXPECT_NEAR(frames[0].picture.y.at(63, 47), 180, 4);
  EXPECT_NEAR(frames[0].picture.y.at(3, 47), 60, 4);
}

TEST_F(VideoWriterTest, FramesOfAnotherSizeAreScaledToTheFirst) {
  const TempPath file(".mp4");
  auto writer = VideoWriter::open(file.str(), {});
  writer->write(frame(1, 0));
  writer->write(frame(20, 0.04, 128, 31));
  writer->write(frame(40, 0.08, 1, 1));
  writer->finish();
  const auto frames = read_all(file.str());
  ASSERT_EQ(frames.size(), 3U);
  for (const auto& read : frames) {
    EXPECT_EQ(read.width(), 64);
    EXPECT_EQ(read.height(), 48);
  }
  EXPECT_EQ(frame_of(frames[1].picture.y.at(60, 40)), 20);
  EXPECT_EQ(frame_of(frames[2].picture.y.at(60, 40)), 40);
}

TEST_F(VideoWriterTest, TheSizeAskedForWins) {
  const TempPath file(".mp4");
  auto writer = VideoWriter::open(file.str(), {.width = 32, .height = 36});
  writer->write(frame(3, 0));
  writer->finish();
  const auto reader = FrameReader::open(file.str());
  EXPECT_EQ(reader->info().width, 32);
  EXPECT_EQ(reader->info().height, 36);
}

TEST_F(VideoWriterTest, WritesColorTagsAndConvertsOtherSpaces) {
  for (const image::ColorSpace space : {image::ColorSpace{ColorMatrix::kBt601, ColorRange::kLimited},
                                        image::ColorSpace{ColorMatrix::kBt709, ColorRange::kLimited},
                                        image::ColorSpace{ColorMatrix::kBt601, ColorRange::kFull},
                                        image::ColorSpace{ColorMatrix::kBt709, ColorRange::kFull}}) {
    const TempPath file(".mp4");
    auto writer = VideoWriter::open(file.str(), {.crf = 5});
    writer->write(plain_frame(pool_, 1280, 720, {120, 100, 150}, 0, space));
    // Pure red in BT.601 full range, whatever the first frame's space.
    writer->write(plain_frame(pool_, 1280, 720, {76, 85, 255}, 0.04, {ColorMatrix::kBt601, ColorRange::kFull}));
    writer->finish();
    const auto frames = read_all(file.str());
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0].picture.color, space);
    EXPECT_NEAR(frames[0].picture.y.at(64, 48), 120, 2);
    const bool hd = space.matrix == ColorMatrix::kBt709;
    const bool full = space.range == ColorRange::kFull;
    const int red = hd ? (full ? 54 : 63) : (full ? 76 : 81);
    EXPECT_NEAR(frames[1].picture.y.at(64, 48), red, 3) << hd << full;
    EXPECT_NEAR(frames[1].picture.v.at(64, 48), full ? 255 : 240, 3);
  }
}

TEST_F(VideoWriterTest, FinishedFileHasItsIndexInFront) {
  const TempPath file(".mp4");
  auto writer = VideoWriter::open(file.str(), {});
  for (int i = 0; i < 60; ++i) writer->write(frame(i, i * 0.04));
  writer->finish();
  const auto boxes = boxes_of(file.str());
  ASSERT_GE(boxes.size(), 3U);
  EXPECT_EQ(boxes[0], "ftyp");
  EXPECT_EQ(boxes[1], "moov");
  EXPECT_EQ(std::count(boxes.begin(), boxes.end(), "moof"), 0);
  EXPECT_FALSE(std::filesystem::exists(file.str() + ".part"));
}

TEST_F(VideoWriterTest, StaysFragmentedWhereThereIsNoRoomForAnIndex) {
  const TempPath file(".mp4");
  const TempPath in_the_way(".unused");
  auto writer = VideoWriter::open(file.str(), {});
  for (int i = 0; i < 60; ++i) writer->write(frame(i, i * 0.04));
  std::filesystem::create_directory(file.str() + ".part");
  EXPECT_NO_THROW(writer->finish());
  std::filesystem::remove(file.str() + ".part");
  EXPECT_EQ(read_all(file.str()).size(), 60U);
}

TEST_F(VideoWriterTest, KilledRunLeavesAVideoThatPlays) {
  const TempPath file(".mp4");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto writer = VideoWriter::open(file.str(), {.threads = 1});
    for (int i = 0; i < 70; ++i) writer->write(frame(i, i * 0.1));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto frames = read_all(file.str());
  ASSERT_GE(frames.size(), 40U);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const int named = frame_of(frames[i].picture.y.at(30, 20));
    EXPECT_NEAR(frames[i].pts_s, named * 0.1, 5e-6);
    if (i < 40) {
      EXPECT_EQ(named, static_cast<int>(i)) << "only the torn end may lack the frames between two references";
    }
  }
}

TEST_F(VideoWriterTest, CopiesSoundAtItsTimes) {
  for (const char* ending : {".mp4", ".mkv", ".ts"}) {
    const TempPath source(ending);
    const TempPath file(".mp4");
    if (!testing::make_video(source.str(), {.frames = 50, .sound = "aac"})) GTEST_SKIP() << "no libx264 or aac here";
    auto writer = VideoWriter::open(file.str(), {.audio_from = source.str()});
    EXPECT_EQ(writer->audio_note(), "");
    const auto pictures = read_all(source.str());
    for (const auto& picture : pictures) writer->write(picture);
    writer->finish();
    const auto before = audio_of(source.str());
    const auto after = audio_of(file.str());
    ASSERT_GT(before.times_s.size(), 80U);
    ASSERT_EQ(after.times_s.size(), before.times_s.size())
        << ending << " from " << before.times_s.front() << " to " << before.times_s.back() << "; copied from "
        << after.times_s.front() << " to " << after.times_s.back();
    for (std::size_t i = 0; i < after.times_s.size(); ++i) EXPECT_NEAR(after.times_s[i], before.times_s[i], 2e-3);
    if (std::string(ending) != ".ts") {
      EXPECT_EQ(after.bytes, before.bytes) << "copied, not encoded again";
    }
    EXPECT_TRUE(FrameReader::open(file.str())->info().has_audio);
    EXPECT_NEAR(read_all(file.str()).front().pts_s, pictures.front().pts_s, 5e-6);
  }
}

TEST_F(VideoWriterTest, SoundThatCannotBeCopiedIsLeftOutWithANote) {
  const TempPath wave(".mkv");
  const TempPath silent(".mp4");
  const TempPath file(".mp4");
  if (!testing::make_video(wave.str(), {.sound = "wmav2"})) GTEST_SKIP() << "no libx264 or wmav2 here";
  testing::make_video(silent.str());
  const std::map<std::string, std::string> notes = {
      {wave.str(), "sound left out: MP4 cannot hold wmav2"},
      {silent.str(), "sound left out: " + silent.str() + " has no sound"},
      {"-", "sound left out: standard input can be read only once"},
      {"rtsp://127.0.0.1:9/x", "sound left out: rtsp://127.0.0.1:9/x can be read only once"},
  };
  for (const auto& [input, note] : notes) {
    auto writer = VideoWriter::open(file.str(), {.audio_from = input});
    EXPECT_EQ(writer->audio_note(), note);
    writer->write(frame(0, 0));
    writer->finish();
    EXPECT_EQ(read_all(file.str()).size(), 1U);
  }
}

TEST_F(VideoWriterTest, PlacesThatCannotBeWritten) {
  EXPECT_EQ(
      error_of([] { VideoWriter::open("/no/such/folder/a.mp4"); }),
      "cannot write /no/such/folder/a.mp4: No such file or directory; choose another place or check its permissions");
  EXPECT_TRUE(error_of([] { VideoWriter::open(::testing::TempDir()); }).find("Is a directory") != std::string::npos);
}

TEST_F(VideoWriterTest, FullDeviceIsOneSentence) {
  auto writer = VideoWriter::open("/dev/full", {});
  const std::string error = error_of([&] {
    for (int i = 0; i < 200; ++i) writer->write(frame(i, i * 0.04));
    writer->finish();
  });
  EXPECT_EQ(error, "cannot write /dev/full: No space left on device; free some space or choose another place");
  EXPECT_NO_THROW(writer->write(frame(0, 100)));
  EXPECT_NO_THROW(writer->finish());
}

// A limit on file sizes stands in for a disk that fills up in the middle.
TEST_F(VideoWriterTest, DiskThatFillsUpKeepsWhatWasWritten) {
  const TempPath file(".mp4");
  auto writer = VideoWriter::open(file.str(), {.crf = 18});
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{600'000, before.rlim_max};
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  int given = 0;
  const std::string error = error_of([&] {
    for (; given < 400; ++given) writer->write(noise(given, given * 0.04));
  });
  writer->finish();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(error, "cannot write " + file.str() +
                       ": File too large; free some space or choose another place (what was written until then plays)");
  const auto frames = read_all(file.str());
  EXPECT_GE(static_cast<int>(frames.size()), 5);
  EXPECT_LE(static_cast<int>(frames.size()), given);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frame_of(frames[i].picture.y.at(100, 10)), static_cast<int>(i) % 70);
  }
}

TEST_F(VideoWriterTest, WithoutFramesNoFileIsLeft) {
  const TempPath file(".mp4");
  VideoWriter::open(file.str())->finish();
  EXPECT_FALSE(std::filesystem::exists(file.str()));
}

TEST_F(VideoWriterTest, BrokenContracts) {
  const TempPath file(".mp4");
  for (const WriteOptions& options :
       {WriteOptions{.width = 64}, WriteOptions{.width = -2, .height = 2}, WriteOptions{.frame_rate = 0},
        WriteOptions{.preset = "warp"}, WriteOptions{.crf = 52}, WriteOptions{.threads = 0},
        WriteOptions{.key_frame_s = 0}}) {
    EXPECT_THROW(VideoWriter::open(file.str(), options), base::Error);
  }
  auto writer = VideoWriter::open(file.str());
  writer->write(frame(0, 1.0));
  EXPECT_THROW(writer->write(frame(1, 1.0)), base::Error);
  EXPECT_NO_THROW(writer->write(frame(1, 1.04))) << "a refused frame does not end the video";
  writer->finish();
  EXPECT_EQ(read_all(file.str()).size(), 2U);
}

}  // namespace
}  // namespace touchline::media
