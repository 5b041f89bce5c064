#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "touchline/geometry/mat3.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/records/json_lines.h"
#include "touchline/records/output_file.h"

namespace touchline::records {

/// The 32 vertices of Score Vision's drawing of a pitch, 12000 × 7000 centimetres, x along the length, origin at the
/// far left corner, in landmark order. Not a real pitch: spoken to that protocol only.
extern const std::array<std::array<double, 2>, match::kPitchPointCount> kScoreVisionTemplate;

/// image_from_template: the homography, template centimetres → image pixels, that fits the camera's visible real
/// landmarks best (least squares in pixels; a weak pull to the camera itself settles what they leave open).
///
/// size   the analysed picture; a landmark is visible when it lies inside
///
/// Empty when the camera sees no landmark. About 20 µs. Thread-safe.
std::optional<geometry::Mat3> score_vision_homography(const geometry::PitchCamera& camera,
                                                      const match::PitchModel& pitch, PictureSize size);

/// The 32 points of an answer: the template's vertices inside the picture, (0, 0) for the others and without a camera.
std::array<geometry::ImagePoint, match::kPitchPointCount> score_vision_points(
    const std::optional<geometry::PitchCamera>& camera, const match::PitchModel& pitch, PictureSize size);

/// Appends one item of the response's list `frames`: frame_number, 32 keypoints, objects with id, bbox, class_id
/// (0 ball, 1 goalkeeper, 2 player, 3 referee). The ball has the id 0, which no track has. 2 decimals. Thread-safe.
void append_score_vision_frame(std::string& text, const match::MatchFrame& frame, const match::PitchModel& pitch,
                               PictureSize size);

/// scorevision.json: the whole response, written frame by frame. Not thread-safe.
class ScoreVisionWriter {
 public:
  /// challenge_id   echoed. Errors as OutputFile.
  ScoreVisionWriter(const std::filesystem::path& path, const std::string& challenge_id, const match::PitchModel& pitch,
                    PictureSize size);

  /// Calls finish(0) if nobody did; a failure is logged.
  ~ScoreVisionWriter();

  void write(const match::MatchFrame& frame);

  /// Makes the file whole. Idempotent.
  void finish(double processing_time_s);

 private:
  match::PitchModel pitch_;
  PictureSize size_;
  OutputFile file_;
  std::string text_;
  bool first_ = true;
  bool finished_ = false;
};

}  // namespace touchline::records
