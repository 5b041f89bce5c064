#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"

namespace touchline::overlay {

/// The ground a person stands on, as it looks in the picture.
struct Footprint {
  geometry::ImagePoint center_px;
  double radius_x_px = 0;
  double radius_y_px = 0;
};

/// True when the box and the ellipse have a point in common.
bool overlaps(const geometry::BoxPx& box_px, const Footprint& foot);

/// One person whose tag wants a place.
struct LabelRequest {
  std::int64_t id = 0;
  Footprint foot;
  geometry::BoxPx body_px;
  int width_px = 0;   ///< of the tag
  int height_px = 0;  ///< of the tag; 0 × 0: no tag, only feet and body to keep clear of
};

/// Finds a place for each tag: below the feet, or beside, or above the head, in whole pixels.
///
/// A placed tag lies inside the picture, meets no footprint (its own included), no other tag, no blocked box. Where a
/// person has no such place he gets none. Of the free places it takes the one that hides least of other people, with a
/// preference for the side the tag had before. Not thread-safe.
class LabelPlacer {
 public:
  /// One entry per request, in order. Earlier ids choose first. The span lives until the next call.
  std::span<const std::optional<geometry::BoxPx>> place(std::span<const LabelRequest> requests, int width_px,
                                                        int height_px, std::span<const geometry::BoxPx> blocked_px);

  /// Forgets all sides (a new shot).
  void forget() { sides_.clear(); }

 private:
  struct Memory {
    int side = 0;
    std::int64_t last_call = 0;
  };
  void place_one(std::size_t index, std::span<const LabelRequest> requests,
                 std::span<const geometry::BoxPx> blocked_px);
  bool is_free(const geometry::BoxPx& box_px, std::span<const LabelRequest> requests,
               std::span<const geometry::BoxPx> blocked_px) const;

  std::unordered_map<std::int64_t, Memory> sides_;
  std::vector<std::optional<geometry::BoxPx>> places_;
  std::vector<std::size_t> order_;
  int width_px_ = 0;
  int height_px_ = 0;
  std::int64_t call_ = 0;
};

}  // namespace touchline::overlay
