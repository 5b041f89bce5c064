#include "touchline/inference/rounded_weights.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "testing/error_of.h"

namespace touchline::inference {
namespace {

// Two rows, two columns, two places each. Rows are as wide as 127, so that integers are the nearest ones at scale 1.
const OnnxConstant kWeights = {{2, 2, 2, 1}, ElementType::kFloat, {127, 0.25F, 10.5F, -3.25F, -127, 1, 2, 3}};

TEST(RoundedWeights, ColumnsAreScaledAndRowsRounded) {
  const RoundedWeights plain = round_weights(kWeights, {}, {});
  EXPECT_EQ(plain.exact.values, kWeights.values);
  EXPECT_EQ(plain.integers.integers.size(), 8U);
  const RoundedWeights scaled = round_weights(kWeights, {1, 0.5F}, {});
  EXPECT_EQ(scaled.exact.values, (std::vector<float>{127, 0.25F, 5.25F, -1.625F, -127, 1, 1, 1.5F}));
}

TEST(RoundedWeights, ShiftsAreWhatRoundingAddsToTheMean) {
  RoundedWeights weights = round_weights(kWeights, {}, {});
  weights.integers = {{127, 0, 11, -3, -127, 1, 2, 3}, {1, 1}};
  // -0.25 of the first column's mean; 0.5 and 0.25 of the second's.
  const std::vector<double> shifts = mean_shifts(weights, {8, 8, 100, 100});
  EXPECT_DOUBLE_EQ(shifts.at(0), -0.25 * 8 + 0.75 * 100);
  EXPECT_DOUBLE_EQ(shifts.at(1), 0);
}

TEST(RoundedWeights, ShiftsAreAboutMeansThatAreNotScaled) {
  RoundedWeights weights = round_weights(kWeights, {1, 0.5F}, {});
  weights.integers = {{127, 0, 5, -2, -127, 1, 1, 2}, {1, 1}};
  // The second column holds halves: what it reads is twice its mean.
  const std::vector<double> shifts = mean_shifts(weights, {8, 8, 100, 100});
  EXPECT_DOUBLE_EQ(shifts.at(0), -0.25 * 8 + (-0.25 - 0.375) * 200);
  EXPECT_DOUBLE_EQ(shifts.at(1), 0.5 * 200);
}

using Matrix = std::vector<double>;

/// One row whose widest weight sets a scale of exactly 1.
OnnxConstant row_of(std::vector<float> weights) {
  weights.push_back(127);
  const auto columns = static_cast<std::int64_t>(weights.size());
  return {{1, columns, 1, 1}, ElementType::kFloat, std::move(weights)};
}

std::vector<std::int8_t> integers_of(const OnnxConstant& weights, const Matrix& covariances) {
  return round_weights(weights, {}, covariances).integers.integers;
}

TEST(RoundedWeights, WhatAlwaysComesTogetherMakesUpForEachOther) {
  const auto weights = row_of({0.4F, 0.4F});
  EXPECT_EQ(integers_of(weights, {}), (std::vector<std::int8_t>{0, 0, 127})) << "together 0 instead of 0.8";
  // The second is rounded first, to 0; the first owes it 0.4.
  EXPECT_EQ(integers_of(weights, {4, 4, 0, 4, 4, 0, 0, 0, 1}), (std::vector<std::int8_t>{1, 0, 127}));
  // Opposites: what one adds the other takes away.
  EXPECT_EQ(integers_of(row_of({0.4F, -0.4F}), {4, -4, 0, -4, 4, 0, 0, 0, 1}), (std::vector<std::int8_t>{1, 0, 127}));
}

TEST(RoundedWeights, WhatVariesMostIsRoundedFirst) {
  const auto weights = row_of({0.4F, 0.4F});
  // The first meets twice what the second meets, so the second makes up for twice the first's 0.4.
  EXPECT_EQ(integers_of(weights, {16, 8, 0, 8, 4, 0, 0, 0, 1}), (std::vector<std::int8_t>{0, 1, 127}));
}

TEST(RoundedWeights, WhatVariesAloneIsRoundedToTheNearest) {
  const auto weights = row_of({0.4F, 0.6F, -3.3F});
  const Matrix covariances = {9, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2};
  EXPECT_EQ(integers_of(weights, covariances), integers_of(weights, {}));
}

TEST(RoundedWeights, WhatNeverVariesIsRoundedToTheNearest) {
  const auto weights = row_of({0.4F, 0.4F});
  EXPECT_EQ(integers_of(weights, Matrix(9)), integers_of(weights, {}));
}

TEST(RoundedWeights, CovariancesAreOfWhatIsNotScaled) {
  // A channel scaled by 1/4 meets its integers four times as strongly: 1.6 · 1/4 = 0.4, as above.
  const OnnxConstant weights = {{1, 3, 1, 1}, ElementType::kFloat, {1.6F, 0.4F, 127}};
  const RoundedWeights rounded = round_weights(weights, {0.25F, 1, 1}, {0.25, 1, 0, 1, 4, 0, 0, 0, 1});
  EXPECT_EQ(rounded.integers.integers, (std::vector<std::int8_t>{1, 0, 127}));
}

TEST(RoundedWeights, IntegersStayWithinTheirRange) {
  // What the row's widest weight owes to the other lies beyond 127.
  const OnnxConstant weights = {{1, 2, 1, 1}, ElementType::kFloat, {127, 0.49F}};
  const auto integers = integers_of(weights, {1, 4, 4, 16.1});
  EXPECT_EQ(integers, (std::vector<std::int8_t>{127, 0}));
}

TEST(RoundedWeights, ErrorsVaryLessThanThoseOfNearestIntegers) {
  // What the weights meet: 24 mixtures of 6 independent numbers, as neighbours in a map are.
  constexpr std::size_t kLength = 24;
  constexpr std::size_t kRows = 8;
  constexpr std::size_t kSources = 6;
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  Matrix mixing(kLength * kSources);
  for (double& value : mixing) value = normal(random);
  Matrix covariances(kLength * kLength);
  for (std::size_t i = 0; i < covariances.size(); ++i) {
    for (std::size_t s = 0; s < kSources; ++s) {
      covariances[i] += mixing[i / kLength * kSources + s] * mixing[i % kLength * kSources + s];
    }
  }
  OnnxConstant weights = {{kRows, kLength, 1, 1}, ElementType::kFloat, {}};
  for (std::size_t i = 0; i < kRows * kLength; ++i) weights.values.push_back(static_cast<float>(normal(random)));
  const auto variance = [&](const RoundedWeights& rounded) {
    double sum = 0;
    for (std::size_t row = 0; row < kRows; ++row) {
      std::vector<double> errors(kLength);
      for (std::size_t i = 0; i < kLength; ++i) {
        const std::size_t at = row * kLength + i;
        errors[i] = rounded.integers.integers[at] * double(rounded.integers.scales[row]) - double(weights.values[at]);
      }
      for (std::size_t i = 0; i < covariances.size(); ++i) {
        sum += errors[i / kLength] * covariances[i] * errors[i % kLength];
      }
    }
    return sum;
  };
  EXPECT_LT(variance(round_weights(weights, {}, covariances)), 0.2 * variance(round_weights(weights, {}, {})));
}

TEST(RoundedWeights, RefusesCovariancesOfOtherRows) {
  EXPECT_EQ(tests::error_of([] { round_weights(kWeights, {}, Matrix(9)); }),
            "9 covariances do not belong to rows of 4 weights");
}

}  // namespace
}  // namespace touchline::inference
