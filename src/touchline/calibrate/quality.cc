#include "touchline/calibrate/quality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "touchline/base/error.h"
#include "touchline/calibrate/seen_pairs.h"

namespace touchline::calibrate {
namespace {

using geometry::CameraMatrix;
using geometry::CameraVector;
using geometry::kCameraParameters;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kPitchMargin_m = 3;
constexpr std::array<double, 4> kColumns = {0.125, 0.375, 0.625, 0.875};
constexpr std::array<double, 3> kRows = {0.3, 0.55, 0.8};
constexpr int kMinGrassSamples = 3;

/// Standard deviation in metres of the pitch place seen at a pixel, along both axes together.
double deviation_m(const std::array<CameraVector, 2>& rows, const CameraMatrix& covariance) {
  const double a = -rows[0][geometry::kPlaceX];
  const double b = -rows[0][geometry::kPlaceY];
  const double c = -rows[1][geometry::kPlaceX];
  const double d = -rows[1][geometry::kPlaceY];
  const double det = a * d - b * c;
  if (!(std::abs(det) > 1e-9)) return kInfinity;
  CameraVector x;
  CameraVector y;
  for (std::size_t i = 0; i < kCameraParameters; ++i) {
    x[i] = (d * rows[0][i] - b * rows[1][i]) / det;
    y[i] = (a * rows[1][i] - c * rows[0][i]) / det;
  }
  double variance = 0;
  for (std::size_t i = 0; i < kCameraParameters; ++i) {
    double cx = 0;
    double cy = 0;
    for (std::size_t j = 0; j < kCameraParameters; ++j) {
      cx += covariance[kCameraParameters * i + j] * x[j];
      cy += covariance[kCameraParameters * i + j] * y[j];
    }
    variance += x[i] * cx + y[i] * cy;
  }
  return std::sqrt(std::max(variance, 0.0));
}

}  // namespace

void QualityOptions::check() const {
  const auto within = [](const char* name, double value, double low, double high) {
    TOUCHLINE_REQUIRE(value >= low && value <= high, "{} {} is not in [{}, {}]", name, value, low, high);
  };
  within("inlier_px", inlier_px, 1e-6, 100);
  within("max_error_px", max_error_px, 1e-6, 100);
  within("max_error_m", max_error_m, 1e-6, 50);
  within("min_inlier_share", min_inlier_share, 0, 1);
  within("min_height_m", min_height_m, 0, 10);
  within("max_height_m", max_height_m, 10, 500);
  within("max_distance_m", max_distance_m, 50, 1000);
  within("min_focal", min_focal, 1e-6, 1);
  within("max_focal", max_focal, 1, 100);
  within("max_roll_rad", max_roll_rad, 1e-6, 1.6);
  within("max_tilt_rad", max_tilt_rad, 1e-6, 1.6);
  within("min_k1", min_k1, -0.333, 0);
  within("max_k1", max_k1, 0, 1);
}

bool is_plausible(const geometry::CameraModel& camera, int width_px, int height_px, const QualityOptions& options) {
  const double focal = camera.focal_px() / (0.5 * std::hypot(width_px, height_px));
  return camera.z_m >= options.min_height_m && camera.z_m <= options.max_height_m &&
         std::hypot(camera.x_m, camera.y_m) <= options.max_distance_m && focal >= options.min_focal &&
         focal <= options.max_focal && std::abs(camera.roll_rad) <= options.max_roll_rad && camera.tilt_rad > 0 &&
         camera.tilt_rad <= options.max_tilt_rad && camera.k1 >= options.min_k1 && camera.k1 <= options.max_k1;
}

Reprojection reprojection(const geometry::CameraModel& camera, std::span<const geometry::PointPair> seen, int width_px,
                          int height_px, const QualityOptions& options) {
  const double limit = options.inlier_px * picture_scale(width_px, height_px);
  const geometry::CameraProjector projector(camera, width_px, height_px);
  Reprojection result;
  double squares = 0;
  for (const auto& pair : seen) {
    const auto p = projector.project(pair.pitch_m);
    const double error = p ? geometry::distance_px(*p, pair.image_px) : kInfinity;
    if (!(error < limit)) continue;
    ++result.inliers;
    squares += error * error;
  }
  result.error_px = result.inliers > 0 ? std::sqrt(squares / result.inliers) : 0;
  return result;
}

double expected_error_m(const geometry::CameraModel& model, const geometry::CameraMatrix& covariance, int width_px,
                        int height_px, const match::PitchModel& pitch) {
  const auto camera = model.pitch_camera(width_px, height_px);
  if (!camera) return kInfinity;
  const geometry::CameraProjector projector(model, width_px, height_px);
  double sum = 0;
  int samples = 0;
  std::array<CameraVector, 2> rows;
  for (const double row : kRows) {
    for (const double column : kColumns) {
      const auto place = camera->pitch_from_image({column * width_px, row * height_px});
      if (!place || !pitch.contains(*place, kPitchMargin_m) || !projector.project(*place, rows)) continue;
      sum += deviation_m(rows, covariance);
      ++samples;
    }
  }
  return samples < kMinGrassSamples ? kInfinity : sum / samples;
}

PoseQuality assess(const geometry::CameraEstimate& estimate, std::span<const geometry::PointPair> seen, int width_px,
                   int height_px, const match::PitchModel& pitch, const QualityOptions& options) {
  PoseQuality quality;
  quality.seen = static_cast<int>(seen.size());
  const Reprojection points = reprojection(estimate.camera, seen, width_px, height_px, options);
  quality.inliers = points.inliers;
  quality.error_px = points.error_px;
  const auto covariance = geometry::inverse_spd(estimate.information);
  quality.error_m = covariance ? expected_error_m(estimate.camera, *covariance, width_px, height_px, pitch) : kInfinity;
  quality.plausible = is_plausible(estimate.camera, width_px, height_px, options);
  return quality;
}

bool is_trusted(const PoseQuality& quality, int width_px, int height_px, const QualityOptions& options) {
  return quality.plausible && quality.inliers > 0 &&
         quality.inliers >= options.min_inlier_share * static_cast<double>(quality.seen) &&
         quality.error_px <= options.max_error_px * picture_scale(width_px, height_px) &&
         quality.error_m <= options.max_error_m;
}

}  // namespace touchline::calibrate
