#pragma once

#include "touchline/match/match_frame.h"
#include "touchline/records/json_lines.h"

namespace touchline::records {

inline constexpr PictureSize kSamplePicture = {1280, 720};

/// A frame with everything known, for tests and benchmarks: a camera with a radial term, `people` people, the ball,
/// analytics. Values already carry the record's decimals.
match::MatchFrame full_sample_frame(std::int64_t index, int people);

/// A frame in which nothing is known.
match::MatchFrame empty_sample_frame(std::int64_t index);

}  // namespace touchline::records
