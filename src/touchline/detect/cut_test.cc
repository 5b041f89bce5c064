#include "touchline/detect/cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"

namespace touchline::detect {
namespace {

using match::CutSignature;

/// A made-up scene, continuous in place: cells of a camera that looks at `pan` (cells) with zoom and light.
CutSignature scene(int number, double pan = 0, double zoom = 1, double gain = 1, double offset = 0) {
  CutSignature signature;
  for (int y = 0; y < CutSignature::kRows; ++y) {
    for (int x = 0; x < CutSignature::kColumns; ++x) {
      const double u = (x - 7.5) / zoom + pan;
      const double v = (y - 4.0) / zoom;
      const double luma = 110 + 30 * std::sin(0.35 * u + number) + 25 * std::cos(0.5 * v + 2.3 * number);
      const double chroma_u = 112 + 10 * std::sin(0.3 * v + 1.7 * number);
      const double chroma_v = 118 + 12 * std::cos(0.25 * u - 0.9 * number);
      auto& cell = signature.cells[static_cast<std::size_t>(y * CutSignature::kColumns + x)];
      cell[0] = static_cast<std::uint8_t>(std::clamp(gain * luma + offset, 0.0, 255.0));
      cell[1] = static_cast<std::uint8_t>(chroma_u);
      cell[2] = static_cast<std::uint8_t>(chroma_v);
    }
  }
  return signature;
}

CutSignature gray(std::uint8_t luma) {
  CutSignature signature;
  signature.cells.fill({luma, 128, 128});
  return signature;
}

/// Frames (25 a second) at which a new shot begins.
std::vector<int> cuts_of(const std::vector<CutSignature>& frames) {
  CutDetector detector;
  std::vector<int> cuts;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (detector.update(frames[i], 0.04 * static_cast<double>(i))) cuts.push_back(static_cast<int>(i));
  }
  return cuts;
}

using Frames = std::vector<int>;

TEST(Cut, TwentyShotsHaveNineteenCuts) {
  std::vector<CutSignature> frames;
  Frames expected;
  for (int shot = 0; shot < 20; ++shot) {
    if (shot > 0) expected.push_back(static_cast<int>(frames.size()));
    const int length = 5 + 7 * shot % 31;
    for (int i = 0; i < length; ++i) frames.push_back(scene(shot, 0.05 * i));
  }
  EXPECT_EQ(cuts_of(frames), expected);
}

TEST(Cut, PansAndZoomsAreNone) {
  std::vector<CutSignature> frames;
  for (int i = 0; i < 40; ++i) frames.push_back(scene(3, 0.02 * i * i));  // up to 1.6 cells a frame
  for (int i = 0; i < 40; ++i) frames.push_back(scene(3, 30.42, 1 + 0.05 * i));
  EXPECT_EQ(cuts_of(frames), Frames{});
}

TEST(Cut, AWhipPanFromStandstillIsNone) {
  std::vector<CutSignature> frames(10, scene(3));
  for (int i = 1; i < 10; ++i) frames.push_back(scene(3, 2.5 * i));
  EXPECT_EQ(cuts_of(frames), Frames{});
}

TEST(Cut, FlashesAndGraphicsAreNone) {
  std::vector<CutSignature> frames(10, scene(5));
  frames.push_back(scene(5, 0, 1, 1.3, 40));  // a flash, partly beyond white
  for (int i = 0; i < 10; ++i) frames.push_back(scene(5));
  frames.push_back(gray(235));  // a white-out of one frame
  for (int i = 0; i < 10; ++i) frames.push_back(scene(5));
  CutSignature with_banner = scene(5);
  for (std::size_t i = 16 * 6; i < with_banner.cells.size(); ++i) with_banner.cells[i] = {40, 150, 90};
  for (int i = 0; i < 10; ++i) frames.push_back(with_banner);
  for (int i = 0; i < 10; ++i) frames.push_back(scene(5));
  EXPECT_EQ(cuts_of(frames), Frames{});
}

TEST(Cut, AFadeThroughBlackIsOne) {
  std::vector<CutSignature> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(scene(1, 0, 1, 1 - 0.05 * i, 0.8 * i));
  for (int i = 0; i < 10; ++i) frames.push_back(gray(16));
  const int begin = static_cast<int>(frames.size());
  for (int i = 0; i < 20; ++i) frames.push_back(scene(2, 0, 1, 0.1 + 0.045 * i, 14 - 0.7 * i));
  EXPECT_EQ(cuts_of(frames), Frames{begin});
}

TEST(Cut, AShortBlackoutToTheSamePictureIsNoneToAnotherIsOne) {
  std::vector<CutSignature> frames(5, scene(1));
  frames.push_back(gray(16));
  frames.push_back(gray(16));
  frames.insert(frames.end(), 5, scene(1));
  frames.push_back(gray(16));
  frames.insert(frames.end(), 5, scene(2));
  EXPECT_EQ(cuts_of(frames), Frames{13});
}

TEST(Cut, ALongBlackoutEndsAShotEvenWhenTheSamePictureReturns) {
  std::vector<CutSignature> frames(5, scene(1));
  frames.insert(frames.end(), 10, gray(16));
  frames.insert(frames.end(), 5, scene(1));
  EXPECT_EQ(cuts_of(frames), Frames{15});
}

/// The same light, and a structure like no other's.
CutSignature restless(std::mt19937& random) {
  CutSignature signature = scene(4);
  std::uniform_int_distribution<int> any(-60, 60);
  for (auto& value : signature.structure) value = static_cast<std::int8_t>(any(random));
  return signature;
}

TEST(Cut, AShotInWhichNoFrameIsLikeTheOneBeforeIsOne) {
  std::mt19937 random{1};
  CutSignature still = restless(random);
  std::vector<CutSignature> frames(10, still);
  for (int i = 0; i < 40; ++i) frames.push_back(restless(random));
  EXPECT_EQ(cuts_of(frames), Frames{10});
}

TEST(Cut, OfFewFramesASecondEachMayBeAShot) {
  CutDetector detector;
  EXPECT_FALSE(detector.update(scene(1), 0));
  EXPECT_TRUE(detector.update(scene(2), 1));
  EXPECT_TRUE(detector.update(scene(3), 2));
}

TEST(CutSignature, MeansOfCells) {
  image::FramePool pool;
  auto frame = pool.take(160, 90, {});
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 160; ++x) frame.view().y.at(x, y) = static_cast<std::uint8_t>(x / 10 * 10 + y / 10 + x % 2 * 2);
  }
  for (int y = 0; y < 45; ++y) {
    for (int x = 0; x < 80; ++x) {
      frame.view().u.at(x, y) = static_cast<std::uint8_t>(100 + x / 5);
      frame.view().v.at(x, y) = static_cast<std::uint8_t>(50 + y / 5);
    }
  }
  const auto signature = cut_signature(std::move(frame).finish(0, 0));
  EXPECT_EQ(signature.cells[0], (std::array<std::uint8_t, 3>{1, 100, 50}));
  EXPECT_EQ(signature.cells[16 * 4 + 7], (std::array<std::uint8_t, 3>{75, 107, 54}));
  EXPECT_EQ(signature.cells[143], (std::array<std::uint8_t, 3>{159, 115, 58}));
}

TEST(CutSignature, TinyAndOddPictures) {
  image::FramePool pool;
  for (const auto& [width, height] : {std::pair{1, 1}, {17, 9}, {15, 7}, {33, 500}}) {
    auto frame = pool.take(width, height, {});
    for (const auto& plane : {frame.view().y, frame.view().u, frame.view().v}) {
      for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, static_cast<std::uint8_t>(77));
    }
    for (const auto& cell : cut_signature(std::move(frame).finish(0, 0)).cells) {
      EXPECT_EQ(cell, (std::array<std::uint8_t, 3>{77, 77, 77}));
    }
  }
}

TEST(Cut, BrokenOptionsAreRefused) {
  EXPECT_THROW(CutDetector({.min_distance = -1}), base::Error);
  EXPECT_THROW(CutDetector({.min_ratio = 0.5F}), base::Error);
  EXPECT_THROW(CutDetector({.recent_s = 11}), base::Error);
  EXPECT_THROW(CutDetector({.max_blackout_s = -1}), base::Error);
}

}  // namespace
}  // namespace touchline::detect
