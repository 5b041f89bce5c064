#include "touchline/geometry/camera_model.h"

#include <algorithm>
#include <cmath>

namespace touchline::geometry {
namespace {

using Vector3 = std::array<double, 3>;

constexpr double kNearest_m = 0.1;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
double norm(const Vector3& a) {
  return std::sqrt(dot(a, a));
}
Vector3 combined(double s, const Vector3& a, double t, const Vector3& b) {
  return {s * a[0] + t * b[0], s * a[1] + t * b[1], s * a[2] + t * b[2]};
}
Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Rows of the rotation camera_from_pitch: right, down, forward.
struct Axes {
  Vector3 level_right, level_down, right, down, forward;

  explicit Axes(const CameraModel& c) {
    const double sp = std::sin(c.pan_rad);
    const double cp = std::cos(c.pan_rad);
    const double st = std::sin(c.tilt_rad);
    const double ct = std::cos(c.tilt_rad);
    const double sr = std::sin(c.roll_rad);
    const double cr = std::cos(c.roll_rad);
    level_right = {cp, -sp, 0};
    level_down = {-st * sp, -st * cp, -ct};
    forward = {sp * ct, cp * ct, -st};
    right = combined(cr, level_right, sr, level_down);
    down = combined(-sr, level_right, cr, level_down);
  }
};

}  // namespace

double CameraModel::focal_px() const {
  return std::exp(log_focal_px);
}

Mat3 CameraModel::image_from_pitch(int width_px, int height_px) const {
  const Axes axes(*this);
  const Vector3 place = {x_m, y_m, z_m};
  const double f = focal_px();
  const double cx = 0.5 * width_px;
  const double cy = 0.5 * height_px;
  Mat3 h{};
  for (std::size_t j = 0; j < 3; ++j) {
    const auto column = [&](const Vector3& axis) { return j < 2 ? axis[j] : -dot(axis, place); };
    const double w = column(axes.forward);
    h[j] = f * column(axes.right) + cx * w;
    h[3 + j] = f * column(axes.down) + cy * w;
    h[6 + j] = w;
  }
  return h;
}

std::optional<PitchCamera> CameraModel::pitch_camera(int width_px, int height_px) const {
  return PitchCamera::make(image_from_pitch(width_px, height_px), k1, width_px, height_px);
}

std::optional<CameraModel> camera_from_homography(const Mat3& h, double focal_px, int width_px, int height_px) {
  const auto column = [&](std::size_t j) {
    return Vector3{(h[j] - 0.5 * width_px * h[6 + j]) / focal_px, (h[3 + j] - 0.5 * height_px * h[6 + j]) / focal_px,
                   h[6 + j]};
  };
  const Vector3 m1 = column(0);
  const Vector3 m2 = column(1);
  const double n1 = norm(m1);
  const double n2 = norm(m2);
  if (!(n1 > 0 && n2 > 0)) return std::nullopt;
  // The nearest orthonormal pair keeps the bisectors of the two measured axes.
  const Vector3 sum = combined(1 / n1, m1, 1 / n2, m2);
  const Vector3 difference = combined(1 / n1, m1, -1 / n2, m2);
  if (!(norm(sum) > 1e-6 && norm(difference) > 1e-6)) return std::nullopt;
  const double s = std::sqrt(0.5) / norm(sum);
  const double d = std::sqrt(0.5) / norm(difference);
  const Vector3 x_axis = combined(s, sum, d, difference);
  const Vector3 y_axis = combined(s, sum, -d, difference);
  const Vector3 z_axis = cross(x_axis, y_axis);
  const Vector3 t = combined(2 / (n1 + n2), column(2), 0, m1);
  CameraModel camera;
  camera.x_m = -dot(x_axis, t);
  camera.y_m = -dot(y_axis, t);
  camera.z_m = -dot(z_axis, t);
  if (!(camera.z_m > 0)) return std::nullopt;
  const Vector3 forward = {x_axis[2], y_axis[2], z_axis[2]};
  const Vector3 right = {x_axis[0], y_axis[0], z_axis[0]};
  camera.tilt_rad = std::asin(std::clamp(-forward[2], -1.0, 1.0));
  camera.pan_rad = std::atan2(forward[0], forward[1]);
  const Axes level(camera);
  camera.roll_rad = std::atan2(dot(right, level.level_down), dot(right, level.level_right));
  camera.log_focal_px = std::log(focal_px);
  return camera;
}

std::optional<double> focal_from_homography(const Mat3& h, int width_px, int height_px) {
  const auto column = [&](std::size_t j) {
    return Vector3{h[j] - 0.5 * width_px * h[6 + j], h[3 + j] - 0.5 * height_px * h[6 + j], h[6 + j]};
  };
  const Vector3 a = column(0);
  const Vector3 b = column(1);
  // Both conditions are linear in 1 / f²: p / f² + q = 0.
  const double p0 = a[0] * b[0] + a[1] * b[1];
  const double q0 = a[2] * b[2];
  const double p1 = 0.5 * (a[0] * a[0] + a[1] * a[1] - b[0] * b[0] - b[1] * b[1]);
  const double q1 = 0.5 * (a[2] * a[2] - b[2] * b[2]);
  const double inverse_square = -(p0 * q0 + p1 * q1) / (p0 * p0 + p1 * p1);
  if (!(std::isfinite(inverse_square) && inverse_square > 1e-12)) return std::nullopt;
  return 1 / std::sqrt(inverse_square);
}

/// One point in the camera's axes, and where its ray meets the picture before the radial term, in focal lengths.
struct CameraProjector::Ray {
  Vector3 from_camera;
  double u, v, w, a, b, r2;
};

CameraProjector::CameraProjector(const CameraModel& camera, int width_px, int height_px)
    : camera_(camera),
      focal_(camera.focal_px()),
      half_diagonal_(0.5 * std::hypot(width_px, height_px)),
      center_{0.5 * width_px, 0.5 * height_px},
      sin_tilt_(std::sin(camera.tilt_rad)),
      cos_tilt_(std::cos(camera.tilt_rad)),
      sin_roll_(std::sin(camera.roll_rad)),
      cos_roll_(std::cos(camera.roll_rad)) {
  const Axes axes(camera);
  level_right_ = axes.level_right;
  level_down_ = axes.level_down;
  right_ = axes.right;
  down_ = axes.down;
  forward_ = axes.forward;
}

std::optional<CameraProjector::Ray> CameraProjector::ray(PitchPoint point_m) const {
  Ray ray{};
  ray.from_camera = {point_m.x - camera_.x_m, point_m.y - camera_.y_m, -camera_.z_m};
  ray.w = dot(forward_, ray.from_camera);
  if (!(ray.w > kNearest_m)) return std::nullopt;
  ray.u = dot(right_, ray.from_camera);
  ray.v = dot(down_, ray.from_camera);
  ray.a = ray.u / ray.w;
  ray.b = ray.v / ray.w;
  const double scale = focal_ / half_diagonal_;
  ray.r2 = (ray.a * ray.a + ray.b * ray.b) * scale * scale;
  return ray;
}

std::optional<ImagePoint> CameraProjector::project(PitchPoint point_m) const {
  const auto r = ray(point_m);
  if (!r) return std::nullopt;
  const double scale = focal_ * (1 + camera_.k1 * r->r2);
  return ImagePoint{center_.x + scale * r->a, center_.y + scale * r->b};
}

std::optional<ImagePoint> CameraProjector::project(PitchPoint point_m, std::array<CameraVector, 2>& derivative) const {
  const auto r = ray(point_m);
  if (!r) return std::nullopt;
  const double bend = 1 + camera_.k1 * r->r2;
  const double s = focal_ / half_diagonal_;
  const double twist = 2 * camera_.k1 * s * s;
  const double xx = focal_ * (bend + twist * r->a * r->a);
  const double xy = focal_ * twist * r->a * r->b;
  const double yy = focal_ * (bend + twist * r->b * r->b);
  const auto set = [&](std::size_t parameter, double du, double dv, double dw) {
    const double da = (du - r->a * dw) / r->w;
    const double db = (dv - r->b * dw) / r->w;
    derivative[0][parameter] = xx * da + xy * db;
    derivative[1][parameter] = xy * da + yy * db;
  };
  const double u0 = dot(level_right_, r->from_camera);
  const double v0 = dot(level_down_, r->from_camera);
  const double pan_u = sin_tilt_ * v0 - cos_tilt_ * r->w;
  const double pan_v = -sin_tilt_ * u0;
  set(kPan, cos_roll_ * pan_u + sin_roll_ * pan_v, cos_roll_ * pan_v - sin_roll_ * pan_u, cos_tilt_ * u0);
  set(kTilt, -sin_roll_ * r->w, -cos_roll_ * r->w, v0);
  set(kRoll, r->v, -r->u, 0);
  for (std::size_t i = 0; i < 3; ++i) set(kPlaceX + i, -right_[i], -down_[i], -forward_[i]);
  const double zoom = focal_ * (1 + 3 * camera_.k1 * r->r2);
  derivative[0][kLogFocal] = zoom * r->a;
  derivative[1][kLogFocal] = zoom * r->b;
  derivative[0][kRadial] = focal_ * r->r2 * r->a;
  derivative[1][kRadial] = focal_ * r->r2 * r->b;
  return ImagePoint{center_.x + focal_ * bend * r->a, center_.y + focal_ * bend * r->b};
}

std::optional<std::array<double, 4>> CameraProjector::scale_px_per_m(PitchPoint point_m) const {
  std::array<CameraVector, 2> derivative;
  if (!project(point_m, derivative)) return std::nullopt;
  // Moving the point is moving the camera the other way.
  return std::array<double, 4>{-derivative[0][kPlaceX], -derivative[0][kPlaceY], -derivative[1][kPlaceX],
                               -derivative[1][kPlaceY]};
}

}  // namespace touchline::geometry
