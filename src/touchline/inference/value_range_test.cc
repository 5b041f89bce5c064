#include "touchline/inference/value_range.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

using Integers = std::vector<std::int8_t>;

/// 256 values from -0.5 to 2.05, 0.01 apart: each has a code when the scale is 0.01 and code 50 stands for 0.
std::vector<float> codable_values() {
  std::vector<float> values;
  for (int i = 0; i < 256; ++i) values.push_back(static_cast<float>(i - 50) * 0.01F);
  return values;
}

ValueHistogram histogram_of(const std::vector<float>& values) {
  ValueHistogram histogram;
  EXPECT_TRUE(histogram.add(values));
  return histogram;
}

TEST(ValueRange, ByHand) {
  const Codes codes = choose_codes(histogram_of(codable_values()));
  EXPECT_NEAR(codes.scale, 0.01, 1e-6);
  EXPECT_EQ(codes.zero, 50);
  for (const float value : codable_values()) EXPECT_NEAR(rounded(value, codes), value, 1e-5);
  EXPECT_NEAR(rounded(7, codes), 2.05, 1e-5) << "cut off";
  EXPECT_NEAR(rounded(-7, codes), -0.5, 1e-5) << "cut off";
}

TEST(ValueRange, OneWildValueDoesNotTakeTheRange) {
  ValueHistogram values = histogram_of(codable_values());
  for (int doubling = 0; doubling < 30; ++doubling) values.add(ValueHistogram(values));
  values.add(histogram_of({20}));
  const Codes codes = choose_codes(values);
  EXPECT_GT(codes.scale, 0.01F);
  EXPECT_LT(codes.scale, 0.5F * 20.5F / 255);
  const Codes of_few = choose_codes(histogram_of({-0.5F, 1, 2, 20}));
  EXPECT_NEAR(of_few.scale, 20.5 / 255, 1e-3) << "among few, it counts";
}

TEST(ValueRange, HoldsZeroAndWhatLiesBelowIt) {
  EXPECT_EQ(choose_codes(histogram_of({3, 4, 5})).zero, 0);
  const Codes below = choose_codes(histogram_of({-5, -4, -3}));
  EXPECT_EQ(below.zero, 255);
  EXPECT_NEAR(rounded(-4, below), -4, 0.01);
  const Codes mostly_below = choose_codes(histogram_of({-8, 4}));
  EXPECT_NEAR(mostly_below.scale, 12.0 / 255, 1e-6);
  EXPECT_EQ(mostly_below.zero, 170);
  EXPECT_EQ(rounded(0, choose_codes(histogram_of({0, 0}))), 0);
}

TEST(ValueRange, PicturesOfAnySizeCountTheSame) {
  const std::vector<float> small(10, 1.0F);
  const std::vector<float> large(1000, 2.0F);
  ValueHistogram values;
  ASSERT_TRUE(values.add(small));
  ASSERT_TRUE(values.add(large));
  double at_one = 0;
  double at_two = 0;
  values.each_step([&](double value, double weight) { (value < 1.5 ? at_one : at_two) += weight; });
  EXPECT_NEAR(at_one, 1, 1e-9);
  EXPECT_NEAR(at_two, 1, 1e-9);
}

TEST(ValueRange, AJoinHoldsTheExtremesOfBoth) {
  ValueHistogram joined = histogram_of({-0.25F, 0.5F});
  joined.add(histogram_of({-3, 700}));
  EXPECT_EQ(joined.low(), -3);
  EXPECT_EQ(joined.high(), 700);
  double weight_of_all = 0;
  joined.each_step([&](double value, double weight) {
    weight_of_all += weight;
    EXPECT_GE(value, -3.1);
    EXPECT_LE(value, 700.1);
  });
  EXPECT_NEAR(weight_of_all, 2, 1e-9);
}

TEST(ValueRange, RefusesWhatIsNoNumber) {
  ValueHistogram values;
  EXPECT_FALSE(values.add(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}));
  EXPECT_FALSE(values.add(std::vector<float>{1, std::numeric_limits<float>::infinity()}));
  values.each_step([](double, double) { FAIL() << "nothing was added"; });
}

