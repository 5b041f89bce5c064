#include "touchline/synth/view.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::synth {
namespace {

constexpr double kNearest_m = 0.5;
constexpr int kNewtonSteps = 5;
constexpr double kWidest = 4;          // half diagonals from the middle; farther out a lens model means nothing
constexpr double kLeastStretch = 0.2;  // below, the radial term folds the picture back onto itself

}  // namespace

View::View(const CameraState& state, int width_px, int height_px)
    : place_m_(state.place_m),
      focal_px_(state.focal * width_px),
      k1_(state.k1),
      width_px_(width_px),
      height_px_(height_px),
      half_diagonal_px_(
          0.5 * std::sqrt(static_cast<double>(width_px) * width_px + static_cast<double>(height_px) * height_px)) {
  forward_ = unit(state.aim_m - state.place_m);
  const Vec3 level = unit(cross(forward_, {0, 0, 1}));
  const Vec3 below = cross(forward_, level);
  const double c = cos_turns(state.roll_turns);
  const double s = sin_turns(state.roll_turns);
  right_ = c * level + s * below;
  down_ = c * below - s * level;
}

std::optional<Projected> View::project(Vec3 point_m) const {
  const Vec3 from_camera = point_m - place_m_;
  const double depth = dot(forward_, from_camera);
  if (depth < kNearest_m) return std::nullopt;
  const double scale = focal_px_ / depth;
  const double dx = scale * dot(right_, from_camera);
  const double dy = scale * dot(down_, from_camera);
  const double r2 = (dx * dx + dy * dy) / (half_diagonal_px_ * half_diagonal_px_);
  if (r2 > kWidest * kWidest || 1 + 3 * k1_ * r2 < kLeastStretch) return std::nullopt;
  const double bend = 1 + k1_ * r2;
  return Projected{{0.5 * width_px_ + bend * dx, 0.5 * height_px_ + bend * dy}, depth, scale * bend};
}

Vec3 View::ray(geometry::ImagePoint point_px) const {
  const double dx = point_px.x - 0.5 * width_px_;
  const double dy = point_px.y - 0.5 * height_px_;
  const double bent = std::sqrt(dx * dx + dy * dy) / half_diagonal_px_;
  double r = bent;
  for (int step = 0; step < kNewtonSteps; ++step) {
    r -= (r * (1 + k1_ * r * r) - bent) / std::max(1 + 3 * k1_ * r * r, 0.05);
  }
  const double scale = bent > 0 ? r / bent / focal_px_ : 1 / focal_px_;
  return forward_ + (scale * dx) * right_ + (scale * dy) * down_;
}

geometry::PitchCamera View::pitch_camera() const {
  const Vec3 back = -1.0 * place_m_;
  const Vec3 columns[3] = {{1, 0, 0}, {0, 1, 0}, back};
  geometry::Mat3 h{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double depth = dot(forward_, columns[i]);
    h[i] = focal_px_ * dot(right_, columns[i]) + 0.5 * width_px_ * depth;
    h[3 + i] = focal_px_ * dot(down_, columns[i]) + 0.5 * height_px_ * depth;
    h[6 + i] = depth;
  }
  const auto camera = geometry::PitchCamera::make(h, k1_, width_px_, height_px_);
  TOUCHLINE_REQUIRE(camera.has_value(), "the made-up camera at height {} m cannot see the pitch", place_m_.z);
  return *camera;
}

}  // namespace touchline::synth
