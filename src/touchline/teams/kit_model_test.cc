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

TEST(KitModel, TwoKitsAndTheOddOnesOut) {
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kYellow, 2, 2);  // officials or goalkeepers taken for players
  add(samples, kBlack, 7, 3);
  KitModel model;
  ASSERT_TRUE(model.learn(samples));
  EXPECT_GT(std::abs(model.lean(kWhite)), 0.8F);
  EXPECT_LT(model.lean(kWhite) * model.lean(kBlack), 0);
  EXPECT_LT(std::abs(model.lean(kYellow)), 0.3F);
}

TEST(KitModel, LearningAgainKeepsTheNumbers) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 6, 2);
  ASSERT_TRUE(model.learn(samples));
  const float white = model.lean(kWhite);
  samples.clear();
  add(samples, kBlack, 9, 3);
  add(samples, kWhite, 5, 4);
  ASSERT_TRUE(model.learn(samples));
  EXPECT_GT(model.lean(kWhite) * white, 0);
}

TEST(KitModel, OneKitOrTooFewPeopleAreNotTwoTeams) {
  KitModel model;
  std::vector<KitSample> samples;
  EXPECT_FALSE(model.learn(samples));
  add(samples, kWhite, 3, 1);
  add(samples, kBlack, 2, 2);
  EXPECT_FALSE(model.learn(samples));
  samples.clear();
  add(samples, kWhite, 14, 1);
  EXPECT_FALSE(model.learn(samples));
  EXPECT_FALSE(model.known());
  EXPECT_EQ(model.lean(kWhite), 0);
}

TEST(KitModel, OfficialsAreKnownByTheirOwnColour) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 6, 2);
  ASSERT_TRUE(model.learn(samples));
  EXPECT_FALSE(model.like_official(kYellow));
  const std::vector<KitSample> officials = {{kYellow, 1}};
  model.learn_officials(officials);
  EXPECT_TRUE(model.like_official({44, -4, 56}));
  EXPECT_FALSE(model.like_official(kWhite));
  EXPECT_FALSE(model.like_official(kBlack));
}

TEST(KitModel, FollowsTheLightSlowly) {
  KitModel model;
  std::vector<KitSample> samples;
  add(samples, kWhite, 8, 1);
  add(samples, kBlack, 8, 2);
  ASSERT_TRUE(model.learn(samples));
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
