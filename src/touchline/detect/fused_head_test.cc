#include "touchline/detect/fused_head.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

constexpr int kWidth = 64;
constexpr int kHeight = 32;
constexpr std::size_t kCells = 8 * 4 + 4 * 2 + 2 * 1;  // strides 8, 16, 32

/// No cell sees anything.
std::vector<float> empty_det() {
  return std::vector<float>(68 * kCells, -10.0F);
}

void set(std::vector<float>& det, std::size_t row, std::size_t cell, float value) {
  det[row * kCells + cell] = value;
}

TEST(FusedBoxes, CellCount) {
  EXPECT_EQ(fused_cell_count(64, 32), 42);
  EXPECT_EQ(fused_cell_count(1280, 736), 19320);  // data/README.md: [1,68,N] of 736 × 1280
  EXPECT_THROW(fused_cell_count(100, 32), base::Error);
}

TEST(FusedBoxes, NothingBelowTheThreshold) {
  std::vector<RawBox> boxes(3);
  decode_fused_boxes(boxes, empty_det(), kWidth, kHeight, 0.25F);
  EXPECT_TRUE(boxes.empty());
}

TEST(FusedBoxes, DecodesByHand) {
  auto det = empty_det();
  // Stride 16, row 1, column 2: cell 32 + 1·4 + 2, centre (40, 24). Sharp distributions at bins 1, 0, 2, 0.
  const std::size_t cell = 32 + 4 + 2;
  for (const auto& [side, bin] : {std::pair{0, 1}, {1, 0}, {2, 2}, {3, 0}}) {
    set(det, static_cast<std::size_t>(side * 16 + bin), cell, 30);
  }
  set(det, 64 + 3, cell, 0);  // referee, logit 0
  // Stride 32, column 1: cell 40 + 1, centre (48, 16). Flat distributions: every side reaches 7.5 strides.
  set(det, 64 + 1, 41, 2);
  set(det, 64 + 2, 41, 1);
  std::vector<RawBox> boxes;
  decode_fused_boxes(boxes, det, kWidth, kHeight, 0.25F);
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_NEAR(boxes[0].box_px.x0, 40 - 16, 1e-4);
  EXPECT_NEAR(boxes[0].box_px.y0, 24, 1e-4);
  EXPECT_NEAR(boxes[0].box_px.x1, 40 + 32, 1e-4);
  EXPECT_NEAR(boxes[0].box_px.y1, 24, 1e-4);
  EXPECT_EQ(boxes[0].class_index, 3);
  EXPECT_NEAR(boxes[0].score, 0.5, 1e-6);
  EXPECT_NEAR(boxes[1].box_px.x0, 48 - 240, 1e-3);
  EXPECT_NEAR(boxes[1].box_px.y1, 16 + 240, 1e-3);
  EXPECT_EQ(boxes[1].class_index, 1);
  EXPECT_NEAR(boxes[1].score, 0.880797, 1e-5);            // 1 / (1 + e^−2)
  EXPECT_NEAR(boxes[1].class_scores[1], 0.880797, 1e-5);  // the same
  EXPECT_NEAR(boxes[1].class_scores[2], 0.731059, 1e-5);  // 1 / (1 + e^−1)
}

TEST(FusedBoxes, TwoBinsGiveTheirMean) {
  auto det = empty_det();
  for (std::size_t side = 0; side < 4; ++side) {
    set(det, side * 16 + 3, 0, 30);
    set(det, side * 16 + 4, 0, 30);
  }
  set(det, 64, 0, 1);
  std::vector<RawBox> boxes;
  decode_fused_boxes(boxes, det, kWidth, kHeight, 0.5F);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_NEAR(boxes[0].box_px.x0, 4 - 3.5 * 8, 1e-4);
  EXPECT_NEAR(boxes[0].box_px.y1, 4 + 3.5 * 8, 1e-4);
  EXPECT_EQ(boxes[0].class_index, 0);
}

TEST(FusedBoxes, AFifthClassIsOneMoreRow) {
  std::vector<float> det(69 * kCells, -10.0F);
  set(det, 64 + 2, 0, 1);
  set(det, 64 + 4, 0, 2);
  set(det, 64 + 4, 41, 0);
  std::vector<RawBox> boxes;
  decode_fused_boxes(boxes, det, kWidth, kHeight, 0.25F);
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].class_index, 4);
  EXPECT_NEAR(boxes[0].class_scores[4], 0.880797, 1e-5);  // 1 / (1 + e^−2)
  EXPECT_NEAR(boxes[0].class_scores[2], 0.731059, 1e-5);  // 1 / (1 + e^−1)
  EXPECT_EQ(boxes[1].class_index, 4);
  EXPECT_NEAR(boxes[1].score, 0.5, 1e-6);
}

TEST(FusedPoints, HighestCellMovedByItsOffset) {
  constexpr std::size_t kMap = 8 * 4;
  std::vector<float> kp(96 * kMap, -40);
  const auto at = [&](std::size_t row, std::size_t y, std::size_t x) -> float& { return kp[row * kMap + y * 8 + x]; };
  at(5, 3, 6) = 2;
  at(32 + 10, 3, 6) = 0.25F;      // dx of point 5
  at(32 + 11, 3, 6) = -0.5F;      // dy
  at(31, 0, 0) = -1;              // score 0.27, below the threshold
  at(7, 1, 2) = at(7, 1, 5) = 1;  // equal: the first wins
  at(32 + 14, 1, 2) = at(32 + 15, 1, 2) = 0;
  match::SeenPoints points;
  points.fill({{1, 1}, 1});
  decode_fused_points(points, kp, kWidth, kHeight, 0.3F);
  EXPECT_NEAR(points[5].point_px.x, (6 + 0.5 + 0.25) * 8, 1e-5);
  EXPECT_NEAR(points[5].point_px.y, (3 + 0.5 - 0.5) * 8, 1e-5);
  EXPECT_NEAR(points[5].score, 0.880797, 1e-5);
  EXPECT_NEAR(points[7].point_px.x, 20, 1e-5);
  EXPECT_EQ(points[31].score, 0);
  EXPECT_EQ(points[0].score, 0);
}

