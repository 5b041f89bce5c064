#include "touchline/records/mot.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>

#include "touchline/base/error.h"
#include "touchline/records/number_text.h"

namespace touchline::records {
namespace {

using base::ErrorCode;
using base::fail;

constexpr int kPixelDecimals = 2;
constexpr int kScoreDecimals = 3;
constexpr std::size_t kNeededFields = 6;
constexpr double kLargestWhole = 1e15;
constexpr double kLargestPixel = 1e9;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

double field_number(std::string_view field, std::size_t column) {
  field = trimmed(field);
  double value = 0;
  const auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem != std::errc() || end != field.data() + field.size() || !std::isfinite(value)) {
    fail(ErrorCode::kBadInput, "field {} is not a number", column + 1);
  }
  return value;
}

std::int64_t whole(double value, std::size_t column) {
  if (!(std::abs(value) < kLargestWhole) || value != std::floor(value)) {
    fail(ErrorCode::kBadInput, "field {} is not a whole number", column + 1);
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

void append_mot(std::string& text, const match::MatchFrame& frame) {
  for (const auto& track : frame.tracks) {
    append_integer(text, frame.index + 1);
    text += ',';
    append_integer(text, track.id);
    const auto& box = track.box_px;
    for (const float value : {box.x0, box.y0, box.width(), box.height()}) {
      text += ',';
      append_fixed(text, value, kPixelDecimals);
    }
    text += ',';
    append_fixed(text, track.score, kScoreDecimals);
    text += ",-1,-1,-1\n";
  }
}

MotRow parse_mot_row(std::string_view row) {
  std::array<double, kNeededFields + 1> values{};
  values[kNeededFields] = 1;
  std::size_t count = 0;
  std::size_t begin = 0;
  while (begin <= row.size() && count < values.size()) {
    const auto end = std::min(row.find(',', begin), row.size());
    values[count] = field_number(row.substr(begin, end - begin), count);
    ++count;
    begin = end + 1;
  }
  if (count < kNeededFields) fail(ErrorCode::kBadInput, "a row needs at least {} fields", kNeededFields);
  MotRow out;
  out.frame = whole(values[0], 0);
  out.id = whole(values[1], 1);
  for (std::size_t i = 2; i < kNeededFields; ++i) {
    if (std::abs(values[i]) > kLargestPixel) fail(ErrorCode::kBadInput, "field {} is far too large", i + 1);
  }
  if (values[4] < 0 || values[5] < 0) fail(ErrorCode::kBadInput, "the box has a negative size");
  out.box_px = {static_cast<float>(values[2]), static_cast<float>(values[3]), static_cast<float>(values[2] + values[4]),
                static_cast<float>(values[3] + values[5])};
  out.confidence = values[6];
  return out;
}

std::vector<MotRow> read_mot(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail(ErrorCode::kNotFound, "cannot read '{}': {}", path, base::system_error_text(errno));
  std::vector<MotRow> rows;
  std::string line;
  for (std::int64_t number = 1; std::getline(file, line); ++number) {
    if (trimmed(line).empty()) continue;
    try {
      rows.push_back(parse_mot_row(line));
    } catch (const base::Error& error) {
      fail(error.code(), "{}:{}: {}", path, number, error.what());
    }
  }
  return rows;
}

}  // namespace touchline::records
