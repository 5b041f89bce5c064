#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/image/letterbox.h"

namespace touchline::inference {

/// What is known about a network beside its bytes: from a manifest, or empty.
///
/// `models/manifest.json` lists the networks that ship; a user's `my.onnx` may have a `my.json` beside it. Keys of an
/// entry: name, file, sha256, layout (fused, yolov5, yolov8, yolo26, yolox, pitch_pose), classes (names in the order
/// of the network), input {order: rgb|bgr, full_scale, mean, deviation, rest}, thresholds {person, ball, point},
/// license, attribution, summary. All but name and file may be missing.
struct Manifest {
  std::string name;
  std::filesystem::path file;  ///< the ONNX file
  std::string sha256;          ///< lower-case hexadecimal; empty = not recorded
  std::string layout;          ///< empty = to be recognized from shapes and metadata
  std::vector<std::string> class_names;
  std::optional<image::TensorFormat> format;
  std::optional<float> person_score;  ///< least score of a person, in [0, 1]
  std::optional<float> ball_score;    ///< least score of a peak or box of the ball, in [0, 1]
  std::optional<float> point_score;   ///< least score of a pitch point, in [0, 1]
  std::string license;
  std::string attribution;
  std::string summary;
};

/// The folders that are searched for models, in order: $TOUCHLINE_MODELS; models/ beside and above the executable (the
/// bundle's layout); the source tree's models/; models/ in the current folder. Only those that exist.
std::vector<std::filesystem::path> model_folders();

/// Where the manifest of a model file lies that stands for itself: its name with .json.
std::filesystem::path manifest_beside(const std::filesystem::path& model);

/// The text of a manifest for another form of a model: what the manifest beside `model`, or the folder's, says of it,
/// without name, file, hash and summary. Empty when neither names it. Throws Error(kBadInput) when one is no manifest.
std::string facts_of(const std::filesystem::path& model);

/// Entries of every manifest.json in model_folders(), first folder first; of equal names the first counts.
/// Throws Error(kBadInput) when a manifest is no valid one.
std::vector<Manifest> list_models();

/// Which of the models (as of list_models()) `auto` stands for on a machine with these CPU features
/// (base::Machine::features): touchline_n, or with avx512_vnni and no amx_bf16 touchline_n_int8 where the same folder
/// holds it; null when there is no touchline_n.
///
/// Note [8 bits where they are fast]: with AVX-512 VNNI the 8-bit network takes 0.7 of touchline_n's time. With AMX it
/// takes 0.93 to 1.04 of it, and loses what rounding loses. Without VNNI bytes are multiplied in steps that saturate;
/// AVX-VNNI alone was not measured.
const Manifest* default_model(std::span<const Manifest> models, std::span<const std::string> cpu_features);

/// The manifest of a model named as the user does: `auto` for this machine's default_model(), a name of list_models(),
/// or an ONNX file. A file is looked up in FILE.json (its extension replaced), then in the manifest.json of its folder;
/// with neither only `file` and `name` are set. Throws Error: kNotFound, with the names there are, or kBadInput for a
/// manifest that is none.
Manifest find_model(const std::string& name_or_file);

/// The entries of one manifest's JSON text, `folder` being where its files lie; `name` stands in the error's sentence.
/// Either {"schema": 1, "models": [entry, ...]} or one entry alone. Throws Error(kBadInput).
std::vector<Manifest> parse_manifest(std::string_view text, const std::filesystem::path& folder,
                                     const std::string& name);

/// Class names as exporters write them into metadata: {0: 'person', 1: "ball"} or ["person", "ball"]. Gaps are empty
/// names; what cannot be read gives an empty list. At most 4096 classes.
std::vector<std::string> parse_class_names(std::string_view text);

}  // namespace touchline::inference
