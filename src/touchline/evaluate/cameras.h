#pragma once

#include <optional>
#include <string>
#include <vector>

#include "touchline/evaluate/average_precision.h"
#include "touchline/evaluate/pitch_accuracy.h"

namespace touchline::evaluate {

/// How well people and ball are seen in the labelled frames of one clip, or of several as one set. AP counts everything
/// in the file; whatever else is said of people and their classes counts people from PeopleOptions::min_score on.
struct CameraScore {
  std::string name;  ///< the clip, a group, or "all"
  int frames = 0;
  ApResult people;                             ///< the three classes of people as one, IoU 0.5
  std::vector<ClassAp> classes;                ///< goalkeeper, player, referee: class_result()
  ApResult ball;                               ///< centre within 8 px of a picture 1280 px long, or inside the label
  std::optional<double> roles_right;           ///< share of the found people that have their own class
  std::optional<double> false_people_a_frame;  ///< people that hit nobody and lie outside the ignore regions
};

/// How well the pitch points are seen there, in pixels of pictures 1280 px long.
struct CameraPitchScore {
  std::string name;
  PitchReport points;
};

/// One line a clip, then one a group, then all of them; a line of several pools their frames.
struct CameraReport {
  std::vector<CameraScore> lines;
  std::vector<std::string> unjudged;  ///< labelled clips that the detections hold no frame of
};
struct CameraPitchReport {
  std::vector<CameraPitchScore> lines;
  std::vector<std::string> unjudged;  ///< as in CameraReport
};

/// Judges a file of `touchline detect --frames-from LABELS`, or a folder of runs (seen_frames.h), against the labels of
/// clips (camera_labels.h). A detection that hits nobody and lies mostly in an ignore region of its kind counts neither
/// way. Labelled frames that the file leaves out are not judged. Throws Error as read_seen_frames(),
/// read_camera_labels() and options.check(), and kNotFound for a detected frame without labels.
CameraReport evaluate_cameras(const std::string& detections_path, const std::string& labels_path,
                              const PeopleOptions& options);

/// The same for the pitch points; PitchAccuracyOptions count in pixels of pictures 1280 px long.
CameraPitchReport evaluate_camera_pitch(const std::string& detections_path, const std::string& labels_path,
                                        const PitchAccuracyOptions& options);

/// A table for people, and the same as JSON.
std::string to_text(const CameraReport& report);
std::string to_json(const CameraReport& report);
std::string to_text(const CameraPitchReport& report);
std::string to_json(const CameraPitchReport& report);

}  // namespace touchline::evaluate
