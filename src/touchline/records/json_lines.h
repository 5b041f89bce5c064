#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/match/match_frame.h"

namespace touchline::records {

/// Version of the record format of frames.jsonl; docs/records.md describes it, docs/schema/frames.schema.json checks
/// it.
inline constexpr int kFramesSchema = 1;

/// Size of the analysed picture in its displayed orientation. Records hold it once, in summary.json; a camera with a
/// radial term cannot be rebuilt without it.
struct PictureSize {
  int width_px = 0;
  int height_px = 0;
};

/// Appends one frame as one JSON object and a line feed. Keys always come in the same order, what is unknown is null,
/// pixels and metres carry 2 decimals, the homography 10 significant digits. The control grid, kit colours and a
/// track's first time are not part of the record.
///
/// line   reused by the caller from frame to frame, so that nothing is allocated after the first ones
///
/// On the frame path: at most 60 µs for 25 people. Thread-safe.
void append_json_line(std::string& line, const match::MatchFrame& frame);

/// The frame one line describes; append_json_line() of the result gives the same line again. Unknown keys are ignored.
///
/// size   the analysed picture
///
/// Throws Error(kBadInput) with a sentence that names the key which does not fit. Thread-safe.
match::MatchFrame parse_json_line(std::string_view line, PictureSize size);

/// Reads a frames.jsonl (or a truth.jsonl) line by line. Not thread-safe.
class FrameFileReader {
 public:
  /// Throws Error(kNotFound) when the file cannot be opened.
  FrameFileReader(const std::string& path, PictureSize size);

  /// The next frame; empty at the end. Empty lines are skipped.
  /// Throws Error(kBadInput) "FILE:LINE: what does not fit", also when frame numbers do not grow.
  std::optional<match::MatchFrame> next();

 private:
  std::string path_;
  std::ifstream file_;
  PictureSize size_;
  std::string line_;
  std::int64_t line_number_ = 0;
  std::int64_t last_index_ = -1;
};

/// All frames of a file, for short clips. Errors as FrameFileReader.
std::vector<match::MatchFrame> read_frames(const std::string& path, PictureSize size);

}  // namespace touchline::records
