#pragma once

#include <cstdint>
#include <span>

#include "touchline/geometry/box.h"

namespace touchline::detect {

/// When two boxes are one object.
struct NmsOptions {
  /// Boxes that overlap by more (intersection over union) are one. Range 0..1. On a made-up match 0.6, 0.57, 0.5 give
  /// 1.9, 1.4, 1.0 false people a frame and find 98.1, 98.0, 97.9 % of the true ones; on 75 pictures of five unseen
  /// broadcasts the AP50 of people is the same within 0.001.
  float max_iou = 0.5F;
  /// A box lying in a better one by at least this share of its own area, and shorter than max_part_height of it, is a
  /// part of the same person (upper half, legs). Above 1 = parts are kept. Range 0.5..2. On 36 pictures of five unseen
  /// broadcasts 0.9 took 24 of 100 false people away at score 0.25, and one of 491 true ones.
  float min_part_cover = 0.9F;
  float max_part_height = 1;  ///< of the whole box's height. Range 0..1

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// Keeps, of boxes that overlap, the one with the highest score.
///
/// owner    [N] out, host: the index of the box that stays for it: its own where it stays itself, else that of the best
///          one that it overlaps
/// boxes    [N] host: x0 y0 x1 y1 in pixels, x0 ≤ x1, y0 ≤ y1; all of one group: a caller that wants groups (people,
///          ball) calls once for each
/// scores   [N] host, in [0, 1]; of equal scores the lower index wins
///
/// A box that went suppresses nothing. Cost: N·log N + N·kept.
/// Throws Error(kInvalidArgument) when the lengths differ or options.check() fails. Thread-safe.
void suppress_overlaps(std::span<std::uint32_t> owner, std::span<const geometry::BoxPx> boxes,
                       std::span<const float> scores, const NmsOptions& options);

}  // namespace touchline::detect
