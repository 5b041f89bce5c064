#include "touchline/overlay/label_placer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace touchline::overlay {
namespace {

using geometry::BoxPx;

/// Where a tag may stand: its middle from the feet, in half widths and half heights, and how little we like it.
struct Side {
  enum Anchor { kBelow, kBeside, kAbove } anchor;
  double shift;  ///< −1 = to the left by half its width or beside on the left, +1 = right
  double row;    ///< how many tag heights further away
  double cost;
};

constexpr std::array<Side, 13> kSides = {{{Side::kBelow, 0, 0, 0},
                                          {Side::kBelow, -0.6, 0, 0.30},
                                          {Side::kBelow, 0.6, 0, 0.30},
                                          {Side::kAbove, 0, 0, 0.40},
                                          {Side::kBeside, -1, 0, 0.50},
                                          {Side::kBeside, 1, 0, 0.50},
                                          {Side::kAbove, -0.6, 0, 0.60},
                                          {Side::kAbove, 0.6, 0, 0.60},
                                          {Side::kBeside, -1, 1, 0.65},
                                          {Side::kBeside, 1, 1, 0.65},
                                          {Side::kBeside, -1, -1, 0.65},
                                          {Side::kBeside, 1, -1, 0.65},
                                          {Side::kAbove, 0, 1, 0.90}}};

constexpr double kKeepSideBonus = 0.45;  ///< what another side must be better by before a tag moves
constexpr double kHiddenBodyCost = 1.5;  ///< per tag area that hides someone else
constexpr double kGapOfHeight = 0.18;    ///< between feet or head and tag, of the tag's height
constexpr std::int64_t kForgetCalls = 250;

BoxPx box_at(const LabelRequest& request, const Side& side) {
  const Footprint& foot = request.foot;
  const double gap = std::max(1.0, kGapOfHeight * request.height_px);
  const double w = request.width_px;
  const double h = request.height_px;
  double left = foot.center_px.x - w / 2 + side.shift * w / 2;
  double top = 0;
  switch (side.anchor) {
    case Side::kBelow:
      top = foot.center_px.y + foot.radius_y_px + gap;
      break;
    case Side::kAbove:
      top = request.body_px.y0 - gap - h - side.row * h;
      break;
    case Side::kBeside:
      left = foot.center_px.x - w / 2 + side.shift * (foot.radius_x_px + gap + w / 2);
      top = foot.center_px.y - h / 2 + side.row * (h / 2 + foot.radius_y_px);
      break;
  }
  // Away from the feet, so that rounding to whole pixels never brings them nearer.
  const auto x =
      static_cast<float>(side.anchor == Side::kBeside && side.shift < 0 ? std::floor(left) : std::ceil(left));
  const auto y = static_cast<float>(side.anchor == Side::kAbove ? std::floor(top) : std::ceil(top));
  return {x, y, x + static_cast<float>(w), y + static_cast<float>(h)};
}

bool intersect(const BoxPx& a, const BoxPx& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

}  // namespace

bool overlaps(const BoxPx& box_px, const Footprint& foot) {
  if (foot.radius_x_px <= 0 || foot.radius_y_px <= 0) return false;
  const double x = std::clamp<double>(foot.center_px.x, box_px.x0, box_px.x1) - foot.center_px.x;
  const double y = std::clamp<double>(foot.center_px.y, box_px.y0, box_px.y1) - foot.center_px.y;
  const double rx = x / foot.radius_x_px;
  const double ry = y / foot.radius_y_px;
  return rx * rx + ry * ry <= 1;
}

bool LabelPlacer::is_free(const BoxPx& box_px, std::span<const LabelRequest> requests,
                          std::span<const BoxPx> blocked_px) const {
  if (box_px.x0 < 0 || box_px.y0 < 0 || box_px.x1 > static_cast<float>(width_px_) ||
      box_px.y1 > static_cast<float>(height_px_)) {
    return false;
  }
  for (const BoxPx& blocked : blocked_px) {
    if (intersect(box_px, blocked)) return false;
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (overlaps(box_px, requests[i].foot) || (places_[i] && intersect(box_px, *places_[i]))) return false;
  }
  return true;
}

void LabelPlacer::place_one(std::size_t index, std::span<const LabelRequest> requests,
                            std::span<const BoxPx> blocked_px) {
  const LabelRequest& request = requests[index];
  const auto memory = sides_.find(request.id);
  const int last_side = memory == sides_.end() ? -1 : memory->second.side;
  double best_cost = std::numeric_limits<double>::infinity();
  int best_side = -1;
  BoxPx best;
  for (int s = 0; s < static_cast<int>(kSides.size()); ++s) {
    double cost = kSides[s].cost - (s == last_side ? kKeepSideBonus : 0);
    const BoxPx box = box_at(request, kSides[s]);
    if (cost >= best_cost || !is_free(box, requests, blocked_px)) continue;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (i != index) cost += kHiddenBodyCost * geometry::intersection_area(box, requests[i].body_px) / box.area();
    }
    if (cost >= best_cost) continue;
    best_cost = cost;
    best_side = s;
    best = box;
  }
  if (best_side < 0) return;
  places_[index] = best;
  sides_[request.id] = {best_side, call_};
}

std::span<const std::optional<BoxPx>> LabelPlacer::place(std::span<const LabelRequest> requests, int width_px,
                                                         int height_px, std::span<const BoxPx> blocked_px) {
  width_px_ = width_px;
  height_px_ = height_px;
  ++call_;
  places_.assign(requests.size(), std::nullopt);
  order_.resize(requests.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::ranges::sort(order_, {}, [&](std::size_t i) { return std::pair(requests[i].id, i); });
  for (const std::size_t i : order_) {
    if (requests[i].width_px > 0 && requests[i].height_px > 0) place_one(i, requests, blocked_px);
  }
  std::erase_if(sides_, [&](const auto& entry) { return entry.second.last_call + kForgetCalls < call_; });
  return places_;
}

}  // namespace touchline::overlay
