#include "touchline/geometry/mat3.h"

#include <gtest/gtest.h>

namespace touchline::geometry {
namespace {

TEST(Mat3, InverseByHand) {
  // [[2,0,1],[0,4,0],[0,0,1]] has the inverse [[.5,0,-.5],[0,.25,0],[0,0,1]].
  const auto inverted = inverse({2, 0, 1, 0, 4, 0, 0, 0, 1});
  ASSERT_TRUE(inverted);
  const Mat3 expected = {0.5, 0, -0.5, 0, 0.25, 0, 0, 0, 1};
  for (std::size_t i = 0; i < 9; ++i) EXPECT_DOUBLE_EQ((*inverted)[i], expected[i]) << i;
}

TEST(Mat3, InverseTimesMatrixIsIdentity) {
  const Mat3 m = {1.2, -0.3, 640, 0.1, 0.9, 360, 1e-3, -2e-3, 1};
  const auto product = multiply(*inverse(m), m);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(product[i], kIdentity[i], 1e-12) << i;
}

TEST(Mat3, SingularHasNoInverse) {
  EXPECT_FALSE(inverse({1, 2, 3, 2, 4, 6, 0, 0, 1}));
  EXPECT_FALSE(inverse(Mat3{}));
}

TEST(Mat3, NormalizedHasFrobeniusNormOne) {
  const Mat3 m = normalized({3, 0, 0, 0, 4, 0, 0, 0, 0});
  EXPECT_DOUBLE_EQ(m[0], 0.6);
  EXPECT_DOUBLE_EQ(m[4], 0.8);
}

}  // namespace
}  // namespace touchline::geometry
