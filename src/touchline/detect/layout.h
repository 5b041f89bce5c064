#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "touchline/image/letterbox.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/session.h"

namespace touchline::detect {

/// How a network writes what it sees. N = cells or proposals, C = classes.
enum class Layout : std::uint8_t {
  kFused,     ///< ours: det [1,64+C,N], kp [1,96,H/8,W/8], ball [1,3,H/4,W/4]
  kYoloV5,    ///< [1,N,5+C]: centre, size, objectness, classes
  kYoloV8,    ///< [1,4+C,N]: centre, size, classes (v8, v9, v11)
  kYolo26,    ///< [1,M,6]: x0 y0 x1 y1, score, class; end to end, hardly anything left to suppress
  kYoloX,     ///< [1,N,5+C] before the grid is added: centre, log size, objectness, classes
  kPitchPose  ///< [1,5+96,N]: centre, size, score, 32 × (x, y, score)
};

/// `fused`, `yolov5`, `yolov8`, `yolo26`, `yolox`, `pitch_pose`: the words of manifests and of `touchline model`.
const char* layout_name(Layout layout);

/// The reverse. Throws Error(kInvalidArgument) with the known words.
Layout parse_layout(const std::string& name);

/// What a class of a network means to us.
enum class Role : std::uint8_t { kNone, kGoalkeeper, kPlayer, kReferee, kBall };

/// By name, letter case and plural ignored: goalkeeper, player, referee, ball, "sports ball"; person → player.
Role role_of_class(const std::string& class_name);

/// What a network is asked to do.
enum class Purpose : std::uint8_t {
  kDetector,     ///< people and ball (and points where the network has them)
  kPitchPoints,  ///< the 32 points alone
};

/// A network understood: how to feed it and how to read it.
struct NetworkDescription {
  Layout layout = Layout::kFused;
  image::TensorFormat format;
  std::vector<Role> roles;               ///< of the network's classes, in its order
  std::vector<std::string> class_names;  ///< the same, as the network calls them; may be empty
};

/// A network's classes in its order as its manifest, else its metadata calls them; empty where neither does.
std::vector<std::string> class_names_of(const inference::Manifest& manifest, const inference::OnnxHeader& header);

/// Whether the network leaves the size of its input open.
bool takes_any_size(const inference::OnnxHeader& header);

/// Recognizes a network from its manifest (which is believed), else from metadata and the shapes of its outputs.
///
/// Shapes that two layouts share are told apart by N: [1,N,5+C] with one proposal for each cell of the strides 8, 16,
/// 32 is YOLOX, with three YOLOv5. Networks whose classes carry no names are taken for COCO's when they have 80, for
/// {ball, goalkeeper, player, referee} when they have 4, for {player} when they have 1.
/// Throws Error(kUnsupported) naming the output that does not fit and the shapes that would. Thread-safe.
NetworkDescription describe_network(const inference::Manifest& manifest, const inference::OnnxHeader& header,
                                    const inference::TensorInfo& input,
                                    const std::vector<inference::TensorInfo>& outputs, Purpose purpose);

}  // namespace touchline::detect
