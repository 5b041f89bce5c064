#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/match/detection.h"
#include "touchline/records/output_file.h"

namespace touchline::records {

/// Classes of objects in pictures, numbered as the labels' and Score Vision's class ids.
enum class ObjectClass { kBall, kGoalkeeper, kPlayer, kReferee };
inline constexpr int kObjectClassCount = 4;

/// "ball", "goalkeeper", "player" or "referee".
std::string_view name_of(ObjectClass object_class);

/// The class a person has among objects.
ObjectClass object_class_of(match::PersonClass person_class);

struct DetectedObject {
  ObjectClass object_class = ObjectClass::kPlayer;
  geometry::BoxPx box_px;
  double score = 0;                   ///< in [0, 1]
  match::ClassScores class_scores{};  ///< of a person, by match::PersonClass; all 0: the file has none
};

/// What a network saw in one picture.
struct DetectedPicture {
  std::string image;  ///< as the user named it
  std::vector<DetectedObject> objects;
  std::optional<match::SeenPoints> points;  ///< empty when the network sees no points
};

/// The file of `touchline detect`: a list of {"image", "objects": [{"class", "box_px", "score", "class_scores"}],
/// "points": [[x, y, score] × 32]}, one picture a line. "class_scores": {"goalkeeper", "player", "referee"} stands
/// where the network scores each class of a person. Not thread-safe.
class DetectionsWriter {
 public:
  /// Errors as OutputFile.
  explicit DetectionsWriter(const std::filesystem::path& path);

  /// Calls finish() if nobody did; a failure is logged.
  ~DetectionsWriter();

  /// People, and ball candidates as class "ball".
  void write(std::string_view image, const match::FrameDetections& detections);

  /// Makes the file whole. Idempotent.
  void finish();

 private:
  OutputFile file_;
  std::string text_;
  bool first_ = true;
  bool finished_ = false;
};

/// The pictures of such a file's text. A class may be a word or its number; "points" may be absent or null,
/// "class_scores" absent.
/// Throws Error(kBadInput) that names the item and what does not fit. Thread-safe.
std::vector<DetectedPicture> parse_detections(std::string_view text);

/// parse_detections() of a file. Throws Error(kNotFound) without the file, Error(kBadInput) with its name.
std::vector<DetectedPicture> read_detections(const std::string& path);

}  // namespace touchline::records
