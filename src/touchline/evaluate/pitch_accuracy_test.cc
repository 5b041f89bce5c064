#include "touchline/evaluate/pitch_accuracy.h"

#include <gtest/gtest.h>

#include <limits>

#include "touchline/base/error.h"
#include "touchline/evaluate/quantile.h"

namespace touchline::evaluate {
namespace {

// NumPy's percentile of [3, 1, 4, 1, 5, 9, 2, 6].
TEST(Quantile, AgreesWithNumPy) {
  const std::vector<double> values = {3, 1, 4, 1, 5, 9, 2, 6};
  EXPECT_EQ(quantile(values, 0.5), 3.5);
  EXPECT_NEAR(*quantile(values, 0.9), 6.9, 1e-12);
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 1), 9);
  EXPECT_EQ(quantile({7}, 0.5), 7);
  EXPECT_FALSE(quantile({}, 0.5).has_value());
  EXPECT_EQ(quantile({1, std::numeric_limits<double>::infinity()}, 0), 1);
  EXPECT_EQ(quantile({1, std::numeric_limits<double>::infinity()}, 0.5), std::numeric_limits<double>::infinity());
}

// By hand: four visible points with errors 3, 10, 10.5 px and one not seen; one point seen where there is none, one
// unjudged and one seen with too small a score.
TEST(PitchAccuracy, CountsByHand) {
  LabeledPoints truth{};
  match::SeenPoints seen{};
  for (std::size_t i = 0; i < 4; ++i) truth[i] = {PointLabel::kVisible, {100, 100}};
  truth[5].label = PointLabel::kUnjudged;
  seen[0] = {{103, 100}, 0.9F};
  seen[1] = {{106, 108}, 0.5F};
  seen[2] = {{100, 110.5}, 0.9F};
  seen[3] = {{100, 100}, 0.49F};
  seen[4] = {{50, 50}, 0.9F};
  seen[5] = {{50, 50}, 0.9F};
  seen[6] = {{50, 50}, 0.4F};
  PitchAccuracy accuracy({});
  accuracy.add(truth, seen);
  accuracy.add({}, {});
  const PitchReport report = accuracy.report();
  EXPECT_EQ(report.pictures, 2);
  EXPECT_EQ(report.visible_points, 4);
  EXPECT_EQ(report.seen_points, 3);
  EXPECT_EQ(report.hits, 2);
  EXPECT_EQ(report.pck, 0.5);
  EXPECT_EQ(report.median_px, 10);
  EXPECT_EQ(report.false_points, 1);
  EXPECT_EQ(report.false_points_per_picture, 0.5);
  EXPECT_EQ(report.hits_by_point[1], 1);
  EXPECT_EQ(report.hits_by_point[2], 0);
  EXPECT_NE(to_text(report).find("found (PCK)        0.500"), std::string::npos);
  EXPECT_NE(to_json(report).find("\"pck\": 0.5"), std::string::npos);
}

TEST(PitchAccuracy, NothingToJudgeIsEmpty) {
  const PitchReport report = PitchAccuracy({}).report();
  EXPECT_FALSE(report.pck || report.median_px);
  EXPECT_NE(to_json(report).find("\"pck\": null"), std::string::npos);
}

TEST(PitchAccuracy, BrokenOptionsThrow) {
  EXPECT_THROW(PitchAccuracy({0, 0.5}), base::Error);
  EXPECT_THROW(PitchAccuracy({10, 1.5}), base::Error);
}

}  // namespace
}  // namespace touchline::evaluate
