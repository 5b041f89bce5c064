#include "touchline/records/detections.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "touchline/base/error.h"
#include "touchline/base/log.h"
#include "touchline/records/number_text.h"

namespace touchline::records {
namespace {

using base::ErrorCode;
using base::fail;
using Json = nlohmann::json;

constexpr int kPixelDecimals = 2;
constexpr int kScoreDecimals = 4;
constexpr double kLargestPixel = 1e9;
constexpr std::array<std::string_view, kObjectClassCount> kObjectClasses = {"ball", "goalkeeper", "player", "referee"};

void append_class_scores(std::string& text, const match::ClassScores& scores) {
  if (scores == match::ClassScores{}) return;
  text += ",\"class_scores\":";
  char separator = '{';
  for (std::size_t c = 0; c < scores.size(); ++c) {
    text += separator;
    text += '"';
    text += name_of(object_class_of(static_cast<match::PersonClass>(c)));
    text += "\":";
    append_fixed(text, scores[c], kScoreDecimals);
    separator = ',';
  }
  text += '}';
}

void append_object(std::string& text, ObjectClass object_class, const geometry::BoxPx& box, double score,
                   const match::ClassScores& scores) {
  text += "{\"class\":\"";
  text += name_of(object_class);
  text += "\",\"box_px\":";
  char separator = '[';
  for (const float value : {box.x0, box.y0, box.x1, box.y1}) {
    text += separator;
    append_fixed(text, value, kPixelDecimals);
    separator = ',';
  }
  text += "],\"score\":";
  append_fixed(text, score, kScoreDecimals);
  append_class_scores(text, scores);
  text += '}';
}

void append_points(std::string& text, const match::SeenPoints& points) {
  text += "],\"points\":";
  char separator = '[';
  for (const auto& point : points) {
    text += separator;
    text += '[';
    append_fixed(text, point.point_px.x, kPixelDecimals);
    text += ',';
    append_fixed(text, point.point_px.y, kPixelDecimals);
    text += ',';
    append_fixed(text, point.score, kScoreDecimals);
    text += ']';
    separator = ',';
  }
  text += "]}";
}

template <std::size_t N>
std::array<double, N> numbers(const Json& value, const char* key) {
  if (!value.is_array() || value.size() != N) fail(ErrorCode::kBadInput, "\"{}\" is not a list of {} numbers", key, N);
  std::array<double, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    if (!value[i].is_number()) fail(ErrorCode::kBadInput, "\"{}\" is not a list of {} numbers", key, N);
    out[i] = value[i].get<double>();
    if (!(std::abs(out[i]) <= kLargestPixel)) fail(ErrorCode::kBadInput, "\"{}\" is far too large", key);
  }
  return out;
}

double score_of(double value) {
  if (!(value >= 0 && value <= 1)) fail(ErrorCode::kBadInput, "a score of {} is outside 0 to 1", value);
  return value;
}

ObjectClass class_of(const Json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() < kObjectClassCount) {
    return static_cast<ObjectClass>(value.get<int>());
  }
  for (std::size_t i = 0; value.is_string() && i < kObjectClasses.size(); ++i) {
    if (value.get_ref<const std::string&>() == kObjectClasses[i]) return static_cast<ObjectClass>(i);
  }
  fail(ErrorCode::kBadInput, "\"class\" is none of ball, goalkeeper, player, referee");
}

const Json& member(const Json& object, const char* key) {
  if (!object.is_object()) fail(ErrorCode::kBadInput, "an object with \"{}\" is expected", key);
  const auto found = object.find(key);
  if (found == object.end()) fail(ErrorCode::kBadInput, "the key \"{}\" is missing", key);
  return *found;
}

double score_of(const Json& object, const char* key) {
  const Json& score = member(object, key);
  if (!score.is_number()) fail(ErrorCode::kBadInput, "\"{}\" is not a number", key);
  return score_of(score.get<double>());
}

