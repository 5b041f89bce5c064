#include "touchline/geometry/camera_fit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

using Vector8 = Eigen::Matrix<double, 8, 1>;
using Matrix8 = Eigen::Matrix<double, 8, 8, Eigen::RowMajor>;

constexpr double kLargeProduct = 1e100;
constexpr double kBehind = 20;  // log-likelihood lost by a point behind the camera

Eigen::Map<const Matrix8> as_matrix(const CameraMatrix& m) {
  return Eigen::Map<const Matrix8>(m.data());
}
Eigen::Map<const Vector8> as_vector(const CameraVector& v) {
  return Eigen::Map<const Vector8>(v.data());
}

CameraModel moved(const CameraModel& camera, const Vector8& step) {
  CameraVector v = camera.vector();
  for (std::size_t i = 0; i < kCameraParameters; ++i) v[i] += step(static_cast<Eigen::Index>(i));
  return CameraModel::from_vector(v);
}

/// The problem: points, prior, noise.
class Problem {
 public:
  Problem(std::span<const PointPair> pairs, int width_px, int height_px, const CameraPrior& prior,
          const CameraFitOptions& options)
      : pairs_(pairs),
        width_px_(width_px),
        height_px_(height_px),
        prior_(prior),
        precision_(1 / (options.sigma_px * options.sigma_px)),
        limit_(options.cauchy_scale * options.cauchy_scale) {}

  double cost(const CameraModel& camera) const {
    const Vector8 off = as_vector(camera.vector()) - as_vector(prior_.mean);
    double sum = 0.5 * off.dot(as_matrix(prior_.information) * off);
    const CameraProjector projector(camera, width_px_, height_px_);
    double product = 1;  // one logarithm for several points; taken before the product can overflow
    for (const auto& pair : pairs_) {
      if (pair.weight <= 0) continue;
      const auto p = projector.project(pair.pitch_m);
      if (p) product *= 1 + squared(*p, pair) / limit_;
      if (!p) sum += kBehind;
      if (product > kLargeProduct) {
        sum += 0.5 * limit_ * std::log(product);
        product = 1;
      }
    }
    return sum + 0.5 * limit_ * std::log(product);
  }

  /// Normal matrix and gradient at a camera; false when no point lies in front of it.
  bool linearize(const CameraModel& camera, Matrix8& normal, Vector8& gradient) const {
    const CameraProjector projector(camera, width_px_, height_px_);
    const Vector8 off = as_vector(camera.vector()) - as_vector(prior_.mean);
    normal = as_matrix(prior_.information);
    gradient = normal * off;
    bool any = false;
    std::array<CameraVector, 2> rows;
    for (const auto& pair : pairs_) {
      if (pair.weight <= 0) continue;
      const auto p = projector.project(pair.pitch_m, rows);
      if (!p) continue;
      any = true;
      const double weight = pair.weight * precision_ / (1 + squared(*p, pair) / limit_);
      const auto x = as_vector(rows[0]);
      const auto y = as_vector(rows[1]);
      normal.noalias() += (weight * x) * x.transpose() + (weight * y) * y.transpose();
      gradient.noalias() += weight * ((p->x - pair.image_px.x) * x + (p->y - pair.image_px.y) * y);
    }
    return any;
  }

 private:
  double squared(ImagePoint p, const PointPair& pair) const {
    const double dx = p.x - pair.image_px.x;
    const double dy = p.y - pair.image_px.y;
    return pair.weight * precision_ * (dx * dx + dy * dy);
  }

  std::span<const PointPair> pairs_;
  int width_px_;
  int height_px_;
  const CameraPrior& prior_;
  double precision_;
  double limit_;
};

}  // namespace

void CameraFitOptions::check() const {
  TOUCHLINE_REQUIRE(sigma_px > 0 && sigma_px <= 100, "sigma_px {} is not in (0, 100]", sigma_px);
  TOUCHLINE_REQUIRE(cauchy_scale > 0 && cauchy_scale <= 100, "cauchy_scale {} is not in (0, 100]", cauchy_scale);
  TOUCHLINE_REQUIRE(max_steps >= 1 && max_steps <= 1000, "max_steps {} is not in [1, 1000]", max_steps);
  TOUCHLINE_REQUIRE(tolerance > 0 && tolerance <= 1, "tolerance {} is not in (0, 1]", tolerance);
}

CameraPrior CameraPrior::independent(const CameraVector& mean, const CameraVector& sigma) {
  CameraPrior prior;
  prior.mean = mean;
  for (std::size_t i = 0; i < kCameraParameters; ++i) {
    prior.information[i * kCameraParameters + i] = std::isinf(sigma[i]) ? 0 : 1 / (sigma[i] * sigma[i]);
  }
  return prior;
}

std::optional<CameraEstimate> fit_camera(const CameraModel& start, std::span<const PointPair> pairs, int width_px,
                                         int height_px, const CameraPrior& prior, const CameraFitOptions& options) {
  options.check();
  const Problem problem(pairs, width_px, height_px, prior, options);
  CameraEstimate best{start, {}, problem.cost(start), 0};
  Matrix8 normal;
  Vector8 gradient;
  if (!problem.linearize(best.camera, normal, gradient)) return std::nullopt;
  double damping = 1e-4;
  while (best.steps < options.max_steps) {
    ++best.steps;
    Matrix8 damped = normal;
    damped.diagonal() *= 1 + damping;
    damped.diagonal().array() += 1e-12;
    const Vector8 step = -damped.llt().solve(gradient);
    if (!step.allFinite()) return std::nullopt;
    const CameraModel candidate = moved(best.camera, step);
    const double cost = problem.cost(candidate);
    if (cost < best.cost) {
      // How far the step went, in standard deviations of the solution (Newton decrement).
      const double decrement = std::sqrt(std::max(0.0, -step.dot(gradient)));
      best.camera = candidate;
      best.cost = cost;
      damping = std::max(damping * 0.1, 1e-9);
      if (!problem.linearize(best.camera, normal, gradient)) return std::nullopt;
      if (decrement < options.tolerance) break;
    } else {
      if (damping > 1e6 || -step.dot(gradient) < options.tolerance * options.tolerance) break;
      damping *= 10;
    }
  }
  Eigen::Map<Matrix8>(best.information.data()) = normal;
  if (!std::isfinite(best.cost) || !normal.allFinite()) return std::nullopt;
  return best;
}

std::optional<CameraMatrix> inverse_spd(const CameraMatrix& matrix) {
  const Eigen::LLT<Matrix8> factor(as_matrix(matrix));
  if (factor.info() != Eigen::Success) return std::nullopt;
  CameraMatrix result;
  Eigen::Map<Matrix8>(result.data()) = factor.solve(Matrix8::Identity());
  return result;
}

}  // namespace touchline::geometry
