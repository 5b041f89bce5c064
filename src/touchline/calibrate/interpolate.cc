#include "touchline/calibrate/interpolate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "touchline/base/error.h"
#include "touchline/geometry/camera_model.h"

namespace touchline::calibrate {
namespace {

std::optional<geometry::CameraModel> model_of(const match::PitchPose& pose, int width_px, int height_px) {
  if (!pose.camera) return std::nullopt;
  const auto& h = pose.camera->image_from_pitch_matrix();
  const auto focal_px = geometry::focal_from_homography(h, width_px, height_px);
  if (!focal_px) return std::nullopt;
  auto model = geometry::camera_from_homography(h, *focal_px, width_px, height_px);
  if (model) model->k1 = pose.camera->k1();
  return model;
}

}  // namespace

void InterpolateOptions::check() const {
  TOUCHLINE_REQUIRE(max_gap_s > 0 && max_gap_s <= 60, "max_gap_s {} is not in (0, 60]", max_gap_s);
  TOUCHLINE_REQUIRE(max_place_m > 0 && max_place_m <= 1000, "max_place_m {} is not in (0, 1000]", max_place_m);
}

std::optional<match::PitchPose> interpolate_pose(const match::PitchPose& before, double before_s,
                                                 const match::PitchPose& after, double after_s, double pts_s,
                                                 int width_px, int height_px, const InterpolateOptions& options) {
  options.check();
  TOUCHLINE_REQUIRE(width_px > 0 && height_px > 0, "a picture of {} x {} pixels has no area", width_px, height_px);
  if (!(before_s < after_s && before_s <= pts_s && pts_s <= after_s)) return std::nullopt;
  if (after_s - before_s > options.max_gap_s) return std::nullopt;
  const auto a = model_of(before, width_px, height_px);
  const auto b = model_of(after, width_px, height_px);
  if (!a || !b) return std::nullopt;
  if (std::hypot(a->x_m - b->x_m, a->y_m - b->y_m, a->z_m - b->z_m) > options.max_place_m) return std::nullopt;
  const double share = (pts_s - before_s) / (after_s - before_s);
  auto vector = a->vector();
  auto target = b->vector();
  target[geometry::kPan] =
      vector[geometry::kPan] + std::remainder(target[geometry::kPan] - vector[geometry::kPan], 2 * std::numbers::pi);
  for (std::size_t i = 0; i < vector.size(); ++i) vector[i] += share * (target[i] - vector[i]);
  match::PitchPose pose;
  pose.camera = geometry::CameraModel::from_vector(vector).pitch_camera(width_px, height_px);
  if (!pose.camera) return std::nullopt;
  pose.state = match::PoseState::kInterpolated;
  if (before.error_m && after.error_m) pose.error_m = std::max(*before.error_m, *after.error_m);
  return pose;
}

}  // namespace touchline::calibrate
