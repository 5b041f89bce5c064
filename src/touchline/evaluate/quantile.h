#pragma once

#include <optional>
#include <vector>

namespace touchline::evaluate {

/// The value that the share q of all values does not exceed: linear between the sorted values, as NumPy's default.
/// Empty without values. q in [0, 1]. Infinite values are allowed and sort last.
std::optional<double> quantile(std::vector<double> values, double q);

}  // namespace touchline::evaluate
