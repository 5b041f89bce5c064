#pragma once

#include <array>
#include <optional>
#include <string>

#include "touchline/evaluate/labels.h"
#include "touchline/match/detection.h"

namespace touchline::evaluate {

struct PitchAccuracyOptions {
  double hit_px = 10;        ///< a point this near to its label is found; 0.1 to 1000 pixels of the picture
  double least_score = 0.5;  ///< points with a smaller score count as not seen; 0 to 1

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

struct PitchReport {
  int pictures = 0;
  int visible_points = 0;           ///< labelled visible
  int seen_points = 0;              ///< of these, seen with enough score
  int hits = 0;                     ///< of these, near enough
  int false_points = 0;             ///< seen where the label says absent
  std::optional<double> pck;        ///< hits / visible_points
  std::optional<double> median_px;  ///< error of the points that are both labelled and seen
  std::optional<double> p90_px;     ///<
  double false_points_per_picture = 0;
  std::array<int, match::kPitchPointCount> visible_by_point{};
  std::array<int, match::kPitchPointCount> hits_by_point{};
};

/// Collects pictures one by one. Not thread-safe.
class PitchAccuracy {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit PitchAccuracy(const PitchAccuracyOptions& options);

  /// Points labelled kUnjudged count neither way.
  void add(const LabeledPoints& truth, const match::SeenPoints& seen);

  PitchReport report() const;

 private:
  PitchAccuracyOptions options_;
  PitchReport counts_;
  std::vector<double> errors_px_;
};

/// Judges the points in the file of `touchline detect` against a labelled set. A picture without "points" has seen
/// none. Throws Error as records::read_detections() and LabelFolder.
PitchReport evaluate_pitch(const std::string& detections_path, const std::string& label_folder,
                           const PitchAccuracyOptions& options);

/// A table for people, and the same as JSON.
std::string to_text(const PitchReport& report);
std::string to_json(const PitchReport& report);

}  // namespace touchline::evaluate
