#include "touchline/evaluate/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace touchline::evaluate {

std::optional<double> quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::nullopt;
  const double place = q * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::ptrdiff_t>(std::floor(place));
  const double share = place - std::floor(place);
  std::nth_element(values.begin(), values.begin() + low, values.end());
  const double below = values[static_cast<std::size_t>(low)];
  if (share == 0) return below;
  const double above = *std::min_element(values.begin() + low + 1, values.end());
  return std::isinf(above) ? above : below + share * (above - below);
}

}  // namespace touchline::evaluate
