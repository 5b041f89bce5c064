#include "touchline/detect/assemble.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

const std::vector<Role> kRoles = {Role::kBall, Role::kGoalkeeper, Role::kPlayer, Role::kReferee, Role::kNone};

/// A picture of 1280 × 720 at half size.
PictureInNetwork half_size() {
  return {1280, 720, image::letterbox_placement(1280, 720, 640, 384)};
}

TEST(People, ComeInPixelsOfThePictureBestFirst) {
  const std::vector<RawBox> boxes = {{{10, 20, 20, 50}, 2, 0.5F},      {{100, 20, 110, 50}, 3, 0.8F},
                                     {{101, 20, 111, 50}, 2, 0.7F},     // the referee again, as a player
                                     {{300, 300, 304, 304}, 0, 0.99F},  // the ball is nobody
                                     {{400, 10, 410, 40}, 4, 0.9F},     // a class that means nothing
                                     {{630, 350, 660, 380}, 1, 0.6F},   // reaches beyond the picture
                                     {{100, 361, 110, 380}, 2, 0.9F},   // lies in the rest below the picture
                                     {{10, 20, 20, 50}, 17, 0.9F}};     // no such class
  const auto people = people_of(boxes, kRoles, {}, 0.25F, half_size());
  ASSERT_EQ(people.size(), 3U);
  EXPECT_EQ(people[0].person_class, match::PersonClass::kReferee);
  EXPECT_EQ(people[0].score, 0.8F);
  EXPECT_EQ(people[1].person_class, match::PersonClass::kGoalkeeper);
  EXPECT_EQ(people[1].box_px, (geometry::BoxPx{1260, 700, 1280, 720}));
  EXPECT_EQ(people[2].score, 0.5F);
}

TEST(People, AreScoredByAllBoxesOnThem) {
  RawBox best{{100, 20, 110, 50}, 2, 0.6F, {0.9F, 0.1F, 0.6F, 0.2F, 0.99F}};  // ball and nothing are no classes of his
  RawBox other{{101, 20, 111, 50}, 3, 0.5F, {0, 0.3F, 0.4F, 0.5F}};
  RawBox weak{{100, 21, 110, 51}, 1, 0.4F, {0, 0.4F, 0.1F, 0.1F}};
  RawBox elsewhere{{300, 20, 310, 50}, 1, 0.55F, {0, 0.55F, 0, 0}};
  const auto people = people_of(std::vector{best, other, weak, elsewhere}, kRoles, {}, 0.25F, half_size());
  ASSERT_EQ(people.size(), 2U);
  // Highest 0.4, 0.6, 0.5, together 1.5; the root of 0.6 / 1.5 is 0.6324555.
  const std::vector<match::ClassScores> expected = {{0.2529822F, 0.3794733F, 0.3162278F}, {0.55F, 0, 0}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (std::size_t c = 0; c < expected[i].size(); ++c) EXPECT_NEAR(people[i].class_scores[c], expected[i][c], 1e-6);
  }
}

TEST(People, HaveTheMeanBoxOfAllLooksAtTheWholeBody) {
  const std::vector<RawBox> boxes = {{{100, 20, 110, 50}, 2, 0.8F},
                                     {{101, 20, 111, 50}, 2, 0.4F},  // 270 of 330 px² in common, 9/11: a share of 6/11
                                     {{102, 20, 112, 50}, 2, 0.4F},  // 2/3: a share of 1/6
                                     {{100, 20, 110, 38}, 2, 0.8F}};  // a part of him, 3/5: none
  const auto people = people_of(boxes, kRoles, {}, 0.25F, half_size());
  ASSERT_EQ(people.size(), 1U);
  // Weights 0.64, 0.16 · 6/11 and 0.16 · 1/6: 58/311 px to the right, twice as far in the picture.
  EXPECT_NEAR(people[0].box_px.x0, 200 + 116.0 / 311, 1e-4);
  EXPECT_NEAR(people[0].box_px.y0, 40, 1e-4);
  EXPECT_NEAR(people[0].box_px.x1, 220 + 116.0 / 311, 1e-4);
  EXPECT_NEAR(people[0].box_px.y1, 100, 1e-4);
}

