#include "touchline/media/video_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "touchline/image/frame_pool.h"
#include "touchline/media/frame_reader.h"

namespace touchline::media {
namespace {

image::Frame gray_frame(image::FramePool& pool, int width, int height, int luma, double pts_s, std::int64_t index) {
  auto frame = pool.take(width, height, {});
  for (const auto& plane : {frame.view().y, frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) {
      std::fill(plane.row(y), plane.row(y) + plane.width, static_cast<std::uint8_t>(128));
    }
  }
  for (int y = 0; y < height; ++y) {
    std::fill(frame.view().y.row(y), frame.view().y.row(y) + width, static_cast<std::uint8_t>(luma));
  }
  return std::move(frame).finish(pts_s, index);
}

TEST(VideoWriter, KeepsCountOrderAndTimes) {
  const std::string path = testing::TempDir() + "touchline_writer.mp4";
  image::FramePool pool;
  auto writer = VideoWriter::open(path, {.frame_rate = 30});
  for (int i = 0; i < 75; ++i) writer->write(gray_frame(pool, 64, 48, 20 + 2 * i, 0.5 + i * 1001.0 / 30000, i));
  writer->finish();
  const auto reader = FrameReader::open(path);
  for (int i = 0; i < 75; ++i) {
    const auto frame = reader->next();
    ASSERT_TRUE(frame);
    EXPECT_NEAR(frame->pts_s, 0.5 + i * 1001.0 / 30000, 5e-6);
    EXPECT_NEAR(frame->picture.y.at(30, 20), 20 + 2 * i, 2);
  }
  EXPECT_FALSE(reader->next());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace touchline::media
