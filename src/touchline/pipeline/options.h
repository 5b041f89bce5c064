#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "touchline/match/pitch_model.h"

namespace touchline::pipeline {

/// Everything a run can be told. One struct for CLI, server and bench.
struct AnalyzeOptions {
  std::string input;            ///< file, "-", address or folder of pictures
  std::string out_dir;          ///< folder of results; made when absent
  std::string device = "auto";  ///< auto | cpu
  std::string model = "auto";   ///< a name of `touchline model list`, FILE.onnx, or auto for this machine's own
  std::string pitch_model;      ///< 32-point pose model beside a foreign detector; empty: the model finds the points
  std::string size = "auto";    ///< network input: auto | N (longer side) | WxH
  std::optional<float> person_score{};  ///< least score of a person, inside (0, 1); empty: the network's own
  int batch = 0;                        ///< frames in the network at once, 1..64; 0: chosen from the cores
  int stride = 1;                       ///< the network sees every stride-th frame, 1..50
  int threads = 0;                      ///< cores for the network, 0: all
  double lookahead_s = 1;               ///< how far filling and smoothing may see ahead, 0..5 s
  std::set<std::string> formats = {"jsonl", "csv", "mot"};               ///< of jsonl, csv, mot, coco, scorevision
  std::set<std::string> overlay = {"boxes", "radar", "control", "bar"};  ///< of boxes, radar, control, threat, bar
  bool video = true;                                                     ///< write annotated.mp4
  match::PitchModel pitch;                                               ///< the real pitch
  double frame_rate = 25;   ///< of a folder of pictures, 1..240 frames a second
  std::int64_t frames = 0;  ///< stop after that many frames, 0: the whole input

  /// Throws Error(kInvalidArgument) that names the setting, its value and its range.
  void check() const;
};

}  // namespace touchline::pipeline
