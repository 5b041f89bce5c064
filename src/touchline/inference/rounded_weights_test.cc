#include "touchline/inference/rounded_weights.h"

#include <gtest/gtest.h>

#include <vector>

namespace touchline::inference {
namespace {

// Two rows, two columns, two places each. Rows are as wide as 127, so that integers are the nearest ones at scale 1.
const OnnxConstant kWeights = {{2, 2, 2, 1}, ElementType::kFloat, {127, 0.25F, 10.5F, -3.25F, -127, 1, 2, 3}};

TEST(RoundedWeights, ColumnsAreScaledAndRowsRounded) {
  const RoundedWeights plain = round_weights(kWeights, {});
  EXPECT_EQ(plain.exact.values, kWeights.values);
  EXPECT_EQ(plain.integers.integers.size(), 8U);
  const RoundedWeights scaled = round_weights(kWeights, {1, 0.5F});
  EXPECT_EQ(scaled.exact.values, (std::vector<float>{127, 0.25F, 5.25F, -1.625F, -127, 1, 1, 1.5F}));
}

TEST(RoundedWeights, ShiftsAreWhatRoundingAddsToTheMean) {
  RoundedWeights weights = round_weights(kWeights, {});
  weights.integers = {{127, 0, 11, -3, -127, 1, 2, 3}, {1, 1}};
  // -0.25 of the first column's mean; 0.5 and 0.25 of the second's.
  const std::vector<double> shifts = mean_shifts(weights, {8, 100});
  EXPECT_DOUBLE_EQ(shifts.at(0), -0.25 * 8 + 0.75 * 100);
  EXPECT_DOUBLE_EQ(shifts.at(1), 0);
}

TEST(RoundedWeights, ShiftsAreAboutMeansThatAreNotScaled) {
  RoundedWeights weights = round_weights(kWeights, {1, 0.5F});
  weights.integers = {{127, 0, 5, -2, -127, 1, 1, 2}, {1, 1}};
  // The second column holds halves: what it reads is twice its mean.
  const std::vector<double> shifts = mean_shifts(weights, {8, 100});
  EXPECT_DOUBLE_EQ(shifts.at(0), -0.25 * 8 + (-0.25 - 0.375) * 200);
  EXPECT_DOUBLE_EQ(shifts.at(1), 0.5 * 200);
}

}  // namespace
}  // namespace touchline::inference
