#include "touchline/image/frame_pool.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "touchline/base/error.h"

namespace touchline::image {
namespace {

TEST(FramePool, OddSizesHaveRoundedUpChroma) {
  FramePool pool;
  const auto frame = pool.take(7, 5, {});
  EXPECT_EQ(frame.view().u.width, 4);
  EXPECT_EQ(frame.view().v.height, 3);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(frame.view().v.data) % 64, 0U);
}

TEST(FramePool, ReusesMemoryAfterTheLastCopyDies) {
  FramePool pool;
  const std::uint8_t* first = nullptr;
  {
    Frame frame = pool.take(64, 48, {}).finish(1.5, 3);
    EXPECT_EQ(frame.pts_s, 1.5);
    EXPECT_EQ(frame.index, 3);
    first = frame.picture.y.data;
    const Frame copy = frame;
    frame = {};
    EXPECT_NE(pool.take(64, 48, {}).view().y.data, first) << "the copy still reads this memory";
  }
  EXPECT_EQ(pool.take(64, 48, {}).view().y.data, first);
}

TEST(FramePool, FramesOutliveThePool) {
  Frame frame;
  {
    FramePool pool;
    auto writable = pool.take(16, 16, {});
    writable.view().y.at(15, 15) = 200;
    frame = std::move(writable).finish(0, 0);
  }
  EXPECT_EQ(frame.picture.y.at(15, 15), 200);
}

TEST(FramePool, CopyCopiesEveryPlane) {
  FramePool pool;
  auto source = pool.take(3, 3, {ColorMatrix::kBt601, ColorRange::kFull});
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 3; ++x) source.view().y.at(x, y) = static_cast<std::uint8_t>(10 * y + x);
  }
  for (int i = 0; i < 4; ++i) {
    source.view().u.at(i % 2, i / 2) = static_cast<std::uint8_t>(100 + i);
    source.view().v.at(i % 2, i / 2) = static_cast<std::uint8_t>(200 + i);
  }
  const auto copy = pool.copy(read_only(source.view()));
  EXPECT_EQ(copy.view().y.at(2, 2), 22);
  EXPECT_EQ(copy.view().u.at(1, 1), 103);
  EXPECT_EQ(copy.view().v.at(0, 1), 202);
  EXPECT_EQ(copy.view().color, (ColorSpace{ColorMatrix::kBt601, ColorRange::kFull}));
}

TEST(FramePool, RefusesImpossibleSizes) {
  FramePool pool;
  EXPECT_THROW(pool.take(0, 10, {}), base::Error);
  EXPECT_THROW(pool.take(10, 40000, {}), base::Error);
}

}  // namespace
}  // namespace touchline::image
