#include "touchline/teams/assign_teams.h"

#include <limits>

#include "touchline/base/error.h"

namespace touchline::teams {

void assign_teams(std::span<int> labels, std::span<float> margins, std::span<const Color> colors,
                  std::span<const Color> centroids) {
  TOUCHLINE_REQUIRE(labels.size() == colors.size() && margins.size() == colors.size(),
                    "{} colors need as many labels and margins, not {} and {}", colors.size(), labels.size(),
                    margins.size());
  TOUCHLINE_REQUIRE(!centroids.empty(), "colors cannot be assigned without a centroid");
  for (std::size_t i = 0; i < colors.size(); ++i) {
    float nearest = std::numeric_limits<float>::infinity();
    float second = nearest;
    int label = 0;
    for (std::size_t k = 0; k < centroids.size(); ++k) {
      const float d = squared_distance(colors[i], centroids[k]);
      if (d < nearest) {
        second = nearest;
        nearest = d;
        label = static_cast<int>(k);
      } else if (d < second) {
        second = d;
      }
    }
    labels[i] = label;
    margins[i] = second - nearest;
  }
}

}  // namespace touchline::teams
