#include "touchline/detect/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/detect/fused_head.h"
#include "touchline/detect/raw.h"

namespace touchline::detect {
namespace {

using inference::TensorInfo;
using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kPoseRows = 5 + 96;
constexpr std::int64_t kSideRows = kFusedSideRows;
constexpr std::int64_t kMostClasses = kScoredClasses;
constexpr float kUltralyticsGray = 114.0F / 255;

constexpr std::array<std::pair<Layout, const char*>, 6> kLayoutNames = {{{Layout::kFused, "fused"},
                                                                         {Layout::kYoloV5, "yolov5"},
                                                                         {Layout::kYoloV8, "yolov8"},
                                                                         {Layout::kYolo26, "yolo26"},
                                                                         {Layout::kYoloX, "yolox"},
                                                                         {Layout::kPitchPose, "pitch_pose"}}};

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

[[noreturn]] void refuse(const inference::Manifest& manifest, const TensorInfo& output, const std::string& expected) {
  base::fail(base::ErrorCode::kUnsupported, "the output '{}' {} of {} does not fit: {}", output.name,
             shape_text(output.shape), manifest.file.string(), expected);
}

/// The input's size and the number of cells its strides 8, 16, 32 have.
struct Grid {
  std::int64_t width;
  std::int64_t height;
  std::int64_t cells;
};

Grid grid_of(const TensorInfo& input) {
  Grid grid{input.shape[3], input.shape[2], 0};
  for (const int stride : {8, 16, 32}) grid.cells += (grid.width / stride) * (grid.height / stride);
  return grid;
}

const TensorInfo* named(const std::vector<TensorInfo>& outputs, const char* name) {
  const auto found = std::ranges::find(outputs, name, &TensorInfo::name);
  return found == outputs.end() ? nullptr : &*found;
}

const TensorInfo& required(const inference::Manifest& manifest, const std::vector<TensorInfo>& outputs,
                           const char* name) {
  const TensorInfo* output = named(outputs, name);
  if (output == nullptr) {
    base::fail(base::ErrorCode::kUnsupported, "{} has no output '{}', which the fused layout needs",
               manifest.file.string(), name);
  }
  return *output;
}

/// How many classes a fused network has, once all its outputs fit.
std::size_t fused_classes(const inference::Manifest& manifest, const std::vector<TensorInfo>& outputs,
                          const Grid& grid) {
  const TensorInfo& det = required(manifest, outputs, "det");
  const std::int64_t classes = det.shape.size() == 3 ? det.shape[1] - kSideRows : 0;
  if (classes < 1 || classes > kMostClasses || det.shape != Shape{1, kSideRows + classes, grid.cells}) {
    refuse(manifest, det,
           fmt::format("the fused layout needs [1,64+C,{}] with C from 1 to {}", grid.cells, kMostClasses));
  }
  const std::array<std::pair<const char*, Shape>, 2> maps = {
      {{"kp", {1, 96, grid.height / 8, grid.width / 8}}, {"ball", {1, 3, grid.height / 4, grid.width / 4}}}};
  for (const auto& [name, shape] : maps) {
    const TensorInfo& output = required(manifest, outputs, name);
    if (output.shape != shape) refuse(manifest, output, "the fused layout needs " + shape_text(shape));
  }
  return static_cast<std::size_t>(classes);
}

/// The layout of a foreign network's first output, from its shape alone.
std::optional<Layout> layout_of_shape(const TensorInfo& output, const Grid& grid, bool pose) {
  if (output.shape.size() != 3 || output.shape[0] != 1) return std::nullopt;
  const std::int64_t rows = output.shape[1];
  const std::int64_t columns = output.shape[2];
  if (pose) return rows == kPoseRows ? std::optional(Layout::kPitchPose) : std::nullopt;
  if (columns >= 6 && rows == grid.cells) return Layout::kYoloX;
  if (columns >= 6 && rows == 3 * grid.cells) return Layout::kYoloV5;
  if (rows >= 5 && columns == grid.cells) return Layout::kYoloV8;
  if (columns == 6 && rows >= 1 && rows <= 1000) return Layout::kYolo26;
  return std::nullopt;
}

const char* expected_shape(Layout layout) {
  switch (layout) {
    case Layout::kFused:
      return "fused: det [1,64+C,N], kp [1,96,H/8,W/8], ball [1,3,H/4,W/4]";
    case Layout::kYoloV5:
    case Layout::kYoloX:
      return "[1,N,5+C]";
    case Layout::kYoloV8:
      return "[1,4+C,N]";
    case Layout::kYolo26:
      return "[1,M,6]";
    case Layout::kPitchPose:
      return "[1,101,N] (4 + 1 + 32 × 3)";
  }
  return "";
}

/// Whether a layout that a manifest claims can be read from this shape at all.
bool shape_allows(Layout layout, const std::vector<std::int64_t>& shape, const Grid& grid) {
  if (shape.size() != 3 || shape[0] != 1) return false;
  switch (layout) {
    case Layout::kYoloV5:
      return shape[2] >= 6;
    case Layout::kYoloX:
      return shape[2] >= 6 && shape[1] == grid.cells;
    case Layout::kYoloV8:
      return shape[1] >= 5;
    case Layout::kYolo26:
      return shape[2] == 6;
    case Layout::kPitchPose:
      return shape[1] == kPoseRows;
    case Layout::kFused:
      break;
  }
  return false;
}

Layout recognize(const inference::Manifest& manifest, const inference::OnnxHeader& header, const Grid& grid,
                 const std::vector<TensorInfo>& outputs, Purpose purpose) {
  const TensorInfo& first = outputs.front();
  if (!manifest.layout.empty()) {
    const Layout layout = parse_layout(manifest.layout);
    if (layout != Layout::kFused && !shape_allows(layout, first.shape, grid)) {
      refuse(manifest, first, fmt::format("the manifest says {}: {}", manifest.layout, expected_shape(layout)));
    }
    return layout;
  }
  if (named(outputs, "det") != nullptr && named(outputs, "kp") != nullptr && named(outputs, "ball") != nullptr) {
    return Layout::kFused;
  }
  const bool pose = purpose == Purpose::kPitchPoints || header.metadata_of("task") == "pose";
  if (const auto layout = layout_of_shape(first, grid, pose)) return *layout;
  refuse(manifest, first,
         pose ? "a pitch model gives [1,101,N] (4 + 1 + 32 × 3)"
              : "known are YOLOv5 and YOLOX [1,N,5+C], v8/v9/11 [1,4+C,N], 26 [1,300,6] and ours (det, kp, ball); a "
                "manifest beside the file can name the layout");
}

void check_purpose(const inference::Manifest& manifest, const TensorInfo& first, Layout layout, Purpose purpose) {
  const bool has_points = layout == Layout::kPitchPose || layout == Layout::kFused;
  if (purpose == Purpose::kPitchPoints && !has_points) refuse(manifest, first, "it holds no 32 pitch points");
  if (purpose == Purpose::kDetector && layout == Layout::kPitchPose) {
    refuse(manifest, first, "it holds pitch points and no people; give it as --pitch-model");
  }
}

std::size_t class_count(Layout layout, const std::vector<std::int64_t>& shape, std::size_t named_count) {
  switch (layout) {
    case Layout::kYoloV5:
    case Layout::kYoloX:
      return static_cast<std::size_t>(shape[2] - 5);
    case Layout::kYoloV8:
      return static_cast<std::size_t>(shape[1] - 4);
    case Layout::kYolo26:
      return named_count != 0 ? named_count : 80;
    case Layout::kPitchPose:
    case Layout::kFused:  // fused_classes
      break;
  }
  return 0;
}

std::vector<std::string> usual_names(std::size_t count) {
  if (count == 1) return {"player"};
  if (count == 4) return {"ball", "goalkeeper", "player", "referee"};
  if (count != 80) return {};
  std::vector<std::string> coco(80);
  coco[0] = "person";
  coco[32] = "sports ball";
  return coco;
}

image::TensorFormat usual_format(Layout layout) {
  if (layout == Layout::kFused) return {};
  image::TensorFormat format;
  format.rest = kUltralyticsGray;
  if (layout == Layout::kYoloX) {
    format.order = image::ChannelOrder::kBgr;
    format.full_scale = 255;
  }
  return format;
}

}  // namespace

const char* layout_name(Layout layout) {
  for (const auto& [known, name] : kLayoutNames) {
    if (known == layout) return name;
  }
  return "";
}

Layout parse_layout(const std::string& name) {
  for (const auto& [layout, known] : kLayoutNames) {
    if (name == known) return layout;
  }
  base::fail(base::ErrorCode::kInvalidArgument,
             "'{}' is no layout: known are fused, yolov5, yolov8, yolo26, yolox, pitch_pose", name);
}

Role role_of_class(const std::string& class_name) {
  std::string name;
  for (const char c : class_name) name.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  if (name.size() > 1 && name.back() == 's') name.pop_back();
  if (name == "ball" || name == "sports ball" || name == "football" || name == "soccer ball") return Role::kBall;
  if (name == "goalkeeper" || name == "goalie" || name == "keeper") return Role::kGoalkeeper;
  if (name == "referee") return Role::kReferee;
  if (name == "player" || name == "person" || name == "people") return Role::kPlayer;
  return Role::kNone;
}

std::vector<std::string> class_names_of(const inference::Manifest& manifest, const inference::OnnxHeader& header) {
  if (!manifest.class_names.empty()) return manifest.class_names;
  return inference::parse_class_names(header.metadata_of("names"));
}

bool takes_any_size(const inference::OnnxHeader& header) {
  const auto& shape = header.inputs.front().shape;
  return shape.size() == 4 && (shape[2] < 0 || shape[3] < 0);
}

NetworkDescription describe_network(const inference::Manifest& manifest, const inference::OnnxHeader& header,
                                    const TensorInfo& input, const std::vector<TensorInfo>& outputs, Purpose purpose) {
  const Grid grid = grid_of(input);
  NetworkDescription network;
  network.layout = recognize(manifest, header, grid, outputs, purpose);
  const TensorInfo& first = outputs.front();
  check_purpose(manifest, first, network.layout, purpose);
  network.format = manifest.format.value_or(usual_format(network.layout));
  network.class_names = class_names_of(manifest, header);
  const std::size_t count = network.layout == Layout::kFused
                                ? fused_classes(manifest, outputs, grid)
                                : class_count(network.layout, first.shape, network.class_names.size());
  if (network.class_names.empty()) network.class_names = usual_names(count);
  if (count != 0 && network.class_names.size() > count) {
    refuse(manifest, first, fmt::format("it has {} classes, and {} are named", count, network.class_names.size()));
  }
  for (const auto& name : network.class_names) network.roles.push_back(role_of_class(name));
  network.roles.resize(count, Role::kNone);
  if (count != 0 && std::ranges::all_of(network.roles, [](Role role) { return role == Role::kNone; })) {
    refuse(
        manifest, first,
        fmt::format("none of its {} classes is called player, person, goalkeeper, referee or ball; a manifest beside "
                    "the file can name them",
                    count));
  }
  return network;
}

}  // namespace touchline::detect
