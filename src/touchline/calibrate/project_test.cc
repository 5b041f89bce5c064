#include "touchline/calibrate/project.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/calibrate/test_camera.h"

namespace touchline::calibrate {
namespace {

TEST(ProjectPts, ByHandWhateverTheScaleAndSign) {
  // x' = x / (y − 100), y' = 10 / (y − 100): the horizon is the row y = 100.
  const std::array<geometry::ImagePoint, 4> points = {{{50, 110}, {30, 100}, {20, 90}, {40, 300}}};
  for (const double scale : {1.0, -1.0, -7.5}) {
    const geometry::Mat3 m = {scale, 0, 0, 0, 0, 10 * scale, 0, scale, -100 * scale};
    std::vector<std::optional<geometry::PitchPoint>> places(4);
    project_pts(places, points, m);
    ASSERT_TRUE(places[0] && places[3]) << scale;
    EXPECT_DOUBLE_EQ(places[0]->x, 5);
    EXPECT_DOUBLE_EQ(places[0]->y, 1);
    EXPECT_DOUBLE_EQ(places[3]->x, 0.2);
    EXPECT_FALSE(places[1]);
    EXPECT_FALSE(places[2]);
  }
}

TEST(ProjectPts, NoPointsAndBrokenContracts) {
  std::vector<std::optional<geometry::PitchPoint>> places;
  project_pts(places, {}, geometry::kIdentity);
  const std::array<geometry::ImagePoint, 1> one = {{{1, 1}}};
  EXPECT_THROW(project_pts(places, one, geometry::kIdentity), base::Error);
  places.resize(1);
  geometry::Mat3 broken = geometry::kIdentity;
  broken[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(project_pts(places, one, broken), base::Error);
}

TEST(ProjectPeople, FeetOnThePitchAndNoneFarOff) {
  const match::PitchModel pitch;
  const auto model = main_camera(0.0, 900);
  const geometry::CameraProjector projector(model, kTestWidth, kTestHeight);
  // The camera stands beyond the line at negative y, 0.1 m before the body is the foot that it sees.
  const geometry::PitchPoint body = {12, -5};
  const double away = std::hypot(body.x - model.x_m, body.y - model.y_m);
  const auto nearer = [&](double from, double to) { return from + 0.1 * (to - from) / away; };
  const auto foot = *projector.project({nearer(body.x, model.x_m), nearer(body.y, model.y_m)});
  const auto off = *projector.project({-10, 55});  // 21 m behind the far line
  std::vector<match::Track> tracks(3);
  const auto box_at = [](geometry::ImagePoint p) {
    return geometry::BoxPx{float(p.x) - 10, float(p.y) - 50, float(p.x) + 10, float(p.y)};
  };
  tracks[0].box_px = box_at(foot);
  tracks[1].box_px = box_at(off);
  tracks[2].box_px = {600, -200, 620, -150};  // above the horizon
  tracks[2].position_m = geometry::PitchPoint{1, 1};
  project_people(tracks, model.pitch_camera(kTestWidth, kTestHeight), pitch);
  ASSERT_TRUE(tracks[0].position_m);
  EXPECT_NEAR(tracks[0].position_m->x, 12, 0.01);
  EXPECT_NEAR(tracks[0].position_m->y, -5, 0.01);
  EXPECT_FALSE(tracks[1].position_m);
  EXPECT_FALSE(tracks[2].position_m);
  project_people(tracks, std::nullopt, pitch);
  EXPECT_FALSE(tracks[0].position_m);
}

TEST(ProjectPeople, WithoutAReachTheFootIsThePlace) {
  const auto model = main_camera(0.0, 900);
  const auto foot = *geometry::CameraProjector(model, kTestWidth, kTestHeight).project({-20, 10});
  const geometry::BoxPx box{float(foot.x) - 5, float(foot.y) - 40, float(foot.x) + 5, float(foot.y)};
  const auto place =
      body_position(box, *model.pitch_camera(kTestWidth, kTestHeight), match::PitchModel(), {.foot_reach_m = 0});
  ASSERT_TRUE(place);
  EXPECT_NEAR(place->x, -20, 0.01);
  EXPECT_NEAR(place->y, 10, 0.01);
}

TEST(ProjectPeople, RefusesBrokenOptions) {
  EXPECT_THROW(project_people({}, std::nullopt, match::PitchModel(), {.foot_reach_m = 1.5}), base::Error);
  EXPECT_THROW(project_people({}, std::nullopt, match::PitchModel(), {-1}), base::Error);
}

}  // namespace
}  // namespace touchline::calibrate