TEST(People, BelowTheScoreAreNotReportedButLooksDownToALeastOneCount) {
  const std::vector<RawBox> boxes = {{{100, 20, 110, 50}, 2, 0.5F, {0, 0, 0.5F}},
                                     {{101, 20, 111, 50}, 1, 0.25F, {0, 0.25F, 0.1F}},
                                     {{100, 20, 109, 50}, 3, 0.04F, {0, 0, 0, 0.04F}},  // too weak to count
                                     {{300, 20, 310, 50}, 2, 0.3F, {0, 0, 0.3F}}};
  const auto all = people_of(boxes, kRoles, {}, 0.2F, half_size());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NEAR(all[0].box_px.x0, 200.24, 1e-4);  // weights 0.25 and 0.0625 · 6/11: 3/25 px to the right
  // 0.25, 0.5 and 0, times the root of 0.5 / 0.75.
  EXPECT_NEAR(all[0].class_scores[0], 0.2041241, 1e-6);
  EXPECT_NEAR(all[0].class_scores[1], 0.4082483, 1e-6);
  EXPECT_EQ(all[0].class_scores[2], 0);
  const auto sure = people_of(boxes, kRoles, {}, 0.4F, half_size());
  ASSERT_EQ(sure.size(), 1U);
  EXPECT_EQ(sure[0].box_px, all[0].box_px);
  EXPECT_EQ(sure[0].class_scores, all[0].class_scores);
}

TEST(Balls, HaveTheBoxOfTheSurestLook) {
  const std::vector<RawBox> boxes = {{{100, 100, 110, 110}, 0, 0.8F}, {{101, 100, 111, 110}, 0, 0.7F}};
  const auto balls = balls_of({}, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 1U);
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{200, 200, 220, 220}));
}

TEST(People, OfANetworkThatTellsTheBestClassAloneHaveNoOtherScores) {
  const std::vector<RawBox> boxes = {{{100, 20, 110, 50}, 3, 0.8F, {}}};
  const auto people = people_of(boxes, kRoles, {}, 0.25F, half_size());
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].class_scores, match::ClassScores{});
  EXPECT_EQ(match::votes_of(people[0]), (match::ClassScores{0, 0, 0.8F}));
}

TEST(People, AreAtMostSixtyFour) {
  std::vector<RawBox> boxes;
  for (int i = 0; i < 100; ++i) {
    const auto x = static_cast<float>(6 * i);
    boxes.push_back({{x, 0, x + 5, 20}, 2, 0.3F + 0.005F * static_cast<float>(i)});
  }
  const auto people = people_of(boxes, kRoles, {}, 0.25F, half_size());
  ASSERT_EQ(people.size(), match::kMaxPeople);
  EXPECT_FLOAT_EQ(people[0].score, 0.795F);
  EXPECT_FLOAT_EQ(people[63].score, 0.3F + 0.005F * 36);
}

TEST(Points, ComeInPixelsOfThePicture) {
  match::SeenPoints points{};
  points[3] = {{100, 50}, 0.9F};
  points[8] = {{200, 60}, 0.5F};
  points[9] = {{300, 70}, 0.31F};
  const auto found = points_of(points, {}, half_size());
  EXPECT_EQ(found[3].point_px, (geometry::ImagePoint{200, 100}));
  EXPECT_EQ(found[9].point_px, (geometry::ImagePoint{600, 140}));
  EXPECT_EQ(found[9].score, 0.31F);
  EXPECT_EQ(found[0].score, 0);
}

TEST(Points, WithoutTwoSureOnesThereIsNoPitch) {
  match::SeenPoints points{};
  points[3] = {{100, 50}, 0.9F};
  points[8] = {{200, 60}, 0.499F};
  points[9] = {{300, 70}, 0.4F};
  const auto seen = [&](const PointOptions& options) {
    return std::ranges::count_if(points_of(points, options, half_size()), [](const auto& p) { return p.score > 0; });
  };
  EXPECT_EQ(seen({}), 0);
  EXPECT_EQ(seen({.sure_score = 0.5F, .min_sure = 1}), 3);
  EXPECT_EQ(seen({.sure_score = 0.45F, .min_sure = 2}), 3);
  EXPECT_EQ(seen({.sure_score = 0, .min_sure = 4}), 0);  // not seen is not sure
}

