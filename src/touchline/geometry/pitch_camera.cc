#include "touchline/geometry/pitch_camera.h"

#include <algorithm>
#include <cmath>

namespace touchline::geometry {
namespace {

constexpr double kHorizon = 1e-6;
constexpr double kUnitNorm = 1e-9;
constexpr int kNewtonSteps = 8;

bool has_unit_norm(const Mat3& m) {
  double squares = 0;
  for (const double v : m) squares += v * v;
  return std::abs(std::sqrt(squares) - 1) <= kUnitNorm;
}

bool in_front(const std::array<double, 3>& q, double x, double y) {
  return q[2] > kHorizon * std::hypot(x, y, 1.0);
}

}  // namespace

std::optional<PitchCamera> PitchCamera::make(const Mat3& image_from_pitch, double k1, int width_px, int height_px) {
  if (!std::all_of(image_from_pitch.begin(), image_from_pitch.end(), [](double v) { return std::isfinite(v); })) {
    return std::nullopt;
  }
  if (!std::isfinite(k1) || 1 + 3 * k1 <= 0) return std::nullopt;
  PitchCamera camera;
  camera.k1_ = k1;
  camera.center_px_ = {0.5 * width_px, 0.5 * height_px};
  camera.half_diagonal_px_ = 0.5 * std::hypot(width_px, height_px);
  camera.image_from_pitch_ = has_unit_norm(image_from_pitch) ? image_from_pitch : normalized(image_from_pitch);
  auto inverted = inverse(camera.image_from_pitch_);
  if (!inverted) return std::nullopt;
  // The inverse maps image to pitch up to sign: det > 0 keeps w's sign through it, so both are signed at bottom middle.
  const auto bottom = apply(*inverted, 0.5 * width_px, height_px);
  const double sign = bottom[2] < 0 ? -1 : 1;
  for (std::size_t i = 0; i < 9; ++i) {
    camera.image_from_pitch_[i] *= sign;
    (*inverted)[i] *= sign;
  }
  camera.pitch_from_image_ = normalized(*inverted);
  return camera;
}

std::optional<ImagePoint> PitchCamera::image_from_pitch(PitchPoint point_m) const {
  const auto q = apply(image_from_pitch_, point_m.x, point_m.y);
  if (!in_front(q, point_m.x, point_m.y)) return std::nullopt;
  const ImagePoint straight = {q[0] / q[2], q[1] / q[2]};
  const double r = distance_px(straight, center_px_) / half_diagonal_px_;
  if (1 + 3 * k1_ * r * r <= 0) return std::nullopt;
  return distorted(straight);
}

std::optional<PitchPoint> PitchCamera::pitch_from_image(ImagePoint point_px) const {
  const ImagePoint straight = undistorted(point_px);
  const auto q = apply(pitch_from_image_, straight.x, straight.y);
  if (!in_front(q, straight.x, straight.y)) return std::nullopt;
  return PitchPoint{q[0] / q[2], q[1] / q[2]};
}

ImagePoint PitchCamera::distorted(ImagePoint point_px) const {
  const double dx = point_px.x - center_px_.x;
  const double dy = point_px.y - center_px_.y;
  const double r2 = (dx * dx + dy * dy) / (half_diagonal_px_ * half_diagonal_px_);
  const double scale = 1 + k1_ * r2;
  return {center_px_.x + dx * scale, center_px_.y + dy * scale};
}

ImagePoint PitchCamera::undistorted(ImagePoint point_px) const {
  if (k1_ == 0) return point_px;
  const double dx = point_px.x - center_px_.x;
  const double dy = point_px.y - center_px_.y;
  const double bent = std::hypot(dx, dy) / half_diagonal_px_;
  if (bent == 0) return point_px;
  double r = bent;
  for (int step = 0; step < kNewtonSteps; ++step) {
    r -= (r * (1 + k1_ * r * r) - bent) / std::max(1 + 3 * k1_ * r * r, 0.05);
  }
  return {center_px_.x + dx * r / bent, center_px_.y + dy * r / bent};
}

}  // namespace touchline::geometry
