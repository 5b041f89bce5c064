#pragma once

#include <array>
#include <span>

namespace touchline::teams {

using Color = std::array<float, 3>;

/// The nearest centroid of each colour (`assign_teams`).
///
/// labels     [N] out: index of the nearest centroid by squared distance; of equally near ones the lower index
/// margins    [N] out: squared distance of the second nearest less that of the nearest, ≥ 0; infinite with one centroid
/// colors     [N] any unit
/// centroids  [K] the same unit, K ≥ 1
///
/// Throws Error(kInvalidArgument) when the lengths differ or there is no centroid. Thread-safe; nothing is allocated.
void assign_teams(std::span<int> labels, std::span<float> margins, std::span<const Color> colors,
                  std::span<const Color> centroids);

/// |a − b|²
inline float squared_distance(const Color& a, const Color& b) {
  const float x = a[0] - b[0];
  const float y = a[1] - b[1];
  const float z = a[2] - b[2];
  return x * x + y * y + z * z;
}

}  // namespace touchline::teams
