#include "touchline/teams/kit_model.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

const Color kWhite = {55, 0, 5};
const Color kBlack = {12, 2, -3};
const Color kYellow = {45, -5, 60};

void add(std::vector<KitSample>& samples, const Color& color, int count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(0, 3);
  for (int i = 0; i < count; ++i) {
    samples.push_back({{color[0] + noise(random), color[1] + noise(random), color[2] + noise(random)}, 1});
  }
}

/// Looks at the same shirts until first kits are known.
void settle(KitModel& model, const std::vector<KitSample>& samples) {
  for (int look = 0; look <= 11; ++look) model.learn(samples, 0.04 * look);
}

TEST(KitModel, TwoKitsAndTheOddOnesOut) {
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kYellow, 2, 2);  // officials or goalkeepers taken for players
  add(samples, kBlack, 7, 3);
  KitModel model;
  settle(model, samples);
  ASSERT_TRUE(model.known());
  EXPECT_GT(std::abs(model.lean(kWhite)), 0.8F);
  EXPECT_LT(model.lean(kWhite) * model.lean(kBlack), 0);
  EXPECT_LT(std::abs(model.lean(kYellow)), 0.3F);
}

TEST(KitModel, LearningAgainKeepsTheNumbers) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 6, 2);
  settle(model, samples);
  ASSERT_TRUE(model.known());
  const float white = model.lean(kWhite);
  samples.clear();
  add(samples, kBlack, 9, 3);
  add(samples, kWhite, 5, 4);
  model.learn(samples, 1);
  EXPECT_GT(model.lean(kWhite) * white, 0);
}

TEST(KitModel, FirstKitsAreKnownOnlyWhenLooksAgree) {
  std::vector<KitSample> wrong;
  add(wrong, kWhite, 6, 1);
  add(wrong, kYellow, 4, 2);
  std::vector<KitSample> right;
  add(right, kWhite, 8, 3);
  add(right, kBlack, 8, 4);
  KitModel model;
  model.learn(wrong, 0);
  model.learn(wrong, 0.2);
  model.learn(right, 0.24);  // other kits: the time begins anew
  model.learn(right, 0.6);
  EXPECT_FALSE(model.known());
  model.learn(right, 0.64);
  ASSERT_TRUE(model.known());
  EXPECT_GT(model.like_team(kBlack), 0.8F);
  EXPECT_LT(model.like_team(kYellow), 0.01F);
}

TEST(KitModel, AFewWrongLooksDoNotReplaceKnownKitsAndManyDo) {
  std::vector<KitSample> first;
  add(first, kWhite, 8, 1);
  add(first, kBlack, 8, 2);
  std::vector<KitSample> other;
  add(other, kWhite, 8, 3);
  add(other, kYellow, 8, 4);
  KitModel model;
  settle(model, first);
  const float white = model.lean(kWhite);
  for (double pts_s = 1; pts_s < 4.9; pts_s += 0.2) model.learn(other, pts_s);
  EXPECT_GT(model.like_team(kBlack), 0.8F);
  for (double pts_s = 4.9; pts_s < 5.3; pts_s += 0.2) model.learn(other, pts_s);
  EXPECT_LT(model.like_team(kBlack), 0.01F);
  EXPECT_GT(model.like_team(kYellow), 0.8F);
  EXPECT_GT(model.lean(kWhite) * white, 0) << "the kit that stayed keeps its number";
}

TEST(KitModel, ASplitThatTakesBothTeamsForOneNeedsFarLonger) {
  // Two teams in like colours, then officials in yellow against everybody else.
  const Color maroon = {24, 10, 8};
  const Color pale = {38, 2, 6};
  std::vector<KitSample> teams;
  add(teams, maroon, 9, 1);
  add(teams, pale, 9, 2);
  std::vector<KitSample> officials;
  add(officials, {31, 6, 7}, 12, 3);
  add(officials, kYellow, 4, 4);
  KitModel model({.separation = 2});
  settle(model, teams);
  ASSERT_TRUE(model.known());
  for (double pts_s = 1; pts_s < 10; pts_s += 0.2) model.learn(officials, pts_s);
  EXPECT_LT(model.like_team(kYellow), 0.01F);
  for (double pts_s = 10; pts_s < 18; pts_s += 0.2) model.learn(officials, pts_s);
  EXPECT_GT(model.like_team(kYellow), 0.8F);
}

