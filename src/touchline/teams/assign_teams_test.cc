#include "touchline/teams/assign_teams.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

TEST(AssignTeams, ByHand) {
  const std::vector<Color> colors = {{0, 0, 0}, {9, 0, 0}, {1, 2, 2}};
  const std::vector<Color> centroids = {{0, 0, 0}, {10, 0, 0}, {0, 0, 6}};
  std::vector<int> labels(3);
  std::vector<float> margins(3);
  assign_teams(labels, margins, colors, centroids);
  EXPECT_EQ(labels, (std::vector<int>{0, 1, 0}));
  EXPECT_EQ(margins, (std::vector<float>{36, 80, 12}));  // 36−0, 81−1, 21−9
}

TEST(AssignTeams, TiesGoToTheLowerIndexWithoutMargin) {
  const std::vector<Color> colors = {{5, 0, 0}};
  const std::vector<Color> centroids = {{20, 0, 0}, {10, 0, 0}, {0, 0, 0}};
  std::vector<int> labels(1);
  std::vector<float> margins(1);
  assign_teams(labels, margins, colors, centroids);
  EXPECT_EQ(labels[0], 1);
  EXPECT_EQ(margins[0], 0);
}

TEST(AssignTeams, OneCentroidAndNoColors) {
  const std::vector<Color> colors = {{5, 0, 0}};
  const std::vector<Color> centroids = {{20, 0, 0}};
  std::vector<int> labels(1);
  std::vector<float> margins(1);
  assign_teams(labels, margins, colors, centroids);
  EXPECT_EQ(labels[0], 0);
  EXPECT_TRUE(std::isinf(margins[0]));
  assign_teams({}, {}, {}, centroids);
}

TEST(AssignTeams, RefusesBrokenContracts) {
  const std::vector<Color> colors(2);
  std::vector<int> labels(2);
  std::vector<float> margins(1);
  EXPECT_THROW(assign_teams(labels, margins, colors, colors), base::Error);
  margins.resize(2);
  EXPECT_THROW(assign_teams(labels, margins, colors, {}), base::Error);
  labels.resize(3);
  EXPECT_THROW(assign_teams(labels, margins, colors, colors), base::Error);
}

}  // namespace
}  // namespace touchline::teams
