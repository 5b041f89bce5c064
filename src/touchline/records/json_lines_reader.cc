#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "touchline/base/error.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/names.h"

namespace touchline::records {
namespace {

using base::Error;
using base::ErrorCode;
using base::fail;
using Json = nlohmann::ordered_json;  // stage timings keep their order

constexpr double kLargestNumber = 1e12;  // anything a record measures is far below it

const Json& member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) fail(ErrorCode::kBadInput, "the key \"{}\" is missing", key);
  return *found;
}

const Json& object_member(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_object()) fail(ErrorCode::kBadInput, "\"{}\" is not an object", key);
  return value;
}

const Json& list_member(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_array()) fail(ErrorCode::kBadInput, "\"{}\" is not a list", key);
  return value;
}

double checked_number(const Json& value, const char* key) {
  if (!value.is_number()) fail(ErrorCode::kBadInput, "\"{}\" is not a number", key);
  const double number = value.get<double>();
  if (!(std::abs(number) <= kLargestNumber)) fail(ErrorCode::kBadInput, "\"{}\" is far too large", key);
  return number;
}

double number(const Json& object, const char* key) {
  return checked_number(member(object, key), key);
}

std::optional<double> optional_number(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (value.is_null()) return std::nullopt;
  return checked_number(value, key);
}

/// A number in [low, high], or null where that is allowed.
std::optional<double> bounded(const Json& object, const char* key, double low, double high) {
  const auto value = optional_number(object, key);
  if (value && !(*value >= low && *value <= high)) {
    fail(ErrorCode::kBadInput, "\"{}\" is {}, outside {} to {}", key, *value, low, high);
  }
  return value;
}

double unit_number(const Json& object, const char* key) {
  const auto value = bounded(object, key, 0, 1);
  if (!value) fail(ErrorCode::kBadInput, "\"{}\" is null, a number is expected", key);
  return *value;
}

std::int64_t whole_number(const Json& object, const char* key, std::int64_t low, std::int64_t high) {
  const Json& value = member(object, key);
  if (!value.is_number_integer()) fail(ErrorCode::kBadInput, "\"{}\" is not a whole number", key);
  const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(high);
  if (too_large || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high) {
    fail(ErrorCode::kBadInput, "\"{}\" is outside {} to {}", key, low, high);
  }
  return value.get<std::int64_t>();
}

template <std::size_t N>
std::array<double, N> numbers(const Json& value, const char* key) {
  if (!value.is_array() || value.size() != N) fail(ErrorCode::kBadInput, "\"{}\" is not a list of {} numbers", key, N);
  std::array<double, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = checked_number(value[i], key);
  return out;
}

template <typename Enum>
Enum word(const Json& object, const char* key, std::optional<Enum> (*named)(std::string_view)) {
  const Json& value = member(object, key);
  if (!value.is_string()) fail(ErrorCode::kBadInput, "\"{}\" is not a word", key);
  const auto found = named(value.get_ref<const std::string&>());
  if (!found) fail(ErrorCode::kBadInput, "\"{}\" is none of the words it may be", key);
  return *found;
}

template <typename Enum>
Enum word_or_null(const Json& object, const char* key, std::optional<Enum> (*named)(std::string_view), Enum none) {
  return member(object, key).is_null() ? none : word(object, key, named);
}

geometry::BoxPx box(const Json& object) {
  const auto v = numbers<4>(member(object, "box_px"), "box_px");
  if (v[0] > v[2] || v[1] > v[3]) fail(ErrorCode::kBadInput, "\"box_px\" has its corners exchanged");
  return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2]), static_cast<float>(v[3])};
}

std::optional<geometry::PitchPoint> position_m(const Json& object) {
  const Json& value = member(object, "position_m");
  if (value.is_null()) return std::nullopt;
  const auto v = numbers<2>(value, "position_m");
  return geometry::PitchPoint{v[0], v[1]};
}

match::SeenPoints points(const Json& pitch) {
  const Json& list = list_member(pitch, "points");
  match::SeenPoints seen{};
  if (list.size() != seen.size()) fail(ErrorCode::kBadInput, "\"points\" does not hold {} points", seen.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto v = numbers<3>(list[i], "points");
    if (v[2] < 0 || v[2] > 1) fail(ErrorCode::kBadInput, "\"points\" holds a score outside 0 to 1");
    seen[i] = {{v[0], v[1]}, static_cast<float>(v[2])};
  }
  return seen;
}

match::PitchPose pose(const Json& frame, PictureSize size) {
  const Json& pitch = object_member(frame, "pitch");
  match::PitchPose pose;
  pose.state = word(pitch, "state", &pose_state_named);
  pose.error_px = bounded(pitch, "error_px", 0, kLargestNumber);
  pose.error_m = bounded(pitch, "error_m", 0, kLargestNumber);
  pose.points = points(pitch);
  const Json& matrix = member(pitch, "image_from_pitch");
  if (matrix.is_null() != (pose.state == match::PoseState::kNone)) {
    fail(ErrorCode::kBadInput, "\"image_from_pitch\" must be null exactly when \"state\" is \"none\"");
  }
  if (matrix.is_null()) return pose;
  pose.camera = geometry::PitchCamera::make(numbers<9>(matrix, "image_from_pitch"), number(pitch, "k1"), size.width_px,
                                            size.height_px);
  if (!pose.camera) fail(ErrorCode::kBadInput, "\"image_from_pitch\" and \"k1\" are no camera (singular, or folded)");
  return pose;
}

