#include "touchline/detect/nms.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

using geometry::BoxPx;

std::vector<std::uint32_t> owners(const std::vector<BoxPx>& boxes, const std::vector<float>& scores) {
  std::vector<std::uint32_t> owner(boxes.size(), 77);
  suppress_overlaps(owner, boxes, scores, {});
  return owner;
}

std::vector<std::uint8_t> kept(const std::vector<BoxPx>& boxes, const std::vector<float>& scores,
                               const NmsOptions& options = {}) {
  std::vector<std::uint32_t> owner(boxes.size(), 77);
  suppress_overlaps(owner, boxes, scores, options);
  std::vector<std::uint8_t> keep;
  for (std::uint32_t i = 0; i < owner.size(); ++i) keep.push_back(owner[i] == i ? 1 : 0);
  return keep;
}

using Marks = std::vector<std::uint8_t>;

TEST(Nms, NoneAndOne) {
  EXPECT_EQ(kept({}, {}), Marks{});
  EXPECT_EQ(kept({{0, 0, 1, 1}}, {0}), Marks{1});
}

TEST(Nms, KeepsTheBestOfThoseThatOverlap) {
  // IoU of the first two is 80 / 120 = 2/3; of the second and third 60 / 140 = 3/7.
  const std::vector<BoxPx> boxes = {{0, 0, 10, 10}, {2, 0, 12, 10}, {6, 0, 16, 10}};
  EXPECT_EQ(kept(boxes, {0.5F, 0.9F, 0.4F}), (Marks{0, 1, 1}));
  EXPECT_EQ(kept(boxes, {0.9F, 0.5F, 0.4F}), (Marks{1, 0, 1}));
}

TEST(Nms, TwoBoxesOfOnePersonAreOneAndAPlayerBehindAnotherStays) {
  // As seen on one person, IoU 408 / 680; and on two people, one a step behind the other, 3/7.
  EXPECT_EQ(kept({{329, 331, 342, 365}, {324, 330, 341, 368}}, {0.81F, 0.3F}), (Marks{1, 0}));
  EXPECT_EQ(kept({{100, 100, 120, 160}, {108, 100, 128, 160}}, {0.8F, 0.7F}), (Marks{1, 1}));
}

TEST(Nms, ABoxThatWentSuppressesNothing) {
  // 0–1 and 1–2 overlap by 2/3, 0–2 by 0.43 only.
  EXPECT_EQ(kept({{0, 0, 10, 10}, {2, 0, 12, 10}, {4, 0, 14, 10}}, {0.9F, 0.8F, 0.7F}), (Marks{1, 0, 1}));
}

TEST(Nms, ABoxThatGoesBelongsToTheBestOneThatItOverlaps) {
  // The last overlaps both of those that stay, by 0.6 each; the second of them has the higher score.
  EXPECT_EQ(owners({{0, 0, 10, 10}, {5, 0, 15, 10}, {2.5F, 0, 12.5F, 10}}, {0.7F, 0.8F, 0.6F}),
            (std::vector<std::uint32_t>{0, 1, 1}));
}

TEST(Nms, OfEqualScoresTheLowerIndexWins) {
  EXPECT_EQ(kept({{1, 1, 4, 4}, {1, 1, 4, 4}, {1, 1, 4, 4}}, {0.5F, 0.5F, 0.5F}), (Marks{1, 0, 0}));
}

TEST(Nms, AnOverlapOfExactlyTheLimitStays) {
  // IoU = 50 / 100.
  EXPECT_EQ(kept({{0, 0, 10, 10}, {0, 0, 5, 10}}, {0.9F, 0.8F}, {.max_iou = 0.5F}), (Marks{1, 1}));
  EXPECT_EQ(kept({{0, 0, 10, 10}, {0, 0, 6, 10}}, {0.9F, 0.8F}, {.max_iou = 0.5F}), (Marks{1, 0}));
}

TEST(Nms, EmptyBoxesAreOneOnlyWhenTheyAreTheSame) {
  EXPECT_EQ(kept({{3, 3, 3, 3}, {3, 3, 3, 3}, {3, 3, 3, 9}}, {0.9F, 0.8F, 0.7F}), (Marks{1, 0, 1}));
}

TEST(Nms, HalvesOfAPersonGoWhenPartsDo) {
  const BoxPx person{100, 100, 140, 200};
  const BoxPx upper_half{102, 98, 138, 150};  // 36 × 50 of 36 × 52 inside
  const BoxPx legs{104, 150, 136, 202};
  const BoxPx far_player{110, 105, 134, 185};  // inside as well, and as tall as 0.8 of the person
  const BoxPx beside{135, 120, 160, 180};
  const std::vector<BoxPx> boxes = {person, upper_half, legs, far_player, beside};
  const std::vector<float> scores = {0.9F, 0.5F, 0.5F, 0.5F, 0.5F};
  EXPECT_EQ(kept(boxes, scores, {.min_part_cover = 2}), (Marks{1, 1, 1, 1, 1}));
  EXPECT_EQ(kept(boxes, scores, {.min_part_cover = 0.9F, .max_part_height = 0.75F}), (Marks{1, 0, 0, 1, 1}));
  EXPECT_EQ(kept({upper_half, person}, {0.9F, 0.5F}, {.min_part_cover = 0.9F, .max_part_height = 0.75F}), (Marks{1, 1}))
      << "a whole is no part of its better half";
}

TEST(Nms, BrokenContractsAreRefused) {
  std::vector<std::uint32_t> owner(2);
  const std::vector<BoxPx> boxes(2);
  const std::vector<float> one_score(1);
  const std::vector<float> scores(2);
  EXPECT_THROW(suppress_overlaps(owner, boxes, one_score, {}), base::Error);
  EXPECT_THROW(suppress_overlaps(std::span(owner).first(1), boxes, scores, {}), base::Error);
  EXPECT_THROW(suppress_overlaps(owner, boxes, scores, {.max_iou = 1.5F}), base::Error);
  EXPECT_THROW(suppress_overlaps(owner, boxes, scores, {.min_part_cover = 0.1F}), base::Error);
  EXPECT_THROW(suppress_overlaps(owner, boxes, scores, {.max_part_height = -1}), base::Error);
}

}  // namespace
}  // namespace touchline::detect
