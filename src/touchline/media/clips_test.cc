// The real clips of the development data: as many frames as ffprobe -count_frames counts.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "touchline/media/frame_reader.h"

namespace touchline::media {
namespace {

struct Clip {
  const char* name;
  int width, height, frames;
};

class Clips : public testing::TestWithParam<Clip> {};

TEST_P(Clips, GiveAsManyFramesAsFfprobeCounts) {
  const std::string path = std::string(TOUCHLINE_SHARED_DIR "/data/clips/") + GetParam().name;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
  const auto reader = FrameReader::open(path);
  EXPECT_EQ(reader->info().width, GetParam().width);
  EXPECT_EQ(reader->info().height, GetParam().height);
  int frames = 0;
  double last_s = -1;
  while (const auto frame = reader->next()) {
    ASSERT_EQ(frame->index, frames);
    ASSERT_GT(frame->pts_s, last_s);
    last_s = frame->pts_s;
    ++frames;
  }
  EXPECT_EQ(frames, GetParam().frames);
  EXPECT_FALSE(reader->damage().any()) << reader->damage().sentence();
}

INSTANTIATE_TEST_SUITE_P(
    All, Clips,
    testing::Values(Clip{"broadcast_720p25.mp4", 1280, 720, 817}, Clip{"scouting_480p25.mp4", 848, 478, 169},
                    Clip{"goalmouth_720p50.mp4", 1280, 720, 302}, Clip{"tactical_720p30.mp4", 1280, 720, 442},
                    Clip{"static_hevc_3072x1728p25.mp4", 3072, 1728, 250},
                    Clip{"portrait_720x1280p25.mp4", 720, 1280, 506}, Clip{"closeups_1080p25.mp4", 1920, 1080, 242}),
    [](const auto& clip) { return std::string(clip.param.name, std::string(clip.param.name).find('_')); });

}  // namespace
}  // namespace touchline::media
