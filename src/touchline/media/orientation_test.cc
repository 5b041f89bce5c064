#include "touchline/media/orientation.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"

namespace touchline::media {
namespace {

constexpr int kOne = 1 << 16;

// 3 × 2 luma "abc / def", 2 × 1 chroma.
image::WritableFrame letters(image::FramePool& pool) {
  auto frame = pool.take(3, 2, {});
  const std::string text = "abcdef";
  for (int i = 0; i < 6; ++i)
    frame.view().y.at(i % 3, i / 3) = static_cast<std::uint8_t>(text[static_cast<std::size_t>(i)]);
  for (int i = 0; i < 2; ++i) {
    frame.view().u.at(i, 0) = static_cast<std::uint8_t>('u' + i);
    frame.view().v.at(i, 0) = static_cast<std::uint8_t>('x' + i);
  }
  return frame;
}

std::string text_of(const image::Plane& plane) {
  std::string text;
  for (int y = 0; y < plane.height; ++y) {
    if (y > 0) text += '/';
    for (int x = 0; x < plane.width; ++x) text += static_cast<char>(plane.at(x, y));
  }
  return text;
}

struct Case {
  std::array<int, 9> matrix;
  Orientation orientation;
  const char* luma;
  const char* u;
};

// Matrices and results by hand: x' = m0·x + m3·y, y' = m1·x + m4·y, y down.
const std::vector<Case> kCases = {
    {{kOne, 0, 0, 0, kOne, 0, 0, 0, 0}, {false, false, false}, "abc/def", "uv"},
    {{0, kOne, 0, -kOne, 0, 0, 0, 0, 0}, {true, true, false}, "da/eb/fc", "u/v"},
    {{-kOne, 0, 0, 0, -kOne, 0, 0, 0, 0}, {false, true, true}, "fed/cba", "vu"},
    {{0, -kOne, 0, kOne, 0, 0, 0, 0, 0}, {true, false, true}, "cf/be/ad", "v/u"},
    {{-kOne, 0, 0, 0, kOne, 0, 0, 0, 0}, {false, true, false}, "cba/fed", "vu"},
    {{kOne, 0, 0, 0, -kOne, 0, 0, 0, 0}, {false, false, true}, "def/abc", "uv"},
    {{0, kOne, 0, kOne, 0, 0, 0, 0, 0}, {true, false, false}, "ad/be/cf", "u/v"},
    {{0, -kOne, 0, -kOne, 0, 0, 0, 0, 0}, {true, true, true}, "fc/eb/da", "v/u"},
};

TEST(Orientation, EightWaysOfTurning) {
  image::FramePool pool;
  for (const Case& c : kCases) {
    EXPECT_EQ(orientation_of(c.matrix.data()), c.orientation) << c.luma;
    const auto source = letters(pool);
    const bool transpose = c.orientation.transpose;
    const auto target = pool.take(transpose ? 2 : 3, transpose ? 3 : 2, {});
    orient(target.view(), image::read_only(source.view()), c.orientation);
    EXPECT_EQ(text_of(target.view().y), c.luma);
    EXPECT_EQ(text_of(target.view().u), c.u);
  }
}

TEST(Orientation, LargerThanATileAndBack) {
  image::FramePool pool;
  auto source = pool.take(37, 50, {});
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 37; ++x) source.view().y.at(x, y) = static_cast<std::uint8_t>(x * 5 + y * 3);
  }
  const auto turned = pool.take(50, 37, {});
  orient(turned.view(), image::read_only(source.view()), {true, true, false});
  EXPECT_EQ(turned.view().y.at(49, 0), source.view().y.at(0, 0));
  const auto back = pool.take(37, 50, {});
  orient(back.view(), image::read_only(turned.view()), {true, false, true});
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 37; ++x) ASSERT_EQ(back.view().y.at(x, y), source.view().y.at(x, y)) << x << "," << y;
  }
}

TEST(Orientation, NoMatrixIsIdentity) {
  EXPECT_TRUE(orientation_of(static_cast<const int*>(nullptr)).identity());
}

TEST(Orientation, RefusesSizesThatDoNotFit) {
  image::FramePool pool;
  const auto source = letters(pool);
  const auto target = pool.take(3, 2, {});
  EXPECT_THROW(orient(target.view(), image::read_only(source.view()), {true, false, false}), base::Error);
}

}  // namespace
}  // namespace touchline::media
