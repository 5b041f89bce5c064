#include "touchline/detect/nms.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

using geometry::BoxPx;

bool is_part_of(const BoxPx& part, const BoxPx& whole, float common, const NmsOptions& options) {
  return common >= options.min_part_cover * part.area() && part.area() > 0 &&
         part.height() < options.max_part_height * whole.height();
}

bool is_same_object(const BoxPx& better, const BoxPx& box, const NmsOptions& options) {
  const float common = geometry::intersection_area(better, box);
  if (common <= 0) return better == box;
  const float all = better.area() + box.area() - common;
  return common > options.max_iou * all || is_part_of(box, better, common, options);
}

}  // namespace

void NmsOptions::check() const {
  TOUCHLINE_REQUIRE(max_iou >= 0 && max_iou <= 1, "the largest overlap must lie in [0, 1], not {}", max_iou);
  TOUCHLINE_REQUIRE(min_part_cover >= 0.5F && min_part_cover <= 2, "a part's cover must lie in [0.5, 2], not {}",
                    min_part_cover);
  TOUCHLINE_REQUIRE(max_part_height >= 0 && max_part_height <= 1, "a part's height must lie in [0, 1], not {}",
                    max_part_height);
}

void suppress_overlaps(std::span<std::uint32_t> owner, std::span<const BoxPx> boxes, std::span<const float> scores,
                       const NmsOptions& options) {
  options.check();
  TOUCHLINE_REQUIRE(owner.size() == boxes.size() && scores.size() == boxes.size(),
                    "{} boxes, {} scores and {} owners do not belong together", boxes.size(), scores.size(),
                    owner.size());
  std::vector<std::uint32_t> order(boxes.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
  std::vector<std::uint32_t> kept;
  for (const std::uint32_t i : order) {
    const auto better =
        std::ranges::find_if(kept, [&](std::uint32_t j) { return is_same_object(boxes[j], boxes[i], options); });
    owner[i] = better != kept.end() ? *better : i;
    if (better == kept.end()) kept.push_back(i);
  }
}

}  // namespace touchline::detect
