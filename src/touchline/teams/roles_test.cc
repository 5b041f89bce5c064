#include "touchline/teams/roles.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

using geometry::PitchPoint;
using match::PersonClass;

constexpr auto kGoalkeeper = PersonClass::kGoalkeeper;
constexpr auto kPlayer = PersonClass::kPlayer;
constexpr auto kReferee = PersonClass::kReferee;

/// Shares are goalkeeper, player, referee.
RoleEvidence person(std::array<float, 3> shares, float like_team, PitchPoint place_m) {
  RoleEvidence evidence;
  evidence.class_share = shares;
  evidence.like_team = like_team;
  evidence.like_official = 0;
  evidence.place_m = place_m;
  return evidence;
}

std::vector<PersonClass> decide(const std::vector<RoleEvidence>& people, const RoleOptions& options = {}) {
  std::vector<RoleScores> scores;
  for (const auto& p : people) scores.push_back(role_scores(p, options));
  std::vector<PersonClass> roles(people.size());
  decide_roles(roles, scores, people, options);
  return roles;
}

TEST(Roles, APlayersShirtOutvotesTheDetector) {
  // Dark kits: the detector says referee three times in four, the shirt is the team's.
  EXPECT_EQ(decide({person({0, 0.25F, 0.75F}, 0.95F, {3, 4})})[0], kPlayer);
  EXPECT_EQ(decide({person({0, 0.25F, 0.75F}, 0, {3, 4})})[0], kReferee);
}

TEST(Roles, AnOddShirtOnThePitchIsTheRefereeWhateverTheDetectorSays) {
  EXPECT_EQ(decide({person({0, 0.9F, 0.1F}, 0, {3, 4})})[0], kReferee);
}

TEST(Roles, AnOddShirtSaysLessInCloseUps) {
  // A goalkeeper where his share of votes exceeds a player's times e^0.2 · 0.07 / 0.6 = 0.142, elsewhere 0.010.
  RoleEvidence odd;
  odd.class_share = {0.12F, 0.88F, 0};
  odd.like_team = 0;
  EXPECT_EQ(decide({odd})[0], kGoalkeeper);
  odd.close_up = true;
  EXPECT_EQ(decide({odd})[0], kPlayer);
  RoleOptions options;
  options.close_up_doubt = options.kit_doubt;
  EXPECT_EQ(decide({odd}, options)[0], kGoalkeeper);
  odd.class_share = {0.22F, 0.78F, 0};  // hysteresis asks for e^0.5 times as much
  EXPECT_EQ(decide({odd})[0], kGoalkeeper);
  odd.like_team = 0.95F;  // what is alike counts as ever
  EXPECT_EQ(decide({odd})[0], kPlayer);
}

TEST(Roles, WithoutKitsAndPlaceTheDetectorDecides) {
  RoleEvidence keeper;
  keeper.class_share = {0.9F, 0.1F, 0};
  RoleEvidence referee;
  referee.class_share = {0, 0.2F, 0.8F};
  EXPECT_EQ(decide({keeper, referee, RoleEvidence{}}), (std::vector<PersonClass>{kGoalkeeper, kReferee, kPlayer}));
}

TEST(Roles, AGoalkeeperStandsNearAGoal) {
  // 40 m from the goal: nobody there is a goalkeeper, and the odd shirt makes him the referee.
  EXPECT_EQ(decide({person({0.8F, 0.1F, 0.1F}, 0, {-46, 3})})[0], kGoalkeeper);
  EXPECT_EQ(decide({person({0.8F, 0.1F, 0.1F}, 0, {12, 3})})[0], kReferee);
}

