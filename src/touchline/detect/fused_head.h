#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "touchline/detect/raw.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// Rows of the `det` output before those of classes: 16 logits of each of four sides.
inline constexpr std::size_t kFusedSideRows = 64;

/// How many cells the strides 8, 16, 32 have together on an input of width × height pixels (multiples of 32).
int fused_cell_count(int width_px, int height_px);

/// Boxes of our own network: every cell whose best class reaches `min_score`.
///
/// boxes      out: cleared, then filled in the order of the cells; overlaps still inside
/// det        [64 + C × cells]: rows 0..63 = 4 × 16 distribution logits of left, top, right, bottom in strides, then
///            C class logits, 1 to kScoredClasses; cells of strides 8, 16, 32 in this order, row-major, centres at +0.5
/// min_score  in (0, 1)
///
/// Distributions are only worked out for cells above the threshold.
/// Throws Error(kInvalidArgument) when the length does not fit the size. Thread-safe.
void decode_fused_boxes(std::vector<RawBox>& boxes, std::span<const float> det, int width_px, int height_px,
                        float min_score);

/// The 32 pitch points: each heat map's highest score, and where that cell and its neighbours (5×5) say that the point
/// lies, a neighbour by its own score.
///
/// points     out: pixels of the network's input; score 0 below `min_score`
/// kp         [96 × height/8 × width/8]: 32 logits, then dx, dy of each point in cells from the cell's centre
/// Of equal cells the first in memory wins. Throws Error(kInvalidArgument) as above. Thread-safe.
///
/// Note [25 cells place a point]: their errors are partly their own, so the mean is nearer than the highest cell alone.
/// Chosen on training pictures: median error in px by 1 / 9 / 25 cells at 736 × 1280 touchline_n 1.06 / 0.90 / 0.83,
/// touchline_s 1.06 / 0.87 / 0.85, at 384 × 640 1.95 / 1.50 / 1.45 and 1.85 / 1.44 / 1.35; cells weighted by the square
/// of their score lie between. Held-out points: 1.19 / 1.07 / 1.01, 1.14 / 0.95 / 0.93, 2.33 / 1.92 / 1.88, 2.37 / 1.86
/// / 1.77.
void decode_fused_points(match::SeenPoints& points, std::span<const float> kp, int width_px, int height_px,
                         float min_score);

/// Peaks of the ball's heat map: cells that are the highest of their 5×5 neighbourhood, best first, at most
/// `max_count`.
///
/// ball       [3 × height/4 × width/4]: logit, dx, dy in cells from the cell's centre
/// Of equal neighbours the first in memory is the peak. Throws Error(kInvalidArgument) as above. Thread-safe.
void decode_fused_balls(std::vector<BallPeak>& peaks, std::span<const float> ball, int width_px, int height_px,
                        float min_score, int max_count);

}  // namespace touchline::detect
