#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/run_statistics.h"
#include "touchline/records/summary.h"

namespace touchline::records {

/// What a run can leave behind besides summary.json, which is always written.
enum class Format {
  kJsonLines,    ///< "jsonl": frames.jsonl
  kCsv,          ///< "csv": tracks.csv and eval.csv
  kMot,          ///< "mot": mot.txt
  kCoco,         ///< "coco": coco.json
  kScoreVision,  ///< "scorevision": scorevision.json
};

/// "jsonl,csv" → formats, without repetition. Throws Error(kInvalidArgument) that names the unknown word.
std::vector<Format> parse_formats(std::string_view words);

struct RecordOptions {
  std::vector<Format> formats = {Format::kJsonLines, Format::kCsv, Format::kMot};
  PictureSize picture;                            ///< pixels of the displayed picture; each side from 1
  match::PitchModel pitch = match::PitchModel();  ///< metres; what Score Vision's points are taken from
  std::string challenge_id;                       ///< echoed in scorevision.json

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// One format's file or files.
class FrameSink;

/// Writes a run's records into one folder, frame by frame, and counts for the summary. Whatever was written until a
/// failure or the destructor stays readable. Not thread-safe.
class RecordWriter {
 public:
  /// Makes the folder and opens all files. Throws Error(kIo) that names the folder or file and the reason.
  RecordWriter(const std::filesystem::path& folder, const RecordOptions& options);

  /// Closes the files; a failure is logged.
  ~RecordWriter();

  /// Frames in order. Throws Error(kIo) when a file cannot take them (full disk). About 60 µs for jsonl, csv and mot.
  void write(const match::MatchFrame& frame);

  /// Makes every file whole and writes summary.json: `summary` and what was counted. All files are tried; the first
  /// failure is thrown at the end. Nothing may be written afterwards.
  void finish(const Summary& summary);

  const RunStatistics& statistics() const { return statistics_; }

 private:
  std::filesystem::path folder_;
  std::vector<std::unique_ptr<FrameSink>> sinks_;
  RunStatistics statistics_;
};

}  // namespace touchline::records
