#pragma once

#include <string>
#include <string_view>

#include "touchline/match/match_frame.h"

namespace touchline::records {

/// First line of tracks.csv, with its line feed.
std::string_view tracks_csv_header();

/// First line of eval.csv, with its line feed.
std::string_view eval_csv_header();

/// Appends one row for each person and one for the ball: pixels and metres with 2 decimals, empty = unknown. The ball's
/// row has class "ball" and no id. Thread-safe.
void append_tracks_csv(std::string& text, const match::MatchFrame& frame);

/// Appends the one row of this frame: possession, visible pitch, control, threat, bar and its terms; empty = unknown.
/// Thread-safe.
void append_eval_csv(std::string& text, const match::MatchFrame& frame);

}  // namespace touchline::records
