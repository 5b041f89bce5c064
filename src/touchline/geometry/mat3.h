#pragma once

#include <array>
#include <optional>

namespace touchline::geometry {

/// A 3×3 matrix, row-major. As a homography it is named `target_from_source`.
using Mat3 = std::array<double, 9>;

inline constexpr Mat3 kIdentity = {1, 0, 0, 0, 1, 0, 0, 0, 1};

/// a · b
Mat3 multiply(const Mat3& a, const Mat3& b);

double determinant(const Mat3& m);

/// The inverse; empty when |det| is below 1e-12 of the product of the row norms.
std::optional<Mat3> inverse(const Mat3& m);

/// Scaled to Frobenius norm 1. The zero matrix stays zero.
Mat3 normalized(const Mat3& m);

/// m · (x, y, 1)
inline std::array<double, 3> apply(const Mat3& m, double x, double y) {
  return {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5], m[6] * x + m[7] * y + m[8]};
}

}  // namespace touchline::geometry