DetectedObject object_of(const Json& json) {
  DetectedObject object;
  object.object_class = class_of(member(json, "class"));
  const auto box = numbers<4>(member(json, "box_px"), "box_px");
  if (box[0] > box[2] || box[1] > box[3]) fail(ErrorCode::kBadInput, "\"box_px\" has its corners exchanged");
  object.box_px = {static_cast<float>(box[0]), static_cast<float>(box[1]), static_cast<float>(box[2]),
                   static_cast<float>(box[3])};
  object.score = score_of(json, "score");
  const auto scores = json.find("class_scores");
  if (scores == json.end()) return object;
  for (std::size_t c = 0; c < object.class_scores.size(); ++c) {
    const std::string key(name_of(object_class_of(static_cast<match::PersonClass>(c))));
    object.class_scores[c] = static_cast<float>(score_of(*scores, key.c_str()));
  }
  return object;
}

match::SeenPoints points_of(const Json& json) {
  match::SeenPoints points{};
  if (!json.is_array() || json.size() != points.size()) {
    fail(ErrorCode::kBadInput, "\"points\" does not hold {} points", points.size());
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto v = numbers<3>(json[i], "points");
    points[i] = {{v[0], v[1]}, static_cast<float>(score_of(v[2]))};
  }
  return points;
}

DetectedPicture picture_of(const Json& json) {
  DetectedPicture picture;
  const Json& image = member(json, "image");
  if (!image.is_string()) fail(ErrorCode::kBadInput, "\"image\" is not a name");
  picture.image = image.get<std::string>();
  const Json& objects = member(json, "objects");
  if (!objects.is_array()) fail(ErrorCode::kBadInput, "\"objects\" is not a list");
  for (const Json& object : objects) picture.objects.push_back(object_of(object));
  const auto points = json.find("points");
  if (points != json.end() && !points->is_null()) picture.points = points_of(*points);
  return picture;
}

}  // namespace

std::string_view name_of(ObjectClass object_class) {
  return kObjectClasses.at(static_cast<std::size_t>(object_class));
}

ObjectClass object_class_of(match::PersonClass person_class) {
  return static_cast<ObjectClass>(1 + static_cast<int>(person_class));
}

DetectionsWriter::DetectionsWriter(const std::filesystem::path& path) : file_(path) {
  file_.append("[");
}

DetectionsWriter::~DetectionsWriter() {
  try {
    finish();
  } catch (const base::Error& error) {
    base::log_line(base::LogLevel::kError, error.what());
  }
}

void DetectionsWriter::write(std::string_view image, const match::FrameDetections& detections) {
  text_ = first_ ? "\n{\"image\":" : ",\n{\"image\":";
  first_ = false;
  append_json_string(text_, image);
  text_ += ",\"objects\":[";
  const std::size_t begin = text_.size();
  for (const auto& person : detections.people) {
    if (text_.size() > begin) text_ += ',';
    append_object(text_, object_class_of(person.person_class), person.box_px, person.score, person.class_scores);
  }
  for (const auto& ball : detections.balls) {
    if (text_.size() > begin) text_ += ',';
    append_object(text_, ObjectClass::kBall, ball.box_px, ball.score, {});
  }
  append_points(text_, detections.points);
  file_.append(text_);
}

void DetectionsWriter::finish() {
  if (finished_) return;
  finished_ = true;
  file_.append("\n]\n");
  file_.close();
}

std::vector<DetectedPicture> parse_detections(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_array()) fail(ErrorCode::kBadInput, "this is no JSON list of pictures, as `touchline detect` writes it");
  std::vector<DetectedPicture> pictures;
  for (std::size_t i = 0; i < json.size(); ++i) {
    try {
      pictures.push_back(picture_of(json[i]));
    } catch (const base::Error& error) {
      fail(error.code(), "picture {}: {}", i + 1, error.what());
    }
  }
  return pictures;
}

std::vector<DetectedPicture> read_detections(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorCode::kNotFound, "cannot read '{}': {}", path, base::system_error_text(errno));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  try {
    return parse_detections(text);
  } catch (const base::Error& error) {
    fail(error.code(), "{}: {}", path, error.what());
  }
}

}  // namespace touchline::records
