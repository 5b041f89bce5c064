#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "touchline/match/match_frame.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/output_file.h"

namespace touchline::records {

/// coco.json: a COCO data set of the run's boxes, with track ids. Images are called by the frame's number; categories
/// are 1 ball, 2 goalkeeper, 3 player, 4 referee. Annotations are written as they come and the images beside them into
/// a hidden file that finish() moves in, so memory stays flat. Not thread-safe.
class CocoWriter {
 public:
  /// Errors as OutputFile.
  CocoWriter(const std::filesystem::path& path, PictureSize size);

  /// Calls finish() if nobody did; a failure is logged.
  ~CocoWriter();

  void write(const match::MatchFrame& frame);

  /// Makes the file whole. Idempotent.
  void finish();

 private:
  void append_annotation(const geometry::BoxPx& box, int category, std::int64_t image, double score,
                         const std::int64_t* track_id);

  PictureSize size_;
  OutputFile annotations_;
  OutputFile images_;
  std::string text_;
  std::int64_t annotation_count_ = 0;
  std::int64_t image_count_ = 0;
  bool finished_ = false;
};

}  // namespace touchline::records
