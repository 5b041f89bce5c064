#include "touchline/geometry/homography.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

constexpr double kCollinear = 1e-3;  // triangle area over the square of its longest side
constexpr double kRankGap = 1e-9;    // second-smallest over largest eigenvalue of the normal matrix

template <typename Point>
bool collinear(Point a, Point b, Point c) {
  const auto squared = [](Point p, Point q) { return (p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y); };
  const double longest = std::max({squared(a, b), squared(b, c), squared(a, c)});
  return !(std::abs(signed_area(a, b, c)) > kCollinear * longest);
}

template <typename Get>
bool any_three_collinear(Get point) {
  return collinear(point(0), point(1), point(2)) || collinear(point(0), point(1), point(3)) ||
         collinear(point(0), point(2), point(3)) || collinear(point(1), point(2), point(3));
}

/// The matrix that maps the projective basis (1,0,0), (0,1,0), (0,0,1), (1,1,1) to four points of the plane.
template <typename Get>
Mat3 from_basis(Get point) {
  const auto a = point(0);
  const auto b = point(1);
  const auto c = point(2);
  const auto d = point(3);
  const double s = signed_area(b, c, d);
  const double t = signed_area(c, a, d);
  const double u = signed_area(a, b, d);
  return {s * a.x, t * b.x, u * c.x, s * a.y, t * b.y, u * c.y, s, t, u};
}

Mat3 adjugate(const Mat3& m) {
  return {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
          m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
          m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
}

Mat3 signed_at(const Mat3& m, PitchPoint point_m) {
  Mat3 result = normalized(m);
  if (apply(result, point_m.x, point_m.y)[2] < 0) {
    for (double& v : result) v = -v;
  }
  return result;
}

/// x' = scale · (x − middle): middle at the origin, mean distance √2.
struct Normalizer {
  double x = 0;
  double y = 0;
  double scale = 1;

  template <typename Get>
  static Normalizer of(std::span<const PointPair> pairs, Get point) {
    Normalizer n;
    double sum = 0;
    for (const auto& pair : pairs) {
      n.x += pair.weight * point(pair).x;
      n.y += pair.weight * point(pair).y;
      sum += pair.weight;
    }
    n.x /= sum;
    n.y /= sum;
    double spread = 0;
    for (const auto& pair : pairs) spread += pair.weight * std::hypot(point(pair).x - n.x, point(pair).y - n.y);
    n.scale = spread > 0 ? std::sqrt(2.0) * sum / spread : 0;
    return n;
  }
  Mat3 matrix() const { return {scale, 0, -scale * x, 0, scale, -scale * y, 0, 0, 1}; }
  Mat3 inverse_matrix() const { return {1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1}; }
};

using Matrix9 = Eigen::Matrix<double, 9, 9>;

Matrix9 normal_matrix(std::span<const PointPair> pairs, const Normalizer& pitch, const Normalizer& image) {
  Matrix9 normal = Matrix9::Zero();
  for (const auto& pair : pairs) {
    if (pair.weight <= 0) continue;
    const double x = pitch.scale * (pair.pitch_m.x - pitch.x);
    const double y = pitch.scale * (pair.pitch_m.y - pitch.y);
    const double u = image.scale * (pair.image_px.x - image.x);
    const double v = image.scale * (pair.image_px.y - image.y);
    Eigen::Matrix<double, 9, 1> row;
    row << x, y, 1, 0, 0, 0, -u * x, -u * y, -u;
    normal.selfadjointView<Eigen::Lower>().rankUpdate(row, pair.weight);
    row << 0, 0, 0, x, y, 1, -v * x, -v * y, -v;
    normal.selfadjointView<Eigen::Lower>().rankUpdate(row, pair.weight);
  }
  return normal;
}

}  // namespace

std::optional<Mat3> exact_homography(std::span<const PointPair, 4> pairs) {
  const auto pitch = [&](std::size_t i) { return pairs[i].pitch_m; };
  const auto image = [&](std::size_t i) { return pairs[i].image_px; };
  if (any_three_collinear(pitch) || any_three_collinear(image)) return std::nullopt;
  return signed_at(multiply(from_basis(image), adjugate(from_basis(pitch))), pairs[0].pitch_m);
}

std::optional<Mat3> fit_homography(std::span<const PointPair> pairs) {
  int used = 0;
  for (const auto& pair : pairs) {
    TOUCHLINE_REQUIRE(std::isfinite(pair.weight) && pair.weight >= 0,
                      "a point's weight of {} is not a number of at least 0", pair.weight);
    used += pair.weight > 0 ? 1 : 0;
  }
  if (used < 4) return std::nullopt;
  const auto pitch = Normalizer::of(pairs, [](const PointPair& p) { return p.pitch_m; });
  const auto image = Normalizer::of(pairs, [](const PointPair& p) { return p.image_px; });
  if (pitch.scale == 0 || image.scale == 0) return std::nullopt;
  const Eigen::SelfAdjointEigenSolver<Matrix9> solver(normal_matrix(pairs, pitch, image));
  const auto& values = solver.eigenvalues();
  if (solver.info() != Eigen::Success || !(values(1) > kRankGap * values(8))) return std::nullopt;
  Mat3 h;
  for (int i = 0; i < 9; ++i) h[static_cast<std::size_t>(i)] = solver.eigenvectors()(i, 0);
  if (!inverse(h)) return std::nullopt;
  return signed_at(multiply(image.inverse_matrix(), multiply(h, pitch.matrix())), {pitch.x, pitch.y});
}

std::optional<ImagePoint> mapped(const Mat3& image_from_pitch, PitchPoint point_m) {
  const auto q = apply(image_from_pitch, point_m.x, point_m.y);
  if (!(q[2] > 1e-6 * std::hypot(point_m.x, point_m.y, 1.0))) return std::nullopt;
  return ImagePoint{q[0] / q[2], q[1] / q[2]};
}

}  // namespace touchline::geometry
