#include "touchline/records/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include "touchline/base/error.h"

namespace touchline::records {
namespace {

std::string fixed(double value, int decimals) {
  std::string text;
  append_fixed(text, value, decimals);
  return text;
}

TEST(NumberText, RoundsAndDropsTrailingZeros) {
  EXPECT_EQ(fixed(4.8, 2), "4.8");
  EXPECT_EQ(fixed(12.345678, 2), "12.35");
  EXPECT_EQ(fixed(-12.1, 2), "-12.1");
  EXPECT_EQ(fixed(0.005, 2), "0.01");
  EXPECT_EQ(fixed(-0.004, 2), "0");
  EXPECT_EQ(fixed(-0.05, 2), "-0.05");
  EXPECT_EQ(fixed(1280, 2), "1280");
  EXPECT_EQ(fixed(100, 0), "100");
  EXPECT_EQ(fixed(0.000001, 6), "0.000001");
  EXPECT_EQ(fixed(999.999, 2), "1000");
}

TEST(NumberText, SignificantDigitsHaveNoMinusZero) {
  std::string text;
  for (const double value : {-0.0, 0.0, -1.23456789012e-7}) append_significant(text += ' ', value);
  EXPECT_EQ(text, " 0 0 -1.23456789e-07");
}

TEST(NumberText, WhatIsNoNumberIsNull) {
  EXPECT_EQ(fixed(std::nan(""), 2), "null");
  EXPECT_EQ(fixed(-std::numeric_limits<double>::infinity(), 2), "null");
}

TEST(NumberText, HugeNumbersStayNumbers) {
  EXPECT_EQ(std::strtod(fixed(1e300, 2).c_str(), nullptr), 1e300);
  EXPECT_EQ(std::strtod(fixed(-4e15, 2).c_str(), nullptr), -4e15);
}

// printf's correctly rounded decimals are the outside reference; ties are the only allowed difference.
TEST(NumberText, AgreesWithPrintf) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> any(-5000, 5000);
  for (int i = 0; i < 20000; ++i) {
    const double value = any(random);
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.2f", value);
    EXPECT_EQ(std::strtod(fixed(value, 2).c_str(), nullptr), std::strtod(expected, nullptr)) << value;
  }
}

TEST(NumberText, ReadBackAndWrittenAgainIsTheSame) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> any(-1e6, 1e6);
  for (int decimals = 0; decimals <= 6; ++decimals) {
    for (int i = 0; i < 2000; ++i) {
      const std::string once = fixed(any(random), decimals);
      EXPECT_EQ(fixed(std::strtod(once.c_str(), nullptr), decimals), once);
    }
  }
}

TEST(NumberText, RefusesOtherDecimals) {
  EXPECT_THROW(fixed(1, -1), base::Error);
  EXPECT_THROW(fixed(1, 7), base::Error);
}

TEST(NumberText, StringsAreEscaped) {
  std::string text;
  append_json_string(text, "a\"b\\c\nd\x01");
  EXPECT_EQ(text, "\"a\\\"b\\\\c\\u000ad\\u0001\"");
}

}  // namespace
}  // namespace touchline::records
