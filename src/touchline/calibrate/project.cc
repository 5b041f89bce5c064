#include "touchline/calibrate/project.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::calibrate {
namespace {

constexpr double kHorizon = 1e-6;

}  // namespace

void ProjectOptions::check() const {
  TOUCHLINE_REQUIRE(max_outside_m >= 0 && max_outside_m <= 1000, "max_outside_m {} is not in [0, 1000]", max_outside_m);
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

std::optional<geometry::PitchPoint> foot_position(const geometry::BoxPx& box_px, const geometry::PitchCamera& camera,
                                                  const match::PitchModel& pitch, const ProjectOptions& options) {
  auto place = camera.pitch_from_image(box_px.foot());
  if (place && !pitch.contains(*place, options.max_outside_m)) place.reset();
  return place;
}

void project_people(std::span<match::Track> tracks, const std::optional<geometry::PitchCamera>& camera,
                    const match::PitchModel& pitch, const ProjectOptions& options) {
  options.check();
  for (auto& track : tracks) {
    track.position_m = camera ? foot_position(track.box_px, *camera, pitch, options) : std::nullopt;
  }
}

}  // namespace touchline::calibrate
