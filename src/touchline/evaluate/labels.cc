#include "touchline/evaluate/labels.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "touchline/base/error.h"
#include "touchline/evaluate/picture_header.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::fail;
using records::PictureSize;

constexpr double kOverhang = 1e-3;  // labels are rounded; a box may leave the picture by this share of its side
constexpr std::size_t kBoxFields = 5;
constexpr std::size_t kPointFields = kBoxFields + 3 * match::kPitchPointCount;

/// One line of a label file, split at blanks, with its place for messages.
struct Row {
  std::string where;
  std::vector<double> values;
};

double number(std::string_view word, const std::string& where) {
  double value = 0;
  const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (problem != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) {
    fail(ErrorCode::kBadInput, "{}: '{}' is not a number", where, word.substr(0, 40));
  }
  return value;
}

std::vector<Row> rows_of(std::string_view text, const std::string& name) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<Row> rows;
  int line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    Row row{fmt::format("{}:{}", name, ++line_number), {}};
    for (auto at = line.find_first_not_of(kBlanks); at != std::string_view::npos;) {
      const auto stop = std::min(line.find_first_of(kBlanks, at), line.size());
      row.values.push_back(number(line.substr(at, stop - at), row.where));
      at = line.find_first_not_of(kBlanks, stop);
    }
    if (!row.values.empty()) rows.push_back(std::move(row));
    begin = end + 1;
  }
  return rows;
}

void require_fields(const Row& row, std::size_t fields) {
  if (row.values.size() != fields) {
    fail(ErrorCode::kBadInput, "{}: {} numbers, {} are expected", row.where, row.values.size(), fields);
  }
}

bool inside(double share) {
  return share >= -kOverhang && share <= 1 + kOverhang;
}

LabeledObject object_of(const Row& row, PictureSize size) {
  require_fields(row, kBoxFields);
  const auto& v = row.values;
  if (v[0] != std::floor(v[0]) || v[0] < 0 || v[0] >= records::kObjectClassCount) {
    fail(ErrorCode::kBadInput, "{}: class {} is unknown; 0 ball, 1 goalkeeper, 2 player, 3 referee are known",
         row.where, v[0]);
  }
  if (!(v[3] > 0 && v[4] > 0)) fail(ErrorCode::kBadInput, "{}: the box has no size", row.where);
  const double x0 = v[1] - v[3] / 2;
  const double x1 = v[1] + v[3] / 2;
  const double y0 = v[2] - v[4] / 2;
  const double y1 = v[2] + v[4] / 2;
  if (!inside(x0) || !inside(x1) || !inside(y0) || !inside(y1)) {
    fail(ErrorCode::kBadInput, "{}: the box lies outside the picture", row.where);
  }
  const auto px = [](double share, int side) { return static_cast<float>(share * side); };
  return {static_cast<records::ObjectClass>(static_cast<int>(v[0])),
          {px(x0, size.width_px), px(y0, size.height_px), px(x1, size.width_px), px(y1, size.height_px)}};
}

LabeledPoint point_of(const Row& row, std::size_t index, PictureSize size) {
  const double x = row.values[kBoxFields + 3 * index];
  const double y = row.values[kBoxFields + 3 * index + 1];
  const double v = row.values[kBoxFields + 3 * index + 2];
  if (v != 0 && v != 1 && v != 2) {
    fail(ErrorCode::kBadInput, "{}: point {} has visibility {}, not 0, 1 or 2", row.where, index + 1, v);
  }
  if (v == 2 && (!inside(x) || !inside(y))) {
    fail(ErrorCode::kBadInput, "{}: point {} is visible and outside the picture", row.where, index + 1);
  }
  return {static_cast<PointLabel>(static_cast<int>(v)), {x * size.width_px, y * size.height_px}};
}

}  // namespace

std::vector<LabeledObject> parse_object_labels(std::string_view text, PictureSize size, const std::string& name) {
  std::vector<LabeledObject> objects;
  for (const Row& row : rows_of(text, name)) objects.push_back(object_of(row, size));
  return objects;
}

LabeledPoints parse_point_labels(std::string_view text, PictureSize size, const std::string& name) {
  LabeledPoints points{};
  const auto rows = rows_of(text, name);
  if (rows.size() > 1) fail(ErrorCode::kBadInput, "{}: a second pitch in one picture", rows[1].where);
  for (const Row& row : rows) {
    require_fields(row, kPointFields);
    for (std::size_t i = 0; i < points.size(); ++i) points[i] = point_of(row, i, size);
  }
  return points;
}

LabelFolder::LabelFolder(const std::string& folder) : folder_(folder) {
  for (const char* part : {"images", "labels"}) {
    if (!fs::is_directory(fs::path(folder) / part)) {
      fail(ErrorCode::kNotFound, "'{}' has no folder '{}'; a labelled set is FOLDER/images and FOLDER/labels", folder,
           part);
    }
  }
}

LabelFolder::Entry LabelFolder::entry_of(const std::string& picture) const {
  const fs::path image = fs::path(folder_) / "images" / fs::path(picture).filename();
  const fs::path label = fs::path(folder_) / "labels" / fs::path(picture).filename().replace_extension(".txt");
  std::ifstream file(label, std::ios::binary);
  if (!file || !fs::is_regular_file(label)) {
    fail(ErrorCode::kNotFound, "there is no label file '{}' for the picture '{}'", label.string(), picture);
  }
  Entry entry;
  entry.name = label.string();
  entry.text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  entry.size = read_picture_size(image.string());
  return entry;
}

std::vector<LabeledObject> LabelFolder::objects_of(const std::string& picture) const {
  const Entry entry = entry_of(picture);
  return parse_object_labels(entry.text, entry.size, entry.name);
}

LabeledPoints LabelFolder::points_of(const std::string& picture) const {
  const Entry entry = entry_of(picture);
  return parse_point_labels(entry.text, entry.size, entry.name);
}

int LabelFolder::count() const {
  const fs::directory_iterator files(fs::path(folder_) / "labels");
  return static_cast<int>(
      std::count_if(begin(files), end(files), [](const auto& entry) { return entry.path().extension() == ".txt"; }));
}

}  // namespace touchline::evaluate
