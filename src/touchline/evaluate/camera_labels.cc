#include "touchline/evaluate/camera_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using records::ObjectClass;
using Json = nlohmann::json;

constexpr double kOverhangPx = 0.5;  // labels are rounded; a box may leave the picture by this much
constexpr int kLargestPicture = 1 << 16;
constexpr std::int64_t kLargestFrame = std::int64_t{1} << 40;
constexpr const char* kExtension = ".jsonl";

const Json& member(const Json& object, const char* key) {
  if (!object.is_object()) fail(ErrorCode::kBadInput, "an object with \"{}\" is expected", key);
  const auto found = object.find(key);
  if (found == object.end()) fail(ErrorCode::kBadInput, "the key \"{}\" is missing", key);
  return *found;
}

void require_known(const Json& object, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      fail(ErrorCode::kBadInput, "the key \"{}\" is unknown", key.substr(0, 40));
    }
  }
}

const Json& list(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_array()) fail(ErrorCode::kBadInput, "\"{}\" is not a list", key);
  return value;
}

std::string text(const Json& object, const char* key) {
  const Json& value = member(object, key);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) {
    fail(ErrorCode::kBadInput, "\"{}\" is not a word", key);
  }
  return value.get<std::string>();
}

std::int64_t whole_number(const Json& value, const char* key, std::int64_t least, std::int64_t most) {
  if (!value.is_number_integer() || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
    fail(ErrorCode::kBadInput, "\"{}\" is not a whole number from {} to {}", key, least, most);
  }
  return value.get<std::int64_t>();
}

template <std::size_t N>
std::array<double, N> numbers(const Json& value, const char* key) {
  const auto is_number = [](const Json& item) { return item.is_number(); };
  if (!value.is_array() || value.size() != N || !std::all_of(value.begin(), value.end(), is_number)) {
    fail(ErrorCode::kBadInput, "\"{}\" is not a list of {} numbers", key, N);
  }
  return value.get<std::array<double, N>>();
}

bool inside(double x, double y, records::PictureSize size) {
  return x >= -kOverhangPx && y >= -kOverhangPx && x <= size.width_px + kOverhangPx &&
         y <= size.height_px + kOverhangPx;
}

geometry::BoxPx box_of(const Json& object, records::PictureSize size) {
  const auto v = numbers<4>(member(object, "box_px"), "box_px");
  if (!(v[0] < v[2] && v[1] < v[3])) fail(ErrorCode::kBadInput, "a box has no size");
  if (!inside(v[0], v[1], size) || !inside(v[2], v[3], size)) {
    fail(ErrorCode::kBadInput, "a box lies outside the picture");
  }
  const auto px = [](double value) { return static_cast<float>(value); };
  return {px(v[0]), px(v[1]), px(v[2]), px(v[3])};
}

LabeledObject object_of(const Json& json, records::PictureSize size) {
  const std::string word = text(json, "class");
  require_known(json, {"class", "box_px"});
  for (int c = 0; c < records::kObjectClassCount; ++c) {
    const auto object_class = static_cast<ObjectClass>(c);
    if (records::name_of(object_class) == word) return {object_class, box_of(json, size)};
  }
  fail(ErrorCode::kBadInput, "\"class\" is none of ball, goalkeeper, player, referee");
}

IgnoreRegion region_of(const Json& json, records::PictureSize size) {
  const std::string word = text(json, "of");
  require_known(json, {"of", "box_px"});
  if (word != "people" && word != "ball") fail(ErrorCode::kBadInput, "\"of\" is neither people nor ball");
  return {word == "ball" ? IgnoreRegion::Of::kBall : IgnoreRegion::Of::kPeople, box_of(json, size)};
}

/// The label of the point with this number, which nobody has named yet.
LabeledPoint& unnamed_point(LabeledPoints& points, const Json& number, const char* key) {
  const auto n = whole_number(number, key, 1, static_cast<std::int64_t>(points.size()));
  LabeledPoint& point = points[static_cast<std::size_t>(n - 1)];
  if (point.label != PointLabel::kAbsent) fail(ErrorCode::kBadInput, "point {} is named twice", n);
  return point;
}

LabeledPoints points_of(const Json& json, records::PictureSize size) {
  LabeledPoints points{};
  for (const Json& item : list(json, "points")) {
    const auto v = numbers<3>(item, "points");
    if (!inside(v[1], v[2], size)) fail(ErrorCode::kBadInput, "point {} is visible and outside the picture", v[0]);
    unnamed_point(points, item[0], "points") = {PointLabel::kVisible, {v[1], v[2]}};
  }
  for (const Json& item : list(json, "hidden_points")) {
    unnamed_point(points, item, "hidden_points").label = PointLabel::kUnjudged;
  }
  return points;
}

