#include "touchline/calibrate/fit.h"

#include <array>
#include <cmath>
#include <limits>

#include "touchline/base/error.h"
#include "touchline/calibrate/seen_pairs.h"

namespace touchline::calibrate {
namespace {

// Note [Physical camera]
// A homography has eight numbers, all free, and follows the noise of the points outside their hull. A television camera
// has seven and a lens: focal length, rotation, place, k1, of which several are known roughly beforehand (the picture
// is level, the lens nearly straight, the camera some metres above the grass). The homography only starts the search.

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kUsualFocal = 2.5;  // half diagonals
constexpr std::array<double, 7> kFocalGuesses = {0.8, 1.3, 2.0, 3.0, 4.5, 7.0, 11.0};

geometry::CameraPrior weak_belief(int width_px, int height_px, const FitOptions& options) {
  geometry::CameraVector mean{};
  mean[geometry::kLogFocal] = std::log(kUsualFocal * 0.5 * std::hypot(width_px, height_px));
  mean[geometry::kPlaceZ] = options.height_m;
  geometry::CameraVector sigma;
  sigma.fill(kInfinity);
  sigma[geometry::kRoll] = options.roll_sigma_rad;
  sigma[geometry::kLogFocal] = options.focal_sigma;
  sigma[geometry::kPlaceZ] = options.height_sigma_m;
  sigma[geometry::kRadial] = options.k1_sigma;
  return geometry::CameraPrior::independent(mean, sigma);
}

double truncated_cost(const geometry::CameraModel& camera, std::span<const geometry::PointPair> pairs, int width_px,
                      int height_px, double limit_px) {
  const geometry::CameraProjector projector(camera, width_px, height_px);
  double cost = 0;
  for (const auto& pair : pairs) {
    const auto p = projector.project(pair.pitch_m);
    cost += p ? std::min(geometry::distance_px(*p, pair.image_px), limit_px) : limit_px;
  }
  return cost;
}

/// The focal length that the homography agrees with best; a homography of noisy points often has none of its own.
std::optional<geometry::CameraModel> starting_camera(const geometry::Mat3& image_from_pitch,
                                                     std::span<const geometry::PointPair> pairs, int width_px,
                                                     int height_px, double limit_px) {
  std::optional<geometry::CameraModel> best;
  double best_cost = kInfinity;
  for (const double guess : kFocalGuesses) {
    const double focal_px = guess * 0.5 * std::hypot(width_px, height_px);
    const auto camera = geometry::camera_from_homography(image_from_pitch, focal_px, width_px, height_px);
    if (!camera) continue;
    const double cost = truncated_cost(*camera, pairs, width_px, height_px, limit_px);
    if (cost < best_cost) {
      best_cost = cost;
      best = camera;
    }
  }
  return best;
}

}  // namespace

void FitOptions::check() const {
  const auto within = [](const char* name, double value, double low, double high) {
    TOUCHLINE_REQUIRE(value >= low && value <= high, "{} {} is not in [{}, {}]", name, value, low, high);
  };
  within("min_score", min_score, 0, 1);
  within("min_inliers", min_inliers, 4, 32);
  within("k1_sigma", k1_sigma, 1e-9, 1);
  within("roll_sigma_rad", roll_sigma_rad, 1e-9, 2);
  within("height_m", height_m, 1, 100);
  within("height_sigma_m", height_sigma_m, 1e-9, 1000);
  within("focal_sigma", focal_sigma, 1e-9, 10);
  ransac.check();
  refine.check();
  quality.check();
}

std::optional<PoseFit> fit_pose(const match::SeenPoints& points, int width_px, int height_px,
                                const match::PitchModel& pitch, const FitOptions& options) {
  options.check();
  TOUCHLINE_REQUIRE(width_px > 0 && height_px > 0, "a picture of {} x {} pixels has no area", width_px, height_px);
  const SeenPairs seen = seen_pairs(points, pitch, static_cast<float>(options.min_score));
  if (static_cast<int>(seen.count) < options.min_inliers) return std::nullopt;
  const double scale = picture_scale(width_px, height_px);
  geometry::RansacOptions ransac = options.ransac;
  ransac.threshold_px *= scale;
  const auto homography = geometry::find_homography(seen.span(), ransac);
  if (!homography) return std::nullopt;
  const double limit_px = 4 * ransac.threshold_px;
  const auto start = starting_camera(homography->image_from_pitch, seen.span(), width_px, height_px, limit_px);
  if (!start) return std::nullopt;
  geometry::CameraFitOptions refine = options.refine;
  refine.sigma_px *= scale;
  const auto prior = weak_belief(width_px, height_px, options);
  const auto estimate = geometry::fit_camera(*start, seen.span(), width_px, height_px, prior, refine);
  if (!estimate) return std::nullopt;
  const auto camera = estimate->camera.pitch_camera(width_px, height_px);
  if (!camera) return std::nullopt;
  const auto quality = assess(*estimate, seen.span(), width_px, height_px, pitch, options.quality);
  if (quality.inliers < options.min_inliers || !is_trusted(quality, width_px, height_px, options.quality)) {
    return std::nullopt;
  }
  return PoseFit{*camera, *estimate, quality};
}

}  // namespace touchline::calibrate
