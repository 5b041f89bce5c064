#include "touchline/teams/attack_direction.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

/// Five of each kit, kit 0 standing about x0 and kit 1 about x1.
std::vector<Standing> line_up(double x0, double x1) {
  std::vector<Standing> people;
  for (int i = 0; i < 5; ++i) {
    people.push_back({{x0 + 3.0 * i - 6, 5.0 * i - 10}, 0, false});
    people.push_back({{x1 + 3.0 * i - 6, 5.0 * i - 12}, 1, false});
  }
  return people;
}

TEST(AttackTracker, TheDeeperTeamDefendsAfterTwoSeconds) {
  AttackTracker tracker;
  const auto people = line_up(-10, 5);
  for (int frame = 1; frame <= 60; ++frame) {
    tracker.update(people, 0.04);
    EXPECT_EQ(tracker.direction(), frame * 0.04 < 2 - 1e-9 ? 0 : 1) << frame;
    EXPECT_EQ(tracker.likely(), 1);
  }
}

TEST(AttackTracker, DisagreementStartsTheCountAgain) {
  AttackTracker tracker;
  for (int frame = 0; frame < 45; ++frame) tracker.update(line_up(-10, 5), 0.04);
  tracker.update(line_up(6, -6), 0.04);
  for (int frame = 0; frame < 45; ++frame) tracker.update(line_up(-10, 5), 0.04);
  EXPECT_EQ(tracker.direction(), 0);
}

TEST(AttackTracker, AKnownGoalkeeperDecidesSooner) {
  AttackTracker tracker;
  std::vector<Standing> people = line_up(20, 10);
  people.push_back({{48, 1}, 1, true});  // kit 1 defends the right goal, so kit 0 attacks it
  for (int frame = 0; frame < 12; ++frame) tracker.update(people, 0.04);
  EXPECT_EQ(tracker.direction(), 1);
}

TEST(AttackTracker, ACornerDoesNotTurnTheMatchRound) {
  AttackTracker tracker;
  for (int frame = 0; frame < 100; ++frame) tracker.update(line_up(-10, 5), 0.04);
  for (int frame = 0; frame < 75; ++frame) tracker.update(line_up(40, 37), 0.04);
  EXPECT_EQ(tracker.direction(), 1);
  tracker.cut();
  EXPECT_EQ(tracker.direction(), 0);
  EXPECT_EQ(tracker.likely(), 0);
}

TEST(AttackTracker, TooFewOrTooClose) {
  AttackTracker tracker;
  const auto people = line_up(-10, 5);
  for (int frame = 0; frame < 100; ++frame) tracker.update(std::span(people).first(4), 0.04);
  for (int frame = 0; frame < 100; ++frame) tracker.update(line_up(1, 2), 0.04);
  for (int frame = 0; frame < 100; ++frame) tracker.update({}, 0.04);
  EXPECT_EQ(tracker.likely(), 0);
}

TEST(AttackTracker, RefusesBrokenOptions) {
  EXPECT_THROW(AttackTracker({0, 1, 8}), base::Error);
  EXPECT_THROW(AttackTracker({2, -1, 8}), base::Error);
  EXPECT_THROW(AttackTracker({2, 1, 0}), base::Error);
}

}  // namespace
}  // namespace touchline::teams
