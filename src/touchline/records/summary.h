#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "touchline/records/json_lines.h"
#include "touchline/records/run_statistics.h"

namespace touchline::records {

/// What a run knows about itself besides its frames; filled by the pipeline, written to summary.json. Empty texts and
/// zeros that mean "unknown" are written as null.
struct Summary {
  std::string version;  ///< of touchline
  std::string machine;  ///< one line: processor, cores, accelerator
  std::string input;    ///< as the user typed it
  PictureSize picture;  ///< displayed orientation
  std::string codec;
  std::string pixel_format;
  double duration_s = 0;      ///< of the container; 0 unknown
  double frame_rate = 0;      ///< nominal; 0 unknown
  double pitch_length_m = 0;  ///< the pitch the camera was solved against
  double pitch_width_m = 0;

  std::string model;  ///< its name, else its file's
  std::string model_precision;
  PictureSize network_input;
  std::string device;                                         ///< where the network ran
  std::vector<std::pair<std::string, std::string>> settings;  ///< option → value, as the run used it
  std::vector<std::pair<std::string, std::int64_t>> damage;   ///< what was skipped in the input → how often
  std::vector<std::string> notes;                             ///< one sentence each, for the user
  std::vector<std::pair<std::string, double>> stage_total_s;  ///< stage → wall seconds of the whole run
  double wall_s = 0;                                          ///< of the whole run
  double memory_warm_mib = 0;                                 ///< resident after 500 frames; 0: fewer frames
  double memory_end_mib = 0;                                  ///< resident at the end
  bool complete = true;                                       ///< false after Ctrl-C or an error
};

/// The text of summary.json; docs/records.md describes it. Thread-safe.
std::string to_json(const Summary& summary, const RunStatistics& statistics);

/// The picture size that a run's summary.json holds. Throws Error(kNotFound) without the file, Error(kBadInput) when it
/// holds none.
PictureSize read_picture_size(const std::string& summary_path);

}  // namespace touchline::records
