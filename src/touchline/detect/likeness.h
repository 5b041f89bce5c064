#pragma once

#include <span>
#include <string>
#include <vector>

#include "touchline/detect/layout.h"
#include "touchline/image/frame.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// How far one output of two networks lies apart.
struct OutputError {
  std::string name;
  double error = 0;   ///< root mean square of the differences
  double spread = 0;  ///< standard deviation of the first network's numbers
};

/// Of things found by two networks, how many each found and how many both.
struct Agreement {
  int first = 0;
  int second = 0;
  int both = 0;

  /// 2 · both / (first + second), in [0, 1]; 1 when neither found anything.
  double share() const;
  Agreement& operator+=(const Agreement& more);
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

/// People of the same class whose boxes overlap by at least half; each counts once, the best overlap first.
Agreement people_agreement(const match::FrameDetections& first, const match::FrameDetections& second);

/// Best ball candidates within 8 px of a picture 1280 px wide.
Agreement ball_agreement(const match::FrameDetections& first, const match::FrameDetections& second, int width_px);

/// Pitch points within 10 px of a picture 1280 px wide.
Agreement point_agreement(const match::FrameDetections& first, const match::FrameDetections& second, int width_px);

/// What two networks of one layout say about the same pictures.
struct Likeness {
  std::vector<OutputError> outputs;  ///< both computed in FP32
  Agreement people;                  ///< both computed as a run would, with the thresholds of a run
  Agreement balls;
  Agreement points;
  std::string first_backend;
  double first_ms = 0;  ///< best of at least ten pictures, as a run would, one after the other with the second's
  double second_ms = 0;
  int width_px = 0;  ///< of the networks' input
  int height_px = 0;
};

struct LikenessOptions {
  std::string first{};   ///< a name of `touchline model list` or an ONNX file
  std::string second{};  ///< an ONNX file with the same inputs and outputs
  Purpose purpose = Purpose::kDetector;
  std::string size = "auto";  ///< as DetectorOptions::size
  int threads = 0;            ///< as DetectorOptions::threads
};

/// Throws Error as Detector::open; kInvalidArgument without pictures.
Likeness compare_networks(const LikenessOptions& options, std::span<const image::Frame> pictures);

}  // namespace touchline::detect
