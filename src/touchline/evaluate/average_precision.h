#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "touchline/evaluate/labels.h"
#include "touchline/geometry/box.h"
#include "touchline/records/detections.h"

namespace touchline::evaluate {

/// A true object of one class in one picture.
struct TrueBox {
  int picture = 0;
  geometry::BoxPx box_px;
};

/// A detected object of one class in one picture.
struct ScoredBox {
  int picture = 0;
  geometry::BoxPx box_px;
  double score = 0;
  bool ignorable = false;  ///< hits nothing: counts neither way, instead of as a mistake
};

struct ApOptions {
  enum class Rule {
    kIou,           ///< a hit overlaps its object by at least `threshold`
    kCenterPixels,  ///< a hit's centre lies within `threshold` pixels of its object's
    kCenterNear,    ///< the same, or anywhere inside its object's box
  };
  Rule rule = Rule::kIou;
  double threshold = 0.5;      ///< intersection over union in (0, 1], or pixels in (0, 1000]
  int most_per_picture = 100;  ///< only the best-scored count, as in COCO; 1 to 10000

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// Which detected people count. The AP of people and of their classes always counts all of them: it is about how they
/// rank, and cut off at a score it misses what lies below.
struct PeopleOptions {
  double min_score = 0;  ///< a person's own score from which on recall, precision and the rest count them. Range 0..1

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

inline constexpr double kSurePrecision = 0.9;

struct ApResult {
  std::optional<double> ap;  ///< empty without true objects
  double recall = 0;         ///< of all detections, whatever their score
  double precision = 0;      ///< likewise
  double sure_recall = 0;    ///< the most at any score threshold where precision is at least kSurePrecision
  double best_f1 = 0;        ///< over all score thresholds
  double best_f1_score = 0;  ///< the threshold where it is reached
  int true_objects = 0;
  int detections = 0;  ///< that count
};

/// For each detection, in the order given, the true object that it hits: by falling score (equal scores: in the order
/// given), each takes the free object of its picture that it fits best. Empty where it hits none or is not among the
/// best of its picture. Thread-safe. Throws Error(kInvalidArgument) when options.check() fails.
std::vector<std::optional<std::size_t>> hits_of(std::span<const TrueBox> truth, std::span<const ScoredBox> detections,
                                                const ApOptions& options);

/// Average precision as COCO defines it: hits as hits_of(), precision made monotone and averaged over the recalls 0,
/// 0.01, …, 1 (101 points). Oracle: pycocotools. Thread-safe.
/// Throws Error(kInvalidArgument) when options.check() fails.
ApResult average_precision(std::span<const TrueBox> truth, std::span<const ScoredBox> detections,
                           const ApOptions& options);

/// The score of a detected object as a candidate of one class: a person is one of each class of people that scores at
/// least 0.01, a ball of its own alone. Empty: no candidate. Thread-safe.
std::optional<double> score_as(const records::DetectedObject& object, records::ObjectClass object_class);

/// One class at IoU 0.5: AP over its candidates, everything else over the detections said to be of it from a score on,
/// since a person counts once where a class must be chosen. For people as one class: `candidates` are all of them,
/// `said` those from a score on. Thread-safe.
ApResult class_result(std::span<const TrueBox> truth, std::span<const ScoredBox> said,
                      std::span<const ScoredBox> candidates);

/// One line of a detection report.
struct ClassAp {
  std::string name;  ///< a class, "person" (the three classes of people as one), or "ball 8px" (by its centre)
  ApResult result;
};

struct DetectReport {
  int pictures = 0;  ///< judged: those of the detections
  std::vector<ClassAp> classes;
  std::optional<double> mean_ap;  ///< AP50 over the classes that have labels
};

/// Judges the file of `touchline detect` against a labelled set: AP at IoU 0.5 by class (a person is a candidate of
/// each class that it has a score for), for people as one class, and for the ball within 8 pixels of its centre.
/// AP is over everything in the file, the other figures of people and their classes over people from options.min_score
/// on; balls count from any score on. Pictures without detections in the file are not judged. Throws Error as
/// records::read_detections(), LabelFolder and options.check().
DetectReport evaluate_detections(const std::string& detections_path, const std::string& label_folder,
                                 const PeopleOptions& options);

/// A table for people, and the same as JSON.
std::string to_text(const DetectReport& report);
std::string to_json(const DetectReport& report);

}  // namespace touchline::evaluate