TEST(Points, SureOnesAreCountedFromTheirScoreOn) {
  match::SeenPoints points{};
  points[3] = {{100, 50}, 0.5F};
  points[9] = {{300, 70}, 0.49F};
  EXPECT_EQ(sure_points(points, {}), 1);
  EXPECT_EQ(sure_points(points, {.sure_score = 0}), 2);  // not seen is not sure
}

TEST(Points, OptionsOutsideTheirRangeAreRefused) {
  EXPECT_THROW(points_of({}, {.sure_score = 1.5F}, half_size()), base::Error);
  EXPECT_THROW(points_of({}, {.min_sure = 33}, half_size()), base::Error);
  EXPECT_THROW(points_of({}, {.few_sure = -1}, half_size()), base::Error);
}

TEST(Balls, APeakTakesTheBoxWithinReachOrASquare) {
  const std::vector<BallPeak> peaks = {{{100, 100}, 0.9F}, {{300, 200}, 0.5F}};
  const std::vector<RawBox> boxes = {{{103, 103, 107, 107}, 0, 0.4F},   // 7.1 px from the first peak
                                     {{310, 200, 314, 204}, 0, 0.6F},   // 12.2 px from the second: another candidate
                                     {{500, 300, 504, 304}, 0, 0.2F}};  // too weak without a peak
  const std::vector<match::Detection> people = {{{590, 300, 610, 400}, match::PersonClass::kPlayer, 0.9F, {}},
                                                {{100, 100, 120, 150}, match::PersonClass::kPlayer, 0.9F, {}}};
  const auto balls = balls_of(peaks, boxes, kRoles, people, {.size_spread = 0}, half_size());
  ASSERT_EQ(balls.size(), 3U);
  EXPECT_EQ(balls[0].point_px, (geometry::ImagePoint{200, 200}));
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{196, 196, 204, 204}));  // moved to the peak
  EXPECT_FLOAT_EQ(balls[0].score, 0.65F);                             // (0.9 + 0.4) / 2
  EXPECT_EQ(balls[1].point_px, (geometry::ImagePoint{624, 404}));
  EXPECT_FLOAT_EQ(balls[1].score, 0.3F);
  // Beside a person of 100 px: side 0.14 · 100 + 3 = 17 around (600, 400).
  EXPECT_EQ(balls[2].point_px, (geometry::ImagePoint{600, 400}));
  EXPECT_EQ(balls[2].box_px, (geometry::BoxPx{591.5F, 391.5F, 608.5F, 408.5F}));
  EXPECT_FLOAT_EQ(balls[2].score, 0.25F);
}

TEST(Balls, SeenByPeakAndBoxComeBeforeABetterPeakAlone) {
  const std::vector<BallPeak> peaks = {{{100, 100}, 0.8F}, {{300, 200}, 0.5F}};
  const std::vector<RawBox> boxes = {{{298, 198, 302, 202}, 0, 0.4F}};
  const auto balls = balls_of(peaks, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 2U);
  EXPECT_EQ(balls[0].point_px, (geometry::ImagePoint{600, 400}));
  EXPECT_FLOAT_EQ(balls[0].score, 0.45F);
  EXPECT_FLOAT_EQ(balls[1].score, 0.4F);
}

TEST(Balls, ABoxIsTakenOnceByTheBetterPeakWhichTakesTheBestBox) {
  const std::vector<BallPeak> peaks = {{{100, 100}, 0.9F}, {{106, 100}, 0.7F}};
  const std::vector<RawBox> boxes = {{{98, 98, 102, 102}, 0, 0.3F},    // nearest to the first peak
                                     {{102, 98, 108, 102}, 0, 0.5F}};  // 5 px from the first peak, 1 px from the second
  const auto balls = balls_of(peaks, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 2U);
  EXPECT_EQ(balls[0].point_px, (geometry::ImagePoint{200, 200}));
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{194, 196, 206, 204}));
  EXPECT_FLOAT_EQ(balls[0].score, 0.7F);
  EXPECT_EQ(balls[1].box_px, (geometry::BoxPx{208, 196, 216, 204}));  // 6 px from where it was
  EXPECT_FLOAT_EQ(balls[1].score, 0.5F);
}

