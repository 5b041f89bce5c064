#pragma once

#include <span>

#include "touchline/detect/network_size.h"

namespace touchline::detect {

/// From this length of the longer side on an input is worth a look at half its size.
inline constexpr int kLeastHalvedPx = 960;

/// A network's input at half the size: each cell the mean of four, cells beyond the half 0.
///
/// half   out [C × H' × W'], host, of half_size_of(size)
/// whole  [C × H × W], host; H and W even
/// Throws Error(kInvalidArgument) when the lengths do not fit. Thread-safe.
///
/// Note [A second look at half size]: a network sees a few hundred pixels around a place. Close to a goal that is one
/// line at 1280 px, and the whole goal area at half the size. On the 14 labelled frames of `goalmouth`, where nine
/// points are visible, touchline_n has 3 to 6 sure points of which 0 to 2 are right at 1280 px, and 6 to 8 of which 6
/// to 8 are right at 640; touchline_s 2 or 3 of which 1 or 2, and 6 to 8 of which 6 to 8. Where a picture shows more of
/// the pitch the larger input is more precise: held-out pictures have 6 to 19 sure points at 1280 px. At 960 px it is
/// the same: points of `goalmouth` within 10 px without / with a look at 480 px touchline_n .398 / .886, touchline_s
/// .504 / .699, all other labelled clips and held-out pictures alike.
void halve(std::span<float> half, std::span<const float> whole, NetworkSize size, int channels);

}  // namespace touchline::detect