/// Values that fill `scale` from code 0 on.
ValueHistogram filled(float scale) {
  std::vector<float> values;
  for (int i = 0; i < 256; ++i) values.push_back(static_cast<float>(i) * scale);
  return histogram_of(values);
}

TEST(ChannelCodes, ByHand) {
  const ValueHistogram wide = filled(0.01F);
  const ValueHistogram narrow = filled(0.0025F);
  const std::vector<ChannelValues> channels = {{&wide, 1}, {&narrow, 1}};
  const ChannelCodes found = choose_channel_codes({0.01F, 0}, channels);
  // Of 0.015 / 2^(k/4), 0.0106 is the least that cuts nothing off the wide one, 0.00265 of the narrow one: eight steps
  // apart, of which four fifths are gone.
  EXPECT_EQ(found.shared.zero, 0);
  EXPECT_NEAR(found.shared.scale, 0.010607, 1e-6);
  EXPECT_NEAR(found.scales.at(0), 0.010607, 1e-6);
  EXPECT_NEAR(found.scales.at(1), 0.010607 / std::exp2(0.8 * 8 / 4), 1e-6);
}

TEST(ChannelCodes, ASmallChannelThatGoesBelowZeroMovesTheZero) {
  const ValueHistogram wide = filled(0.01F);
  std::vector<float> lobe;
  for (int i = 0; i < 64; ++i) lobe.push_back(-0.28F + static_cast<float>(i) * 0.01F);
  const ValueHistogram small = histogram_of(lobe);
  const auto zero = [&](double importance_of_small) {
    const std::vector<ChannelValues> channels = {{&wide, 1}, {&small, importance_of_small}};
    return choose_channel_codes({0.01F, 28}, channels).shared.zero;
  };
  EXPECT_LE(zero(1e-6), 28);
  EXPECT_EQ(zero(1e6), 64);
}

TEST(ChannelCodes, NoScaleLiesFurtherThanAnEighthBelowTheLargest) {
  const ValueHistogram wide = filled(0.01F);
  const ValueHistogram tiny = filled(1e-6F);
  const ValueHistogram nothing = histogram_of({0, 0});
  const std::vector<ChannelValues> channels = {{&wide, 1}, {&tiny, 1}, {&nothing, 0}};
  const ChannelCodes found = choose_channel_codes({0.01F, 0}, channels);
  for (const float scale : found.scales) {
    EXPECT_GE(scale, found.shared.scale / 8);
    EXPECT_LE(scale, found.shared.scale);
  }
}

TEST(IntegerWeights, ByHand) {
  const std::vector<float> weights = {1.27F, -0.64F, 0, 0, 0, 0};
  const IntegerWeights found = quantize_weights(weights, 2);
  EXPECT_EQ(found.integers, (Integers{127, -64, 0, 0, 0, 0}));
  EXPECT_NEAR(found.scales.at(0), 0.01, 1e-6);
  EXPECT_THROW(quantize_weights(weights, 4), base::Error);
  EXPECT_THROW(quantize_weights(weights, 0), base::Error);
}

TEST(IntegerWeights, AreNoWorseThanThePlainScale) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> weights(3 * 64);
  for (float& weight : weights) weight = normal(random);
  const IntegerWeights found = quantize_weights(weights, 3);
  for (std::size_t row = 0; row < 3; ++row) {
    double widest = 0;
    for (std::size_t i = 0; i < 64; ++i) widest = std::max(widest, std::abs(double(weights[row * 64 + i])));
    double error = 0;
    double plain = 0;
    for (std::size_t i = row * 64; i < row * 64 + 64; ++i) {
      const double weight = weights[i];
      error += std::pow(double(found.integers[i]) * double(found.scales[row]) - weight, 2);
      plain += std::pow(std::rint(weight / widest * 127) * widest / 127 - weight, 2);
    }
    EXPECT_LE(error, plain * 1.0001);
  }
}

}  // namespace
}  // namespace touchline::inference