TEST(Roles, WhoeverStaysOnAGoalLineIsItsGoalkeeper) {
  // In navy beside a team in navy, and the detector in two minds; the same man on the edge of his area is a player.
  EXPECT_EQ(decide({person({0.35F, 0.65F, 0}, 0.6F, {-51, 1})})[0], kGoalkeeper);
  EXPECT_EQ(decide({person({0.35F, 0.65F, 0}, 0.6F, {-36, 1})})[0], kPlayer);
  // A defender in his team's shirt on the line, of whom the detector is sure.
  EXPECT_EQ(decide({person({0.02F, 0.98F, 0}, 0.9F, {-51, 1})})[0], kPlayer);
  RoleOptions options;
  options.at_home = options.minded = 0;
  EXPECT_EQ(decide({person({0.35F, 0.65F, 0}, 0.6F, {-51, 1})}, options)[0], kPlayer);
}

TEST(Roles, AGoalIsMindedByTheLikeliestOfThoseInItsArea) {
  // A keeper in a team's colour whom the detector takes for a player: he alone is near the goal, and so it is he.
  const auto keeper = person({0.15F, 0.85F, 0}, 0.8F, {50.4, 1.2});
  const auto defender = person({0.02F, 0.98F, 0}, 0.9F, {47, 2});
  EXPECT_EQ(decide({defender, keeper}), (std::vector<PersonClass>{kPlayer, kGoalkeeper}));
  // Another is the goalkeeper there already; at the other goal nothing follows from him.
  EXPECT_EQ(decide({keeper, person({0.9F, 0.1F, 0}, 0, {40, 0})})[0], kPlayer);
  EXPECT_EQ(decide({keeper, person({0.9F, 0.1F, 0}, 0, {-50, 0})})[0], kGoalkeeper);
  // Far from it, or surely a player: the goal is out of the picture, or its goalkeeper is not seen.
  EXPECT_EQ(decide({person({0.15F, 0.85F, 0}, 0.8F, {40, 1.2})})[0], kPlayer);
  EXPECT_EQ(decide({defender})[0], kPlayer);
  RoleOptions options;
  options.minded = 0;
  EXPECT_EQ(decide({keeper}, options)[0], kPlayer);
}

TEST(Roles, ACrowdHasItsReferee) {
  // In white beside a team in white, and the detector in two minds.
  const auto referee = person({0, 0.6F, 0.4F}, 0.34F, {33, 12});
  std::vector<RoleEvidence> people(9, person({0, 0.97F, 0.03F}, 0.9F, {30, 0}));
  people.push_back(referee);
  EXPECT_EQ(decide(people).back(), kReferee);
  EXPECT_EQ(decide({people.begin() + 1, people.end()}).back(), kPlayer);  // nine are no crowd
  people.push_back(person({0, 0.1F, 0.9F}, 0, {0, 0}));
  EXPECT_EQ(decide(people)[9], kPlayer);
  people.resize(9);
  people.push_back(person({0, 0.8F, 0.2F}, 0.6F, {33, 12}));
  EXPECT_EQ(decide(people).back(), kPlayer);
}

TEST(Roles, APlaceChangesLittleWithAStep) {
  // No jump where the reach of goalkeepers begins: 0.1 m move no score by more than a tenth.
  for (double x = 0; x < 52; x += 0.1) {
    const auto before = role_scores(person({1, 0, 0}, 0, {x, 0}), {});
    const auto after = role_scores(person({1, 0, 0}, 0, {x + 0.1, 0}), {});
    EXPECT_NEAR(before[0], after[0], 0.1F) << x;
    EXPECT_LE(before[0], after[0] + 1e-4F) << x;
  }
}

TEST(Roles, OneGoalkeeperAtEitherGoal) {
  const auto roles = decide({person({0.9F, 0.1F, 0}, 0, {-50, 0}), person({0.6F, 0.4F, 0}, 0.6F, {-44, 5}),
                             person({0.7F, 0.3F, 0}, 0.1F, {49, 1})});
  EXPECT_EQ(roles, (std::vector<PersonClass>{kGoalkeeper, kPlayer, kGoalkeeper}));
}

