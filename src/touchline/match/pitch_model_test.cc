#include "touchline/match/pitch_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "touchline/base/error.h"

namespace touchline::match {
namespace {

// Landmark numbers as in the labels, from 1.
geometry::PitchPoint landmark(const PitchModel& pitch, std::size_t number) {
  return pitch.landmarks()[number - 1];
}

TEST(PitchModel, CornersAndSpotsOfTheDefaultPitch) {
  const PitchModel pitch;
  EXPECT_EQ(landmark(pitch, 1), (geometry::PitchPoint{-52.5, 34}));   // far left: away from the camera is positive y
  EXPECT_EQ(landmark(pitch, 30), (geometry::PitchPoint{52.5, -34}));  // near right
  EXPECT_EQ(landmark(pitch, 9), (geometry::PitchPoint{-41.5, 0}));    // left penalty spot
  EXPECT_NEAR(landmark(pitch, 31).x, -9.15, 1e-12);                   // circle's left
}

TEST(PitchModel, PenaltyArcMeetsTheBoxOnTheCircleRoundTheSpot) {
  const PitchModel pitch(100, 64);
  for (const std::size_t number : {11U, 12U}) {
    EXPECT_NEAR(geometry::distance_m(landmark(pitch, number), landmark(pitch, 9)), 9.15, 1e-9);
  }
  for (const std::size_t number : {19U, 20U}) {
    EXPECT_NEAR(geometry::distance_m(landmark(pitch, number), landmark(pitch, 22)), 9.15, 1e-9);
  }
}

TEST(PitchModel, MirrorExchangesLeftAndRight) {
  const PitchModel pitch;
  for (std::size_t i = 0; i < kPitchPointCount; ++i) {
    const auto mirrored = pitch.landmarks()[static_cast<std::size_t>(kMirroredLandmark[i])];
    EXPECT_NEAR(mirrored.x, -pitch.landmarks()[i].x, 1e-12) << i;
    EXPECT_NEAR(mirrored.y, pitch.landmarks()[i].y, 1e-12) << i;
  }
}

TEST(PitchModel, EveryLandmarkButTheSpotsLiesOnAMarking) {
  const PitchModel pitch;
  const auto lines = pitch.markings();
  for (std::size_t i = 0; i < kPitchPointCount; ++i) {
    if (i == 8 || i == 21) continue;
    double nearest = 1e9;
    for (const auto& line : lines) {
      for (std::size_t k = 1; k < line.size(); ++k) {
        const auto a = line[k - 1];
        const auto b = line[k];
        const auto p = pitch.landmarks()[i];
        const double squared = std::pow(b.x - a.x, 2) + std::pow(b.y - a.y, 2);
        const double t = std::clamp(((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / squared, 0.0, 1.0);
        nearest = std::min(nearest, geometry::distance_m(p, {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)}));
      }
    }
    EXPECT_LT(nearest, 0.02) << "landmark " << i + 1;
  }
}

TEST(PitchModel, ParsesAndRefuses) {
  EXPECT_EQ(PitchModel::parse("100x64.5").width_m(), 64.5);
  EXPECT_THROW(PitchModel::parse("100"), base::Error);
  EXPECT_THROW(PitchModel::parse("100x64m"), base::Error);
  EXPECT_THROW(PitchModel(10, 68), base::Error);
}

TEST(PitchModel, ContainsWithMargin) {
  const PitchModel pitch;
  EXPECT_TRUE(pitch.contains({52.5, -34}));
  EXPECT_FALSE(pitch.contains({53, 0}));
  EXPECT_TRUE(pitch.contains({53, 0}, 1));
}

}  // namespace
}  // namespace touchline::match
