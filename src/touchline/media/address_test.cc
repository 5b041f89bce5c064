// Inputs that are no files: addresses and standard input; and that stop is obeyed everywhere.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "touchline/base/clock.h"
#include "touchline/media/ffmpeg/demuxer.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/testing/fixture.h"
#include "touchline/media/testing/http_server.h"

namespace touchline::media {
namespace {

using testing::error_of;
using testing::frame_of;
using testing::HttpServer;
using testing::make_video;
using testing::TempPath;

// A busy machine may be slow, but everything that would otherwise end a wait takes 10 s or more.
constexpr double kPromptly_s = 8;

// A fixture's bytes, large enough that the server cannot hand all to the kernel at once; empty without libx264.
std::string video_bytes(const std::string& ending, bool index_first = true) {
  const TempPath file(ending);
  testing::FixtureOptions options{.encoder_options = {{"preset", "ultrafast"}, {"qp", "4"}, {"g", "10"}}};
  options.width = 160;
  options.height = 120;
  options.frames = 50;
  options.paint = [](int x, int y, int i) {
    const unsigned hash = static_cast<unsigned>(x * 7919 + y * 104729 + i * 1299709) * 2654435761U;
    return testing::Ycbcr{y < 32 ? testing::luma_of(i) : static_cast<int>(60 + (hash >> 25)), 128, 128};
  };
  if (index_first && ending == ".mp4") options.muxer_options = {{"movflags", "+faststart"}};
  return make_video(file.str(), options) ? testing::read_bytes(file.str()) : std::string();
}

int count_frames(FrameReader& reader) {
  int frames = 0;
  while (const auto frame = reader.next()) {
    EXPECT_EQ(frame_of(frame->picture.y.at(3, 3)), frames);
    ++frames;
  }
  return frames;
}

/// Standard input is another descriptor while this lives.
class StdinFrom {
 public:
  explicit StdinFrom(int descriptor) : saved_(dup(STDIN_FILENO)) { dup2(descriptor, STDIN_FILENO); }
  ~StdinFrom() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  StdinFrom(const StdinFrom&) = delete;
  StdinFrom& operator=(const StdinFrom&) = delete;

 private:
  int saved_;
};

TEST(Address, KindsOfInput) {
  EXPECT_EQ(kind_of("-"), InputKind::kStdin);
  EXPECT_EQ(kind_of("rtsp://camera/1"), InputKind::kAddress);
  EXPECT_EQ(kind_of("https://host/a.m3u8"), InputKind::kAddress);
  EXPECT_EQ(kind_of("file:///tmp/a.mp4"), InputKind::kFile);
  EXPECT_EQ(kind_of("a:b.mp4"), InputKind::kFile);
  EXPECT_EQ(kind_of("my clips/what://ever.mp4"), InputKind::kFile);
}

TEST(Address, ReadsOverHttp) {
  for (const bool index_first : {true, false}) {
    const std::string bytes = video_bytes(".mp4", index_first);
    if (bytes.empty()) GTEST_SKIP() << "this FFmpeg has no libx264";
    const HttpServer server(bytes, HttpServer::Manner::kServe);
    const auto reader = FrameReader::open(server.address());
    EXPECT_EQ(count_frames(*reader), 50);
    EXPECT_FALSE(reader->damage().any());
  }
}

TEST(Address, ReconnectsWhenTheServerDropsTheConnection) {
  const std::string bytes = video_bytes(".mp4");
  if (bytes.empty()) GTEST_SKIP() << "this FFmpeg has no libx264";
  const HttpServer server(bytes, HttpServer::Manner::kDropOnce);
  const auto reader = FrameReader::open(server.address());
  EXPECT_EQ(count_frames(*reader), 50);
  EXPECT_GE(server.connections(), 2);
}

TEST(Address, SilentServerIsLeftAfterTheTimeout) {
  const HttpServer server("", HttpServer::Manner::kSilent);
  const base::Stopwatch watch;
  EXPECT_EQ(error_of([&] { FrameReader::open(server.address(), {.timeout_s = 0.4}); }),
            server.address() + " does not answer within 0.4 s; check the address and the network");
  EXPECT_LT(watch.elapsed_s(), kPromptly_s);
}

TEST(Address, MissingPageAndClosedPort) {
  std::string gone;
  {
    const HttpServer server("", HttpServer::Manner::kMissing);
    gone = server.address();
    EXPECT_EQ(error_of([&] { FrameReader::open(gone); }),
              "cannot open " + gone + ": Server returned 404 Not Found; check the address and the network");
  }
  EXPECT_EQ(error_of([&] { FrameReader::open(gone); }),
            "cannot open " + gone + ": Connection refused; check the address and the network");
}

TEST(Address, TextFromAServer) {
  const HttpServer server("<html>this is no video</html>", HttpServer::Manner::kServe);
  EXPECT_EQ(error_of([&] { FrameReader::open(server.address()); }),
            server.address() + " answers, but not with a video that can be read; check the address");
}

TEST(Address, PlaylistFromAServerCannotOpenLocalFiles) {
  const TempPath local(".ts");
  if (!make_video(local.str())) GTEST_SKIP() << "this FFmpeg has no libx264";
  const HttpServer server("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://" + local.str() + "\n#EXT-X-ENDLIST\n",
                          HttpServer::Manner::kServe);
  EXPECT_NE(error_of([&] { FrameReader::open(server.address(), {.timeout_s = 2}); }), "no error");
}

TEST(Address, StopEndsASilentConnectionAtOnce) {
  const HttpServer server("", HttpServer::Manner::kSilent);
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop.request_stop();
  });
  const base::Stopwatch watch;
  EXPECT_EQ(error_of([&] { FrameReader::open(server.address(), {.stop = stop.get_token()}); }),
            "stopped before " + server.address() + " was opened");
  EXPECT_LT(watch.elapsed_s(), kPromptly_s);
}