match::Track track(const Json& object) {
  if (!object.is_object()) fail(ErrorCode::kBadInput, "\"objects\" holds something that is not an object");
  match::Track track;
  track.id = whole_number(object, "id", 0, std::numeric_limits<std::int64_t>::max());
  track.person_class = word(object, "class", &person_class_named);
  track.box_px = box(object);
  track.score = static_cast<float>(unit_number(object, "score"));
  track.state = word(object, "state", &state_named);
  track.team.team = word_or_null(object, "team", &team_named, match::Team::kNone);
  track.team.confidence = static_cast<float>(bounded(object, "team_confidence", 0, 1).value_or(0));
  track.position_m = position_m(object);
  track.speed_mps = bounded(object, "speed_mps", 0, kLargestNumber);
  return track;
}

std::optional<match::Ball> ball(const Json& frame) {
  const Json& value = member(frame, "ball");
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) fail(ErrorCode::kBadInput, "\"ball\" is not an object");
  match::Ball ball;
  ball.box_px = box(value);
  const auto at = numbers<2>(member(value, "position_px"), "position_px");
  ball.point_px = {at[0], at[1]};
  ball.position_m = position_m(value);
  ball.state = word(value, "state", &state_named);
  ball.score = static_cast<float>(unit_number(value, "score"));
  return ball;
}

std::optional<match::PitchControl> control(const Json& frame) {
  if (member(frame, "control").is_null()) return std::nullopt;
  const Json& value = object_member(frame, "control");
  match::PitchControl control;
  control.model = word(value, "model", &control_model_named);
  control.share_a = unit_number(value, "a");
  control.share_b = unit_number(value, "b");
  return control;
}

std::optional<match::Threat> threat(const Json& frame) {
  if (member(frame, "threat").is_null()) return std::nullopt;
  const Json& value = object_member(frame, "threat");
  return match::Threat{unit_number(value, "a"), unit_number(value, "b")};
}

std::optional<match::EvalBar> eval(const Json& frame) {
  if (member(frame, "eval").is_null()) return std::nullopt;
  const Json& value = object_member(frame, "eval");
  const Json& terms = object_member(value, "terms");
  match::EvalBar bar;
  bar.value = bounded(value, "value", -100, 100).value_or(0);
  bar.confidence = unit_number(value, "confidence");
  bar.terms.control = bounded(terms, "control", -1, 1);
  bar.terms.threat = bounded(terms, "threat", -1, 1);
  bar.terms.ball = bounded(terms, "ball", -1, 1);
  bar.terms.pressure = bounded(terms, "pressure", -1, 1);
  return bar;
}

match::AttackDirection attack(const Json& frame) {
  const Json& value = object_member(frame, "attack");
  const auto a = optional_number(value, "a");
  const auto b = optional_number(value, "b");
  if (a.has_value() != b.has_value() || (a && (std::abs(*a) != 1 || *b != -*a))) {
    fail(ErrorCode::kBadInput, "\"attack\" must hold 1 and -1, or two nulls");
  }
  return {a ? (*a > 0 ? 1 : -1) : 0};
}

std::vector<std::pair<std::string, double>> timings(const Json& frame) {
  std::vector<std::pair<std::string, double>> out;
  for (const auto& [stage, value] : object_member(frame, "timings_ms").items()) {
    out.emplace_back(stage, checked_number(value, "timings_ms"));
  }
  return out;
}

match::MatchFrame frame_of(const Json& json, PictureSize size) {
  constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
  match::MatchFrame frame;
  const auto schema = whole_number(json, "schema", 0, kLargest);
  if (schema != kFramesSchema) {
    fail(ErrorCode::kBadInput, "the record has schema {}, this program reads schema {}", schema, kFramesSchema);
  }
  frame.index = whole_number(json, "frame", 0, kLargest);
  frame.pts_s = number(json, "pts_s");
  frame.shot = static_cast<int>(whole_number(json, "shot", 0, std::numeric_limits<int>::max()));
  frame.pose = pose(json, size);
  for (const Json& object : list_member(json, "objects")) frame.tracks.push_back(track(object));
  frame.ball = ball(json);
  frame.possession = word_or_null(json, "possession", &possession_named, match::Possession::kUnknown);
  frame.attack = attack(json);
  frame.visible_pitch = bounded(json, "visible_pitch", 0, 1);
  frame.control = control(json);
  frame.threat = threat(json);
  frame.eval = eval(json);
  frame.timings_ms = timings(json);
  return frame;
}

}  // namespace

match::MatchFrame parse_json_line(std::string_view line, PictureSize size) {
  TOUCHLINE_REQUIRE(size.width_px > 0 && size.height_px > 0, "a picture of {} x {} pixels cannot hold a record",
                    size.width_px, size.height_px);
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object()) fail(ErrorCode::kBadInput, "this is no JSON object");
  return frame_of(json, size);
}

FrameFileReader::FrameFileReader(const std::string& path, PictureSize size) : path_(path), file_(path), size_(size) {
  if (!file_) fail(ErrorCode::kNotFound, "cannot read '{}': {}", path, base::system_error_text(errno));
}

std::optional<match::MatchFrame> FrameFileReader::next() {
  while (std::getline(file_, line_)) {
    ++line_number_;
    if (line_.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      auto frame = parse_json_line(line_, size_);
      if (frame.index <= last_index_) fail(ErrorCode::kBadInput, "\"frame\" does not grow");
      last_index_ = frame.index;
      return frame;
    } catch (const Error& error) {
      fail(error.code(), "{}:{}: {}", path_, line_number_, error.what());
    }
  }
  if (file_.bad()) fail(ErrorCode::kIo, "reading '{}' failed after line {}", path_, line_number_);
  return std::nullopt;
}

std::vector<match::MatchFrame> read_frames(const std::string& path, PictureSize size) {
  FrameFileReader reader(path, size);
  std::vector<match::MatchFrame> frames;
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}
}  // namespace touchline::records
