#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"
#include "touchline/match/detection.h"
#include "touchline/records/detections.h"
#include "touchline/records/json_lines.h"

namespace touchline::evaluate {

/// One labelled object in pixels of its picture.
struct LabeledObject {
  records::ObjectClass object_class = records::ObjectClass::kPlayer;
  geometry::BoxPx box_px;
};

/// What a label says about one of the 32 pitch points.
enum class PointLabel {
  kAbsent,    ///< v = 0: not in the picture
  kUnjudged,  ///< v = 1: there, but hidden; neither a hit nor a miss
  kVisible,   ///< v = 2
};

struct LabeledPoint {
  PointLabel label = PointLabel::kAbsent;
  geometry::ImagePoint point_px;
};
using LabeledPoints = std::array<LabeledPoint, match::kPitchPointCount>;

/// The text of one YOLO label file of people and ball: lines `class cx cy w h`, class 0 ball, 1 goalkeeper, 2 player,
/// 3 referee, numbers in shares of the picture's width and height. Empty text: no object.
///
/// name   the file, for messages
///
/// Throws Error(kBadInput) "NAME:LINE: ..." for a wrong number of fields, an unknown class, a box that leaves the
/// picture by more than 0.001 of its side, or one without a size. Thread-safe.
std::vector<LabeledObject> parse_object_labels(std::string_view text, records::PictureSize size,
                                               const std::string& name);

/// The text of one label file of pitch points: one line `0 cx cy w h` and 32 times `x y v`. Errors as above, also for a
/// visible point outside the picture. An empty text has no visible point. Thread-safe.
LabeledPoints parse_point_labels(std::string_view text, records::PictureSize size, const std::string& name);

/// A labelled set on disk: FOLDER/images/NAME.jpg and FOLDER/labels/NAME.txt. Thread-safe.
class LabelFolder {
 public:
  /// Throws Error(kNotFound) when `images` or `labels` is missing below the folder.
  explicit LabelFolder(const std::string& folder);

  /// Labels of the picture with this file name (a path's last part counts).
  /// Throws Error(kNotFound) that names the file when picture or label file is missing, Error(kBadInput) as the
  /// parsers.
  std::vector<LabeledObject> objects_of(const std::string& picture) const;
  LabeledPoints points_of(const std::string& picture) const;

  /// Number of label files.
  int count() const;

 private:
  struct Entry {
    std::string name;  ///< of the label file
    std::string text;
    records::PictureSize size;
  };
  Entry entry_of(const std::string& picture) const;

  std::string folder_;
};

}  // namespace touchline::evaluate
