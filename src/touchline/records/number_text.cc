#include "touchline/records/number_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

#include "touchline/base/error.h"

namespace touchline::records {
namespace {

constexpr std::array<double, 7> kPowers = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
constexpr double kExactLimit = 1e15;  // below it a double holds every whole number

}  // namespace

void append_fixed(std::string& text, double value, int decimals) {
  TOUCHLINE_REQUIRE(decimals >= 0 && decimals <= 6, "{} decimals asked for; 0 to 6 are possible", decimals);
  const double scaled = value * kPowers[static_cast<std::size_t>(decimals)];
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  if (!(std::abs(scaled) < kExactLimit)) {
    fmt::format_to(std::back_inserter(text), "{}", value);
    return;
  }
  auto rest = static_cast<unsigned long long>(std::abs(scaled) + 0.5);
  if (rest == 0) {
    text += '0';
    return;
  }
  std::array<char, 32> digits;
  std::size_t at = digits.size();
  int place = decimals;
  for (; place > 0 && rest % 10 == 0; --place) rest /= 10;
  const bool has_point = place > 0;
  for (; place > 0; --place, rest /= 10) digits[--at] = static_cast<char>('0' + rest % 10);
  if (has_point) digits[--at] = '.';
  do {
    digits[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) digits[--at] = '-';
  text.append(digits.data() + at, digits.size() - at);
}

void append_fixed_or_null(std::string& text, const std::optional<double>& value, int decimals) {
  if (value) {
    append_fixed(text, *value, decimals);
  } else {
    text += "null";
  }
}

void append_integer(std::string& text, long long value) {
  const fmt::format_int digits(value);
  text.append(digits.data(), digits.size());
}

void append_significant(std::string& text, double value) {
  if (!std::isfinite(value)) {
    text += "null";
    return;
  }
  fmt::format_to(std::back_inserter(text), "{:.10g}", value == 0 ? 0.0 : value);  // -0 is 0
}

void append_json_string(std::string& text, std::string_view value) {
  text += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(text), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      text += c;
    }
  }
  text += '"';
}

}  // namespace touchline::records
