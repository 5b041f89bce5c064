#include "touchline/geometry/mat3.h"

#include <cmath>

namespace touchline::geometry {
namespace {

double row_norm(const Mat3& m, std::size_t row) {
  return std::hypot(m[3 * row], m[3 * row + 1], m[3 * row + 2]);
}

}  // namespace

Mat3 multiply(const Mat3& a, const Mat3& b) {
  Mat3 product{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      product[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
    }
  }
  return product;
}

double determinant(const Mat3& m) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

std::optional<Mat3> inverse(const Mat3& m) {
  const double det = determinant(m);
  const double scale = row_norm(m, 0) * row_norm(m, 1) * row_norm(m, 2);
  if (!(std::abs(det) > 1e-12 * scale)) return std::nullopt;
  const double r = 1 / det;
  return Mat3{r * (m[4] * m[8] - m[5] * m[7]), r * (m[2] * m[7] - m[1] * m[8]), r * (m[1] * m[5] - m[2] * m[4]),
              r * (m[5] * m[6] - m[3] * m[8]), r * (m[0] * m[8] - m[2] * m[6]), r * (m[2] * m[3] - m[0] * m[5]),
              r * (m[3] * m[7] - m[4] * m[6]), r * (m[1] * m[6] - m[0] * m[7]), r * (m[0] * m[4] - m[1] * m[3])};
}

Mat3 normalized(const Mat3& m) {
  double squares = 0;
  for (const double v : m) squares += v * v;
  if (squares == 0) return m;
  Mat3 scaled = m;
  for (double& v : scaled) v /= std::sqrt(squares);
  return scaled;
}

}  // namespace touchline::geometry