TEST(Roles, OfGoalkeepersOfDifferentMomentsOneStaysAtAGoal) {
  const std::vector<RoleEvidence> people = {person({0.6F, 0.4F, 0}, 0, {-53, 0}), person({0.9F, 0.1F, 0}, 0, {-50, 1}),
                                            person({0.6F, 0.4F, 0}, 0, {50, 1}), RoleEvidence{}, RoleEvidence{}};
  std::vector<RoleScores> scores;
  for (const auto& p : people) scores.push_back(role_scores(p, {}));
  std::vector<PersonClass> roles(people.size(), kGoalkeeper);
  limit_goalkeepers(roles, scores, people);
  // Where places are unknown nobody is one too many.
  EXPECT_EQ(roles, (std::vector<PersonClass>{kPlayer, kGoalkeeper, kGoalkeeper, kGoalkeeper, kGoalkeeper}));
  std::swap(scores[0], scores[1]);
  roles.assign(people.size(), kGoalkeeper);
  limit_goalkeepers(roles, scores, people);
  EXPECT_EQ(roles[0], kGoalkeeper);
  EXPECT_EQ(roles[1], kPlayer);
  EXPECT_THROW(limit_goalkeepers(roles, scores, {}), base::Error);
}

TEST(Roles, OneRefereeOnThePitchAndAssistantsBesideIt) {
  auto assistant = person({0, 0.3F, 0.7F}, 0.1F, {20, -34.5});
  assistant.beside_share = 1;
  const auto roles = decide({person({0, 0.1F, 0.9F}, 0, {0, 0}), person({0, 0.4F, 0.6F}, 0.1F, {10, 5}), assistant,
                             person({0, 0.2F, 0.8F}, 0.05F, {-20, 8})});
  EXPECT_EQ(roles, (std::vector<PersonClass>{kReferee, kPlayer, kReferee, kPlayer}));
}

TEST(Roles, WhoeverIsNearALineTakesNoRefereesSeat) {
  // An assistant whom a camera two metres out puts on the pitch, somebody of whom the detector is sure behind a goal,
  // and the referee, of whom it is not.
  const auto referee = person({0, 0.8F, 0.2F}, 0, {-6, -5});
  const auto assistant = person({0, 0, 1}, 0, {-21, 31.7});
  const auto behind_goal = person({0, 0, 1}, 0, {53, 16});
  EXPECT_EQ(decide({referee, assistant, behind_goal}), (std::vector<PersonClass>{kReferee, kReferee, kReferee}));
  // There are seats for three at the lines.
  auto weaker = assistant;
  weaker.class_share = {0, 0.1F, 0.9F};
  EXPECT_EQ(decide({weaker, assistant, assistant, assistant})[0], kPlayer);
  // A winger in front of a steward's yellow hat: the shirt seems odd, but the detector sees a player.
  EXPECT_EQ(decide({person({0, 0.3F, 0.7F}, 0, {-6, -5}), person({0, 0.8F, 0.2F}, 0, {22, 32})})[1], kPlayer);
}

TEST(Roles, OfTwoOfficialsOnThePitchTheOneNearerToALineIsAnAssistantWhereThatIsLikelier) {
  // The referee is likelier one than a player by log(0.2 · 0.6 / e^0.2) − log(0.8 · 0.005) − 0.5, for he was one: 2.70.
  const auto referee = person({0, 0.8F, 0.2F}, 0, {-6, -5});
  const auto official = [](double y_m) { return person({0, 0, 1}, 0, {-21, y_m}); };
  EXPECT_EQ(decide({referee, official(34 - 4 - 2.6)}), (std::vector<PersonClass>{kReferee, kReferee}));
  EXPECT_EQ(decide({official(34 - 4 - 2.6), referee}), (std::vector<PersonClass>{kReferee, kReferee}));
  EXPECT_EQ(decide({referee, official(34 - 4 - 2.8)}), (std::vector<PersonClass>{kPlayer, kReferee}));
  RoleOptions wide;
  wide.line_fade_m = 2;
  EXPECT_EQ(decide({referee, official(34 - 4 - 2.8)}, wide)[0], kReferee);
  // Whom the detector does not see as an official is none, and a crowd's referee is not the one at the line.
  EXPECT_EQ(decide({official(3), person({0, 0.6F, 0.4F}, 0.05F, {-21, 29})}),
            (std::vector<PersonClass>{kReferee, kPlayer}));
  RoleOptions crowd;
  crowd.crowd = 2;
  const auto doubted = person({0, 0.8F, 0.2F}, 0.1F, {-6, -5});
  EXPECT_EQ(decide({doubted, official(32)})[0], kPlayer);
  EXPECT_EQ(decide({doubted, official(32)}, crowd)[0], kReferee);
}

