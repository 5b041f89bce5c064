#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/match/match_frame.h"

namespace touchline::records {

/// One row of a MOTChallenge file: `frame,id,left,top,width,height,confidence,class,visibility`, frames from 1.
struct MotRow {
  std::int64_t frame = 0;  ///< as in the file, from 1
  std::int64_t id = 0;
  geometry::BoxPx box_px;
  double confidence = 1;
};

/// Appends one row for each person of the frame, 2 decimals, world coordinates -1 (unknown, as MOTChallenge writes
/// them): `frame,id,left,top,width,height,score,-1,-1,-1`. The ball is left out: the trackers' metrics are about
/// people. Thread-safe.
void append_mot(std::string& text, const match::MatchFrame& frame);

/// One row. Throws Error(kBadInput) when it has fewer than six fields, a field is no number, or the size is negative.
MotRow parse_mot_row(std::string_view row);

/// All rows of a file, in the file's order. Empty lines are skipped.
/// Throws Error(kNotFound) without the file, Error(kBadInput) "FILE:LINE: what does not fit". Thread-safe.
std::vector<MotRow> read_mot(const std::string& path);

}  // namespace touchline::records
