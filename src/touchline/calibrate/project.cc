#include "touchline/calibrate/project.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::calibrate {
namespace {

constexpr double kHorizon = 1e-6;
constexpr double kUpStep = 0.01;  // of the box's height: how far up in the picture shows what is behind the foot

/// The place `reach_m` behind the one that a foot's pixel shows, as the camera looks at it.
geometry::PitchPoint behind(geometry::PitchPoint place, const geometry::BoxPx& box_px,
                            const geometry::PitchCamera& camera, double reach_m) {
  const geometry::ImagePoint foot = box_px.foot();
  const auto farther = camera.pitch_from_image({foot.x, foot.y - kUpStep * double(box_px.height())});
  if (!farther) return place;
  const double dx = farther->x - place.x;
  const double dy = farther->y - place.y;
  const double length = std::hypot(dx, dy);
  if (length <= 0) return place;
  return {place.x + reach_m * dx / length, place.y + reach_m * dy / length};
}

}  // namespace

void ProjectOptions::check() const {
  TOUCHLINE_REQUIRE(max_outside_m >= 0 && max_outside_m <= 1000, "max_outside_m {} is not in [0, 1000]", max_outside_m);
  TOUCHLINE_REQUIRE(foot_reach_m >= 0 && foot_reach_m <= 1, "foot_reach_m {} is not in [0, 1]", foot_reach_m);
}

void project_pts(std::span<std::optional<geometry::PitchPoint>> pitch_m,
                 std::span<const geometry::ImagePoint> points_px, const geometry::Mat3& pitch_from_image) {
  TOUCHLINE_REQUIRE(pitch_m.size() == points_px.size(), "room for {} places, but {} points", pitch_m.size(),
                    points_px.size());
  TOUCHLINE_REQUIRE(
      std::all_of(pitch_from_image.begin(), pitch_from_image.end(), [](double v) { return std::isfinite(v); }),
      "a homography with a number that is not finite projects nothing");
  if (points_px.empty()) return;
  const auto lowest = *std::max_element(points_px.begin(), points_px.end(), [](auto a, auto b) { return a.y < b.y; });
  const double sign = geometry::apply(pitch_from_image, lowest.x, lowest.y)[2] < 0 ? -1 : 1;
  const geometry::Mat3 unit = geometry::normalized(pitch_from_image);
  for (std::size_t i = 0; i < points_px.size(); ++i) {
    const auto p = points_px[i];
    const auto q = geometry::apply(unit, p.x, p.y);
    pitch_m[i].reset();
    if (sign * q[2] > kHorizon * std::hypot(p.x, p.y, 1.0)) pitch_m[i] = geometry::PitchPoint{q[0] / q[2], q[1] / q[2]};
  }
}

std::optional<geometry::PitchPoint> body_position(const geometry::BoxPx& box_px, const geometry::PitchCamera& camera,
                                                  const match::PitchModel& pitch, const ProjectOptions& options) {
  const auto foot = camera.pitch_from_image(box_px.foot());
  if (!foot) return std::nullopt;
  const auto place = behind(*foot, box_px, camera, options.foot_reach_m);
  if (!pitch.contains(place, options.max_outside_m)) return std::nullopt;
  return place;
}

void project_people(std::span<match::Track> tracks, const std::optional<geometry::PitchCamera>& camera,
                    const match::PitchModel& pitch, const ProjectOptions& options) {
  options.check();
  for (auto& track : tracks) {
    track.position_m = camera ? body_position(track.box_px, *camera, pitch, options) : std::nullopt;
  }
}

}  // namespace touchline::calibrate