TEST(Stdin, ReadsAStreamableVideo) {
  for (const char* ending : {".mp4", ".mkv", ".ts"}) {
    const std::string bytes = video_bytes(ending);
    if (bytes.empty()) GTEST_SKIP() << "this FFmpeg has no libx264";
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const std::jthread writer([&] {
      std::size_t sent = 0;
      while (sent < bytes.size()) {
        const auto count = write(ends[1], bytes.data() + sent, bytes.size() - sent);
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
      }
      close(ends[1]);
    });
    const StdinFrom stdin_from(ends[0]);
    const auto reader = FrameReader::open("-");
    EXPECT_EQ(count_frames(*reader), 50) << ending;
    close(ends[0]);
  }
}

TEST(Stdin, NothingAndText) {
  const int null = open("/dev/null", O_RDONLY);
  {
    const StdinFrom stdin_from(null);
    EXPECT_EQ(error_of([] { FrameReader::open("-"); }), "standard input is empty; pipe a video into it");
  }
  close(null);
  const TempPath text(".txt");
  testing::write_bytes(text.str(), "this is no video\n");
  const int file = open(text.str().c_str(), O_RDONLY);
  {
    const StdinFrom stdin_from(file);
    EXPECT_TRUE(error_of([] { FrameReader::open("-"); }).starts_with("standard input is no video that can be read"));
  }
  close(file);
}

TEST(Stdin, StopEndsAWaitingPipeAtOnce) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const StdinFrom stdin_from(ends[0]);
  std::stop_source stop;
  const std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop.request_stop();
  });
  const base::Stopwatch watch;
  EXPECT_EQ(error_of([&] { FrameReader::open("-", {.stop = stop.get_token()}); }),
            "stopped before standard input was opened");
  EXPECT_LT(watch.elapsed_s(), kPromptly_s);
  close(ends[0]);
  close(ends[1]);
}

TEST(Stop, NextAnswersNoMore) {
  const TempPath file(".mp4");
  if (!make_video(file.str())) GTEST_SKIP() << "this FFmpeg has no libx264";
  std::stop_source stop;
  const auto reader = FrameReader::open(file.str(), {.stop = stop.get_token()});
  EXPECT_TRUE(reader->next());
  stop.request_stop();
  EXPECT_FALSE(reader->next());
}

}  // namespace
}  // namespace touchline::media