TEST(FusedPoints, NeighboursVoteByTheirScores) {
  constexpr std::size_t kMap = 8 * 4;
  std::vector<float> kp(96 * kMap, 0);
  std::fill_n(kp.begin(), 32 * kMap, -40.0F);
  const auto at = [&](std::size_t row, std::size_t y, std::size_t x) -> float& { return kp[row * kMap + y * 8 + x]; };
  at(0, 0, 2) = 1.0986123F;       // score 3/4, in the top row: ten neighbours lie outside the map
  at(0, 0, 3) = -1.0986123F;      // score 1/4
  at(0, 1, 1) = 0;                // score 1/2
  at(0, 2, 4) = -1.0986123F;      // score 1/4, two cells away in the corner
  at(0, 3, 2) = at(0, 0, 5) = 1;  // three cells away: have no vote
  at(32, 0, 3) = 1;               // says 4.5
  at(33, 1, 1) = 0.5F;            // says 2
  match::SeenPoints points;
  decode_fused_points(points, kp, kWidth, kHeight, 0.3F);
  // x: (3/4 · 2.5 + 1/4 · 4.5 + 1/2 · 1.5 + 1/4 · 4.5) / 1.75 = 4.875 / 1.75;
  // y: (3/4 · 0.5 + 1/4 · 0.5 + 1/2 · 2 + 1/4 · 2.5) / 1.75 = 2.125 / 1.75.
  EXPECT_NEAR(points[0].point_px.x, 4.875 / 1.75 * 8, 1e-5);
  EXPECT_NEAR(points[0].point_px.y, 2.125 / 1.75 * 8, 1e-5);
  EXPECT_NEAR(points[0].score, 0.75, 1e-6);
}

TEST(FusedBalls, PeaksBestFirst) {
  constexpr int kMapWidth = 16;
  constexpr std::size_t kMap = 16 * 8;
  std::vector<float> ball(3 * kMap, 0);
  std::fill_n(ball.begin(), kMap, -9.0F);
  const auto at = [&](int x, int y) -> float& { return ball[static_cast<std::size_t>(y * kMapWidth + x)]; };
  at(15, 7) = 1;     // in the corner
  at(14, 6) = 0.5F;  // beside it: no peak
  at(4, 3) = 2;
  at(6, 5) = 1.9F;           // within 2 cells of (4, 3)
  at(7, 6) = 1.5F;           // 3 cells away, but beside (6, 5)
  at(1, 0) = at(2, 0) = -1;  // a plateau: its first cell is the peak
  at(10, 1) = -2;            // 0.12
  ball[kMap + 3 * kMapWidth + 4] = 0.5F;
  ball[2 * kMap + 3 * kMapWidth + 4] = -0.25F;
  std::vector<BallPeak> peaks;
  decode_fused_balls(peaks, ball, kWidth, kHeight, 0.1F, 8);
  ASSERT_EQ(peaks.size(), 4U);
  EXPECT_NEAR(peaks[0].point_px.x, (4 + 0.5 + 0.5) * 4, 1e-5);
  EXPECT_NEAR(peaks[0].point_px.y, (3 + 0.5 - 0.25) * 4, 1e-5);
  EXPECT_NEAR(peaks[0].score, 0.880797, 1e-5);
  EXPECT_NEAR(peaks[1].point_px.x, 62, 1e-5);
  EXPECT_NEAR(peaks[2].point_px.x, 6, 1e-5);
  EXPECT_NEAR(peaks[3].score, 0.119203, 1e-5);
  decode_fused_balls(peaks, ball, kWidth, kHeight, 0.1F, 2);
  EXPECT_EQ(peaks.size(), 2U);
}

TEST(FusedHead, BrokenContractsAreRefused) {
  std::vector<RawBox> boxes;
  std::vector<BallPeak> peaks;
  match::SeenPoints points;
  const std::vector<float> wrong(17);
  EXPECT_THROW(decode_fused_boxes(boxes, wrong, kWidth, kHeight, 0.25F), base::Error);
  EXPECT_THROW(decode_fused_boxes(boxes, empty_det(), kWidth, kHeight, 0), base::Error);
  const std::vector<float> no_class(64 * kCells);
  EXPECT_THROW(decode_fused_boxes(boxes, no_class, kWidth, kHeight, 0.25F), base::Error);
  const std::vector<float> nine_classes(73 * kCells);
  EXPECT_THROW(decode_fused_boxes(boxes, nine_classes, kWidth, kHeight, 0.25F), base::Error);
  EXPECT_THROW(decode_fused_points(points, wrong, kWidth, kHeight, 0.25F), base::Error);
  EXPECT_THROW(decode_fused_balls(peaks, wrong, kWidth, kHeight, 0.25F, 8), base::Error);
}

}  // namespace
}  // namespace touchline::detect
