#pragma once

#include <string>
#include <vector>

#include "touchline/detect/detector.h"
#include "touchline/inference/manifest.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/session.h"

namespace touchline::detect {

/// What can be said about a network before it is used, for `touchline model info`.
struct ModelReport {
  inference::Manifest manifest{};
  inference::OnnxHeader header{};
  std::string sha256{};  ///< of the file as it is
  NetworkDescription network{};
  inference::TensorInfo input{};                 ///< at the size asked for
  std::vector<inference::TensorInfo> outputs{};  ///< at the size asked for
  std::string backend{};

  /// False only when the manifest records another hash: the file was changed or damaged.
  bool hash_matches() const { return manifest.sha256.empty() || manifest.sha256 == sha256; }
};

/// One run on noise, for `touchline model check`.
struct ModelCheck {
  ModelReport report;
  double run_ms = 0;  ///< best of three
};

/// Reads and compiles a detector or pitch model without running it. `size` as `--size`, for pictures of 16:9.
/// Throws Error as Detector::open does. Thread-safe.
ModelReport describe_model(const std::string& name_or_file, const std::string& size = "auto");

/// describe_model(), then three runs on noise (fixed seed); every output number must be finite.
/// Throws Error as above; kBadInput when the file's hash is not the manifest's; kUnsupported, naming the output, when
/// an output holds a number that is not finite. Thread-safe.
ModelCheck check_model(const std::string& name_or_file, const std::string& size = "auto");

}  // namespace touchline::detect