TEST(KitModel, FiveShirtsBetweenTheKitsDoNotMoveThem) {
  // The split along the direction of most variance puts a mean into the middle here; the pair of shirts does not.
  std::vector<KitSample> samples;
  add(samples, kWhite, 6, 1);
  add(samples, kBlack, 6, 2);
  add(samples, {33, 45, 20}, 2, 3);
  add(samples, {60, -60, 50}, 3, 4);
  const auto kits = find_kits(samples, {});
  ASSERT_TRUE(kits);
  const bool first_is_white = squared_distance(kits->colors[0], kWhite) < squared_distance(kits->colors[0], kBlack);
  EXPECT_LT(squared_distance(kits->colors[first_is_white ? 0 : 1], kWhite), 25);
  EXPECT_LT(squared_distance(kits->colors[first_is_white ? 1 : 0], kBlack), 25);
  EXPECT_LT(kits->spreads[0], 8);
}

TEST(KitModel, APatternedKitReachesFarther) {
  std::vector<KitSample> samples;
  add(samples, kWhite, 9, 1);
  for (const float red : {-9.0F, -6.0F, -3.0F, 0.0F, 0.0F, 3.0F, 6.0F, 9.0F}) samples.push_back({{20, 10 + red, 0}, 1});
  KitModel model({.separation = 2});
  settle(model, samples);
  ASSERT_TRUE(model.known());
  const Color middle = {0.5F * (55 + 20), 0.5F * (0 + 10), 0.5F * (5 + 0)};
  EXPECT_LT(model.lean(middle) * model.lean(kWhite), 0);
}

TEST(KitModel, OneKitOrTooFewPeopleAreNotTwoTeams) {
  KitModel model;
  std::vector<KitSample> samples;
  EXPECT_FALSE(find_kits(samples, {}));
  add(samples, kWhite, 3, 1);
  add(samples, kBlack, 2, 2);
  EXPECT_FALSE(find_kits(samples, {}));
  samples.clear();
  add(samples, kWhite, 14, 1);
  EXPECT_FALSE(find_kits(samples, {}));
  settle(model, samples);
  EXPECT_FALSE(model.known());
  EXPECT_EQ(model.lean(kWhite), 0);
}

TEST(KitModel, OfficialsAreKnownByTheirOwnColour) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 6, 2);
  settle(model, samples);
  EXPECT_EQ(model.like_official(kYellow), 0);
  const std::vector<KitSample> officials = {{kYellow, 1}};
  model.learn_officials(officials);
  EXPECT_GT(model.like_official({44, -4, 56}), 0.5F);
  EXPECT_LT(model.like_official(kWhite), 0.01F);
  EXPECT_LT(model.like_official(kBlack), 0.01F);
}

TEST(KitModel, FollowsTheLightSlowly) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 8, 2);
  settle(model, samples);
  ASSERT_TRUE(model.known());
  const int white = model.lean(kWhite) > 0 ? 0 : 1;
  const Color shade = {40, 0, -5};
  const auto before = model.kits()[static_cast<std::size_t>(white)];
  model.follow(white, shade, 1, 0.04F, 8);
  EXPECT_LT(squared_distance(model.kits()[static_cast<std::size_t>(white)], before), 0.01F);
  for (int frame = 0; frame < 60 * 25; ++frame) {
    for (int player = 0; player < 8; ++player) model.follow(white, shade, 1, 0.04F, 8);
  }
  EXPECT_LT(squared_distance(model.kits()[static_cast<std::size_t>(white)], shade), 3);
}

TEST(KitModel, RefusesBrokenOptions) {
  KitModelOptions options;
  options.min_tracks = 1;
  EXPECT_THROW(KitModel{options}, base::Error);
  options = {};
  options.drift_s = 0;
  EXPECT_THROW(KitModel{options}, base::Error);
}

}  // namespace
}  // namespace touchline::teams
