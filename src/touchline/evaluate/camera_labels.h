#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/evaluate/labels.h"
#include "touchline/geometry/box.h"
#include "touchline/records/json_lines.h"

namespace touchline::evaluate {

/// A part of a picture where nobody said what is right: crowds and benches (people), spare balls and smears (balls).
struct IgnoreRegion {
  enum class Of { kPeople, kBall };
  Of of = Of::kPeople;
  geometry::BoxPx box_px;
};

/// The labels of one frame, in pixels of the clip's picture.
struct LabeledFrame {
  std::int64_t frame = 0;  ///< presentation order, from 0
  std::vector<LabeledObject> objects;
  std::vector<IgnoreRegion> ignore;
  LabeledPoints points;
};

/// The labels of some frames of one clip.
struct CameraLabels {
  std::string clip;           ///< the clip's file name
  records::PictureSize size;  ///< of its pictures
  std::string group;          ///< clips of one group are judged together, too
  /// Seen from behind a goal, a pitch does not say which of its ends is which: points count under the numbering, of the
  /// two half a turn apart, that fits a frame better.
  bool either_end = false;
  std::vector<LabeledFrame> frames;  ///< by growing frame number
};

/// The text of one label file, JSON lines: first {"clip", "size_px": [w, h], "group", "either_end"}, then one line a
/// frame: {"frame", "objects": [{"class", "box_px"}], "ignore": [{"of": "people" | "ball", "box_px"}], "points":
/// [[number, x, y], …], "hidden_points": [number, …]}; points 1 to 32, those not named are absent.
///
/// name   the file, for messages
///
/// Throws Error(kBadInput) "NAME:LINE: ..." for what is no JSON, a missing or unknown key, boxes or points outside the
/// picture, a point named twice, and frame numbers that do not grow. Thread-safe.
CameraLabels parse_camera_labels(std::string_view text, const std::string& name);

/// Whether this is a label file (.jsonl) or a folder that holds one.
bool holds_camera_labels(const std::string& path);

/// A label file, or every label file (.jsonl) of a folder, by name.
/// Throws Error(kNotFound) when there is none, else as parse_camera_labels().
std::vector<CameraLabels> read_camera_labels(const std::string& path);

/// How a file of detections names a frame of a clip: "CLIP#FRAME".
std::string frame_name(const std::string& clip, std::int64_t frame);

/// The share of the box, in [0, 1], that lies in regions of this kind, each place counted once.
double ignored_share(const geometry::BoxPx& box, const std::vector<IgnoreRegion>& regions, IgnoreRegion::Of of);

/// The same points under the numbering of the other end: half a turn about the centre spot.
LabeledPoints turned(const LabeledPoints& points);

}  // namespace touchline::evaluate
