#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace touchline::records {

/// Appends a number with at most `decimals` digits after the point, rounded half away from zero, trailing zeros and
/// "-0" dropped: 4.80 → "4.8". Text read back and written again is the same text. Not finite → "null".
///
/// decimals   0 to 6
///
/// About 10 ns: the frame path writes some 400 numbers a frame. Thread-safe.
void append_fixed(std::string& text, double value, int decimals);

/// append_fixed(), or "null" when there is no value.
void append_fixed_or_null(std::string& text, const std::optional<double>& value, int decimals);

/// Appends a whole number.
void append_integer(std::string& text, long long value);

/// Appends a number with 10 significant digits, "-0" as "0", as the homography's entries are written.
void append_significant(std::string& text, double value);

/// Appends a JSON string with its quotes; control characters, quotes and backslashes are escaped, other bytes kept.
void append_json_string(std::string& text, std::string_view value);

}  // namespace touchline::records