TEST(Balls, ABoxAloneIsAskedForItsOwnScore) {
  const std::vector<BallPeak> peaks = {{{100, 100}, 0.9F}};
  const std::vector<RawBox> boxes = {{{300, 198, 304, 202}, 0, 0.26F}, {{400, 198, 404, 202}, 0, 0.24F}};
  const auto balls = balls_of(peaks, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 2U);
  EXPECT_FLOAT_EQ(balls[0].score, 0.45F);
  EXPECT_EQ(balls[1].point_px, (geometry::ImagePoint{604, 400}));
  EXPECT_FLOAT_EQ(balls[1].score, 0.13F);
}

TEST(Balls, ASecondLookAtOneBallIsNone) {
  const std::vector<BallPeak> peaks = {{{100, 100}, 0.8F}};
  // The peak's box, moved to (95..105); one that shares 50 of 150 px² with it, one that shares 30 of 170.
  const std::vector<RawBox> boxes = {
      {{92, 95, 102, 105}, 0, 0.6F}, {{100, 95, 110, 105}, 0, 0.5F}, {{88, 95, 98, 105}, 0, 0.4F}};
  const auto balls = balls_of(peaks, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 2U);
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{190, 190, 210, 210}));
  EXPECT_EQ(balls[1].box_px, (geometry::BoxPx{176, 190, 196, 210}));
}

TEST(Balls, AForeignDetectorHasBoxesAlone) {
  std::vector<RawBox> boxes;
  for (int i = 0; i < 12; ++i) {
    const auto x = static_cast<float>(40 * i);
    boxes.push_back({{x, 0, x + 4, 4}, 0, 0.1F + 0.01F * static_cast<float>(i)});
  }
  const auto balls = balls_of({}, boxes, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), match::kMaxBallCandidates);
  EXPECT_FLOAT_EQ(balls[0].score, 0.21F);
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{880, 0, 888, 8}));
}

TEST(Balls, AloneOnThePitchHasASizeToo) {
  const std::vector<BallPeak> peaks = {{{320, 180}, 0.9F}, {{320, 383}, 0.8F}};  // the second lies in the rest
  const auto balls = balls_of(peaks, {}, kRoles, {}, {}, half_size());
  ASSERT_EQ(balls.size(), 1U);
  EXPECT_NEAR(balls[0].box_px.width(), 0.008 * 1280, 1e-3);
}

TEST(Balls, WhatIsTooLargeBesidePeopleIsNone) {
  const std::vector<RawBox> boxes = {{{0, 0, 20, 45}, 0, 0.9F}, {{50, 0, 70.5F, 20.5F}, 0, 0.8F}};
  // The taller one has 100 px: a shorter side of 40 is a ball yet, one of 41 is none.
  const std::vector<match::Detection> people = {{{590, 300, 610, 350}, match::PersonClass::kPlayer, 0.9F, {}},
                                                {{200, 300, 240, 400}, match::PersonClass::kPlayer, 0.9F, {}}};
  const auto balls = balls_of({}, boxes, kRoles, people, {}, half_size());
  ASSERT_EQ(balls.size(), 1U);
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{0, 0, 40, 90}));
  const std::vector<BallPeak> peaks = {{{10, 22.5}, 0.5F}, {{60, 10}, 0.7F}};
  const auto seen = balls_of(peaks, boxes, kRoles, people, {}, half_size());
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].point_px, (geometry::ImagePoint{20, 45}));
  EXPECT_EQ(balls_of({}, boxes, kRoles, {}, {}, half_size()).size(), 2U);  // nobody to compare with
}

