#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "touchline/detect/assemble.h"
#include "touchline/detect/layout.h"
#include "touchline/detect/network_size.h"
#include "touchline/detect/nms.h"
#include "touchline/image/frame.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// How a detector is opened. Thresholds left empty come from the model's manifest, else from the defaults named.
struct DetectorOptions {
  std::string model = "auto";            ///< a name of `touchline model list`, an ONNX file, or auto for this machine's
  Purpose purpose = Purpose::kDetector;  ///< kPitchPoints: `model` is a pitch model and gives nothing but points
  std::string pitch_model{};             ///< an ONNX file whose 32 points replace the model's own; empty = none
  std::string size = "auto";            ///< network input: auto, N or WxH (network_size.h); fixed models have their own
  int source_width_px = 0;              ///< of the pictures to come, for `size`; 0 = 16:9. Range 0..32768
  int source_height_px = 0;             ///< as source_width_px
  int threads = 0;                      ///< CPU threads; 0 = every core this process may use. Range 0..256
  int slots = 2;                        ///< pictures under way at once. Range 1..32
  bool force_fp32 = false;              ///< no BF16 where the CPU has it
  std::optional<float> person_score{};  ///< least score of a person, default 0.25. Range inside (0, 1)
  std::optional<float> ball_score{};    ///< least score of a peak or box of the ball, default 0.1. Range inside (0, 1)
  std::optional<float> point_score{};   ///< least score of a pitch point, default 0.3. Range inside (0, 1)
  NmsOptions nms{};
  BallOptions ball{};  ///< a foreign detector's balls lose no score by their size, which its labels may draw otherwise
  PointOptions points{};  ///< of our own networks; a foreign pitch model's points all count

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// What was opened, for `touchline model info` and for records of runs.
struct DetectorInfo {
  std::string model;  ///< name from the manifest, else the file's
  std::string file;
  Layout layout = Layout::kFused;
  NetworkSize size;
  std::vector<std::string> class_names;
  std::string backend;            ///< for instance "OpenVINO 2026.4, bf16, 2 threads in 1 streams"
  std::string pitch_model{};      ///< file of the pitch model; empty = none
  bool has_pitch_points = false;  ///< whether `points` can ever be filled
};

/// People, ball candidates and pitch points of pictures, in pixels of the original picture.
///
/// A slot goes round: start(slot, frame), then wait(slot). start() letterboxes the frame on the calling thread and
/// enqueues the network; wait() blocks for it and decodes on the calling thread, and where a large input shows few sure
/// pitch points looks once more at half its size (PointOptions::few_sure). Slots may be used from different
/// threads at once, one slot from one thread at a time. A frame may be released as soon as start() has returned.
/// Pictures of any size may follow one another.
class Detector {
 public:
  /// Throws Error: kNotFound for a model that is not there; kBadInput for one that is no ONNX, is cut short or has a
  /// broken manifest; kUnsupported, naming the output, for one whose outputs fit no known layout; kInvalidArgument when
  /// options.check() fails.
  static std::unique_ptr<Detector> open(const DetectorOptions& options);
  ~Detector();

  const DetectorInfo& info() const;
  int slots() const;

  void start(int slot, const image::Frame& frame);
  match::FrameDetections wait(int slot);

 private:
  struct State;
  explicit Detector(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace touchline::detect