TEST(Roles, AWingerOnTheLineTakesNoAssistantsSeat) {
  const auto referee = person({0, 0.1F, 0.9F}, 0, {0, 0});
  auto winger = person({0, 0.8F, 0.2F}, 0, {24, 33.3});
  winger.beside_share = 0.4F;
  EXPECT_EQ(decide({referee, winger}), (std::vector<PersonClass>{kReferee, kPlayer}));
  winger.beside_share = 0.6F;
  EXPECT_EQ(decide({referee, winger}), (std::vector<PersonClass>{kReferee, kReferee}));
}

TEST(Roles, WhoeverIsAlwaysBesideThePitchIsAnOfficial) {
  // In the colours of a team: a linesman in black beside a team in black.
  auto linesman = person({0, 0.95F, 0.05F}, 0.8F, {30, -34.4});
  linesman.beside_share = 1;
  EXPECT_EQ(decide({linesman})[0], kReferee);
  linesman.beside_share = 0.2F;  // a throw-in
  EXPECT_EQ(decide({linesman})[0], kPlayer);
}

TEST(Roles, AGoalPostTakesNobodysSeat) {
  auto post = person({1, 0, 0}, 0, {52.4, 3.5});
  post.post_share = 1;
  EXPECT_EQ(decide({post, person({0.6F, 0.4F, 0}, 0.1F, {48, 0})})[1], kGoalkeeper);
  EXPECT_EQ(decide({post, person({0, 0.4F, 0.6F}, 0.1F, {30, 0})}), (std::vector<PersonClass>{kPlayer, kReferee}));
  EXPECT_TRUE(is_at_post({-52.5, -3.66}, {}));
  EXPECT_TRUE(is_at_post({54.5, -4.1}, {}));  // the pole that holds the net
  EXPECT_TRUE(is_at_post({-56, 3.66}, {}));
  EXPECT_FALSE(is_at_post({57, -4.1}, {}));
  EXPECT_FALSE(is_at_post({54.5, -6}, {}));
  EXPECT_FALSE(is_at_post({50.4, 3.66}, {}));
  EXPECT_FALSE(is_at_post({-52.5, 0}, {}));
  EXPECT_FALSE(is_at_post({0, 3.66}, {}));
}

TEST(Roles, ThePresentRoleIsKeptInDoubt) {
  auto doubtful = person({0, 0.5F, 0.5F}, 0.4F, {5, 5});
  doubtful.present = kPlayer;
  EXPECT_EQ(decide({doubtful})[0], kPlayer);
  doubtful.class_share = {0, 0.38F, 0.62F};  // as likely as the rest now
  EXPECT_EQ(decide({doubtful})[0], kPlayer);
  doubtful.present = kReferee;
  EXPECT_EQ(decide({doubtful})[0], kReferee);
}

TEST(Roles, NobodyAndBrokenContracts) {
  EXPECT_TRUE(decide({}).empty());
  std::vector<PersonClass> roles(1);
  EXPECT_THROW(decide_roles(roles, {}, {}, {}), base::Error);
  RoleOptions options;
  options.doubt = 0;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.close_up_doubt = 0;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.referees = -1;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.at_home = -1;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.minded = -1;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.minded_m = 61;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.led = -1;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.line_fade_m = 0;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.line_m = 21;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.crowd = -1;
  EXPECT_THROW(options.check(), base::Error);
  options = {};
  options.post_score = 2;
  EXPECT_THROW(options.check(), base::Error);
}

}  // namespace
}  // namespace touchline::teams
