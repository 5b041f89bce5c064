#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "touchline/detect/raw.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// Common contract of the functions below: `boxes` is cleared and filled with every proposal whose best class reaches
/// `min_score`, in the order of the proposals, pixels of the network's input, overlaps still inside. A proposal with a
/// number that is not finite is left out. They throw Error(kInvalidArgument) when the length does not fit. Thread-safe.

/// [N × (5+C)]: centre x, y, width, height, objectness, C class scores, all but the places in [0, 1].
/// Score = objectness · class.
void decode_yolov5(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score);

/// [(4+C) × N]: centre x, y, width, height, C class scores.
void decode_yolov8(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score);

/// [M × 6]: x0 y0 x1 y1, score, class number. Rows with a class outside [0, class_count) are left out.
void decode_yolo26(std::vector<RawBox>& boxes, std::span<const float> output, int class_count, float min_score);

/// [N × (5+C)] before the grid: centre = (value + column, row) · stride, size = exp(value) · stride, cells of strides
/// 8, 16, 32 in this order, row-major; objectness and classes in [0, 1]. Score = objectness · class.
void decode_yolox(std::vector<RawBox>& boxes, std::span<const float> output, int width_px, int height_px,
                  int class_count, float min_score);

/// [(5+96) × N]: centre, size, score, 32 × (x, y, score): the points of the proposal with the highest score (of equal
/// ones the first), pixels of the network's input; score 0 below `min_score`, for all of them when the proposal's own
/// score is below 0.25.
void decode_pitch_pose(match::SeenPoints& points, std::span<const float> output, float min_score);

}  // namespace touchline::detect