TEST(Balls, SmallerThanOnTheGrassBesidePeopleLoseScore) {
  // Beside a person of 100 px a ball's side is 0.14 · 100 + 3 = 17; the boxes have 34, 17, 8.5 and half of 17 by 10.
  const std::vector<match::Detection> people = {{{590, 300, 610, 400}, match::PersonClass::kPlayer, 0.9F, {}}};
  const std::vector<RawBox> boxes = {{{0, 0, 17, 17}, 0, 0.5F},
                                     {{50, 0, 58.5F, 8.5F}, 0, 0.5F},
                                     {{100, 0, 104.25F, 4.25F}, 0, 0.5F},
                                     {{-4.25F, 100, 4.25F, 105}, 0, 0.5F}};
  const auto balls = balls_of({}, boxes, kRoles, people, {}, half_size());
  ASSERT_EQ(balls.size(), 4U);
  EXPECT_FLOAT_EQ(balls[0].score, 0.5F);  // larger: nearer to the camera
  EXPECT_FLOAT_EQ(balls[1].score, 0.5F);
  // Cut off by the picture's edge, it counts whole: side (17 + 10) / 2 = 13.5, 0.5 exp(-½ (ln(17 / 13.5) / 0.35)²).
  EXPECT_NEAR(balls[2].score, 0.402504, 1e-5);
  EXPECT_NEAR(balls[3].score, 0.070357, 1e-5);  // 0.5 exp(-½ (ln 2 / 0.35)²)
  // With a peak the mean of both loses as much; without people nothing does, and with no spread neither.
  const auto seen = balls_of(std::vector<BallPeak>{{{102, 2}, 0.9F}}, boxes, kRoles, people, {}, half_size());
  EXPECT_NEAR(std::ranges::find(seen, 204, [](const auto& b) { return b.point_px.x; })->score, 0.098499, 1e-5);
  for (const float score : {balls_of({}, boxes, kRoles, {}, {}, half_size())[3].score,
                            balls_of({}, boxes, kRoles, people, {.size_spread = 0}, half_size())[3].score}) {
    EXPECT_FLOAT_EQ(score, 0.5F);
  }
}

TEST(Balls, AreComparedWithSurePeopleAlone) {
  const std::vector<BallPeak> peaks = {{{300, 200}, 0.5F}};
  const std::vector<RawBox> boxes = {{{50, 0, 70.5F, 20.5F}, 0, 0.8F}};  // side 41
  const match::Detection sure{{590, 300, 610, 400}, match::PersonClass::kPlayer, 0.25F, {}};
  const match::Detection weak{{600, 200, 640, 400}, match::PersonClass::kPlayer, 0.24F, {}};  // 200 px, at the peak
  const auto balls = balls_of(peaks, boxes, kRoles, std::vector{sure, weak}, {}, half_size());
  ASSERT_EQ(balls.size(), 1U);  // the sure one has 100 px, so 41 is too large
  // Side 0.14 · 100 + 3 = 17 around (600, 400); beside the weak one it were 31.
  EXPECT_EQ(balls[0].box_px, (geometry::BoxPx{591.5F, 391.5F, 608.5F, 408.5F}));
  const auto among_all = balls_of(peaks, boxes, kRoles, std::vector{sure, weak}, {.min_person_score = 0}, half_size());
  EXPECT_EQ(among_all.size(), 2U);
  const auto alone = balls_of(peaks, boxes, kRoles, std::vector{weak}, {}, half_size());
  ASSERT_EQ(alone.size(), 2U);  // nobody to compare with
  EXPECT_NEAR(alone[1].box_px.width(), 0.008 * 1280, 1e-3);
}

TEST(Balls, BrokenOptionsAreRefused) {
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.max_height_share = -1}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.match_px = -1}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.height_share = 2}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.min_box_score = 2}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.size_spread = -1}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.min_person_score = -1}, half_size()), base::Error);
  EXPECT_THROW(balls_of({}, {}, kRoles, {}, {.min_person_score = 2}, half_size()), base::Error);
}

}  // namespace
}  // namespace touchline::detect
