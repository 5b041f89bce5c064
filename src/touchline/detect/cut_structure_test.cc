#include "touchline/detect/cut_structure.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/detect/cut.h"
#include "touchline/image/frame_pool.h"

namespace touchline::detect {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;

/// A picture of blocks of pseudo-random luma, 10 × 10 pixels each, seen from `pan_px` further right.
image::Frame blocks(unsigned seed, int pan_px = 0, int gain_percent = 100, int offset = 0) {
  image::FramePool pool;
  auto frame = pool.take(kWidth, kHeight, {});
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      unsigned state =
          seed * 7919U + static_cast<unsigned>((x + pan_px) / 10) * 31U + static_cast<unsigned>(y / 10) * 1009U;
      state = state * 1664525U + 1013904223U;
      state = (state ^ (state >> 15)) * 2246822519U;
      const int luma = 80 + static_cast<int>(state >> 25) / 2;
      frame.view().y.at(x, y) = static_cast<std::uint8_t>(luma * gain_percent / 100 + offset);
    }
  }
  for (const auto& plane : {frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, std::uint8_t{120});
  }
  return std::move(frame).finish(0, 0);
}

match::CutSignature structure_of(const image::Frame& frame) {
  match::CutSignature signature;
  add_structure(signature, frame.picture.y);
  return signature;
}

TEST(CutStructure, AgreesWithItselfUnderOtherLight) {
  const auto a = structure_of(blocks(1));
  EXPECT_NEAR(structure_agreement(a, a), 1, 1e-6);
  EXPECT_GT(structure_agreement(a, structure_of(blocks(1, 0, 60, 40))), 0.98F);
}

TEST(CutStructure, FollowsAPan) {
  // 10 pixels are one cell of 640 / 64.
  EXPECT_GT(structure_agreement(structure_of(blocks(1)), structure_of(blocks(1, 70))), 0.9F);
  EXPECT_GT(structure_agreement(structure_of(blocks(1, 100)), structure_of(blocks(1))), 0.9F);
}

TEST(CutStructure, ForeignPicturesDoNotAgree) {
  for (unsigned seed = 2; seed < 8; ++seed) {
    EXPECT_LT(structure_agreement(structure_of(blocks(1)), structure_of(blocks(seed))), 0.3F) << seed;
  }
}

TEST(CutStructure, NothingToSeeIsNoEvidence) {
  EXPECT_EQ(structure_agreement(structure_of(blocks(1, 0, 0, 90)), structure_of(blocks(1))), 1);
}

TEST(CutStructure, TinyPicturesRepeatTheirSamples) {
  image::FramePool pool;
  auto frame = pool.take(3, 1, {});
  for (int x = 0; x < 3; ++x) frame.view().y.at(x, 0) = static_cast<std::uint8_t>(100 * x);
  EXPECT_NEAR(structure_agreement(structure_of(std::move(frame).finish(0, 0)), structure_of(blocks(1))), 0, 0.6);
}

TEST(CutStructure, ACutBetweenTwoCamerasOnTheSameGrassIsFound) {
  CutDetector detector;
  std::vector<int> cuts;
  for (int i = 0; i < 30; ++i) {
    if (detector.update(cut_signature(blocks(i < 15 ? 1 : 2, 3 * i)), 0.04 * i)) cuts.push_back(i);
  }
  EXPECT_EQ(cuts, std::vector<int>{15});
}

}  // namespace
}  // namespace touchline::detect
