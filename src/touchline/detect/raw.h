#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"

namespace touchline::detect {

/// So many of a network's classes keep their scores beside the best one; networks of football have fewer.
inline constexpr std::size_t kScoredClasses = 8;

/// A box as a network gives it: pixels of the network's input, class number of the network.
struct RawBox {
  geometry::BoxPx box_px;
  std::int32_t class_index = 0;
  float score = 0;  ///< of that class, in [0, 1]
  std::array<float, kScoredClasses>
      class_scores{};  ///< of each class, in [0, 1]; all 0: the network gives the best alone
};

/// A peak of the ball's heat map, pixels of the network's input.
struct BallPeak {
  geometry::ImagePoint point_px;
  float score = 0;  ///< in [0, 1]
};

/// The score whose logistic value is p, p inside (0, 1).
float logit(float p);

/// 1 / (1 + e^−x)
float logistic(float x);

}  // namespace touchline::detect