CameraLabels header_of(const Json& json) {
  CameraLabels labels;
  labels.clip = text(json, "clip");
  labels.group = text(json, "group");
  const Json& size = list(json, "size_px");
  if (size.size() != 2) fail(ErrorCode::kBadInput, "\"size_px\" is not a list of 2 numbers");
  labels.size = {static_cast<int>(whole_number(size[0], "size_px", 1, kLargestPicture)),
                 static_cast<int>(whole_number(size[1], "size_px", 1, kLargestPicture))};
  const Json& either_end = member(json, "either_end");
  if (!either_end.is_boolean()) fail(ErrorCode::kBadInput, "\"either_end\" is neither true nor false");
  labels.either_end = either_end.get<bool>();
  require_known(json, {"clip", "group", "size_px", "either_end"});
  return labels;
}

LabeledFrame frame_of(const Json& json, records::PictureSize size) {
  LabeledFrame frame;
  frame.frame = whole_number(member(json, "frame"), "frame", 0, kLargestFrame);
  for (const Json& object : list(json, "objects")) frame.objects.push_back(object_of(object, size));
  for (const Json& region : list(json, "ignore")) frame.ignore.push_back(region_of(region, size));
  frame.points = points_of(json, size);
  require_known(json, {"frame", "objects", "ignore", "points", "hidden_points"});
  return frame;
}

void add_line(CameraLabels& labels, std::string_view line) {
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  if (json.is_discarded()) fail(ErrorCode::kBadInput, "this is no JSON");
  if (labels.clip.empty()) {
    labels = header_of(json);
    return;
  }
  labels.frames.push_back(frame_of(json, labels.size));
  const auto count = labels.frames.size();
  if (count > 1 && labels.frames[count - 2].frame >= labels.frames[count - 1].frame) {
    fail(ErrorCode::kBadInput, "frame {} follows frame {}", labels.frames[count - 1].frame,
         labels.frames[count - 2].frame);
  }
}

std::vector<fs::path> label_files(const fs::path& path) {
  if (path.extension() == kExtension && fs::is_regular_file(path)) return {path};
  std::vector<fs::path> files;
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == kExtension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

CameraLabels parse_camera_labels(std::string_view text, const std::string& name) {
  CameraLabels labels;
  int line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      add_line(labels, line);
    } catch (const base::Error& error) {
      fail(error.code(), "{}:{}: {}", name, line_number, error.what());
    }
  }
  if (labels.clip.empty()) fail(ErrorCode::kBadInput, "{}: the first line with \"clip\" is missing", name);
  return labels;
}

bool holds_camera_labels(const std::string& path) {
  return !label_files(path).empty();
}

std::vector<CameraLabels> read_camera_labels(const std::string& path) {
  const auto files = label_files(path);
  if (files.empty()) fail(ErrorCode::kNotFound, "'{}' is no label file ({}) and no folder with one", path, kExtension);
  std::vector<CameraLabels> labels;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) fail(ErrorCode::kNotFound, "cannot read '{}': {}", file.string(), base::system_error_text(errno));
    const std::string content{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    labels.push_back(parse_camera_labels(content, file.string()));
  }
  return labels;
}

std::string frame_name(const std::string& clip, std::int64_t frame) {
  return fmt::format("{}#{}", clip, frame);
}

double ignored_share(const geometry::BoxPx& box, const std::vector<IgnoreRegion>& regions, IgnoreRegion::Of of) {
  std::vector<geometry::BoxPx> parts;
  std::vector<float> cuts = {box.y0, box.y1};
  for (const auto& region : regions) {
    if (region.of != of || geometry::intersection_area(box, region.box_px) <= 0) continue;
    parts.push_back(region.box_px);
    for (const float y : {region.box_px.y0, region.box_px.y1}) cuts.push_back(std::clamp(y, box.y0, box.y1));
  }
  std::sort(cuts.begin(), cuts.end());
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.x0 < b.x0; });
  double covered = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    float done = box.x0;
    for (const auto& part : parts) {
      if (part.y0 > cuts[i - 1] || part.y1 < cuts[i]) continue;
      const float begin = std::max(done, part.x0);
      const float end = std::min(part.x1, box.x1);
      if (end <= begin) continue;
      covered += static_cast<double>(end - begin) * static_cast<double>(cuts[i] - cuts[i - 1]);
      done = end;
    }
  }
  return box.area() > 0 ? covered / static_cast<double>(box.area()) : 0;
}

LabeledPoints turned(const LabeledPoints& points) {
  // Points 1 to 30 stand in pairs that sum to 31; 31 and 32 are the two sides of the centre circle.
  constexpr std::size_t kPaired = 30;
  LabeledPoints other = points;
  for (std::size_t i = 0; i < kPaired; ++i) other[i] = points[kPaired - 1 - i];
  std::swap(other[30], other[31]);
  return other;
}

}  // namespace touchline::evaluate
