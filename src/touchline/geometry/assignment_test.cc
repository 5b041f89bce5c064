#include "touchline/geometry/assignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// Costs in [0, 10) from a linear congruential generator, so that another program can make the same ones.
std::vector<double> made_up_costs(int rows, int columns, std::uint64_t seed) {
  std::vector<double> costs;
  for (int i = 0; i < rows * columns; ++i) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    costs.push_back(static_cast<double>(seed >> 33) / 2147483648.0 * 10);
  }
  return costs;
}

struct Made {
  int pairs = 0;
  double sum = 0;
};

Made total(std::span<const int> answer, const std::vector<double>& costs, int columns) {
  Made made;
  std::set<int> used;
  for (std::size_t row = 0; row < answer.size(); ++row) {
    if (answer[row] < 0) continue;
    EXPECT_LT(answer[row], columns);
    EXPECT_TRUE(used.insert(answer[row]).second) << "column given twice";
    ++made.pairs;
    made.sum += costs[row * static_cast<std::size_t>(columns) + static_cast<std::size_t>(answer[row])];
  }
  return made;
}

struct Case {
  int rows, columns;
  std::uint64_t seed;
  double full_sum;    // scipy.optimize.linear_sum_assignment
  int limited_pairs;  // the same on the matrix extended by dummies, limit 1.5
  double limited_sum;
};

class AssignmentCases : public testing::TestWithParam<Case> {};

TEST_P(AssignmentCases, EqualsSciPy) {
  const auto& c = GetParam();
  const auto costs = made_up_costs(c.rows, c.columns, c.seed);
  AssignmentSolver solver;
  const auto full = total(solver.solve(costs, c.rows, c.columns, kUnlimited), costs, c.columns);
  EXPECT_EQ(full.pairs, std::min(c.rows, c.columns));
  EXPECT_NEAR(full.sum, c.full_sum, 1e-9);
  const auto limited = total(solver.solve(costs, c.rows, c.columns, 1.5), costs, c.columns);
  EXPECT_EQ(limited.pairs, c.limited_pairs);
  EXPECT_NEAR(limited.sum, c.limited_sum, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(SciPy, AssignmentCases,
                         testing::Values(Case{1, 1, 1, 4.232091708108783, 0, 0},
                                         Case{3, 3, 2, 9.274255386553705, 1, 0.2876037172973156},
                                         Case{5, 9, 3, 8.563692104071379, 2, 1.5089657483622432},
                                         Case{9, 5, 4, 4.309278107248247, 4, 2.367509910836816},
                                         Case{25, 25, 5, 16.971031739376485, 20, 7.205334487371147},
                                         Case{31, 64, 6, 6.469064904376864, 31, 6.469064904376864},
                                         Case{64, 31, 7, 5.878139575943351, 31, 5.878139575943351}));

TEST(Assignment, BestOfAllPermutations) {
  AssignmentSolver solver;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    const int n = 1 + static_cast<int>(seed % 6);
    const auto costs = made_up_costs(n, n, seed);
    std::vector<int> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    double best = kUnlimited;
    do {
      double sum = 0;
      for (int i = 0; i < n; ++i) sum += costs[static_cast<std::size_t>(i * n + order[static_cast<std::size_t>(i)])];
      best = std::min(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_NEAR(total(solver.solve(costs, n, n, kUnlimited), costs, n).sum, best, 1e-9) << seed;
  }
}

TEST(Assignment, NothingToAssign) {
  AssignmentSolver solver;
  EXPECT_TRUE(solver.solve({}, 0, 0, 1).empty());
  EXPECT_TRUE(solver.solve({}, 0, 5, 1).empty());
  const auto answer = solver.solve({}, 3, 0, 1);
  EXPECT_EQ(std::vector<int>(answer.begin(), answer.end()), (std::vector<int>{-1, -1, -1}));
}

TEST(Assignment, NaNAndInfinityAreNeverChosen) {
  const std::vector<double> costs = {std::nan(""), 0.5, kUnlimited, std::nan("")};
  AssignmentSolver solver;
  const auto answer = solver.solve(costs, 2, 2, 1);
  EXPECT_EQ(std::vector<int>(answer.begin(), answer.end()), (std::vector<int>{1, -1}));
}

TEST(Assignment, ManyTiesStillGiveEveryRowAColumn) {
  const std::vector<double> costs(20 * 20, 0.25);
  AssignmentSolver solver;
  EXPECT_EQ(total(solver.solve(costs, 20, 20, 1), costs, 20).pairs, 20);
}

TEST(Assignment, AWrongLengthIsRefused) {
  AssignmentSolver solver;
  const std::vector<double> costs(5);
  EXPECT_THROW(solver.solve(costs, 2, 3, 1), base::Error);
}

}  // namespace
}  // namespace touchline::geometry
