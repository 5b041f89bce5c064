#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "touchline/records/mot.h"

namespace touchline::evaluate {

/// Localisation thresholds of HOTA: 0.05, 0.10 … 0.95.
inline constexpr std::size_t kHotaThresholds = 19;
using PerThreshold = std::array<double, kHotaThresholds>;

/// What one or several sequences add up to, before the ratios. The answer of count_tracking() and combined();
/// scores_of() reads it.
struct TrackingCounts {
  PerThreshold true_positives{};  ///< pairs made, at each threshold
  PerThreshold false_negatives{};
  PerThreshold false_positives{};
  PerThreshold association{};  ///< sum over the pairs made of their association Jaccard; likewise recall and precision
  PerThreshold association_recall{};
  PerThreshold association_precision{};
  PerThreshold localisation{};      ///< sum of the overlaps of the pairs made
  double id_true_positives = 0;     ///< boxes under the best one-to-one map of identities, overlap ≥ 0.5
  double clear_true_positives = 0;  ///< CLEAR-MOT, overlap ≥ 0.5
  double switches = 0;              ///< identity switches
  double clear_overlap = 0;         ///< sum of the overlaps of CLEAR's pairs
  double truth_boxes = 0;
  double answer_boxes = 0;
  double truth_ids = 0;
  double answer_ids = 0;
};

/// The field's ratios, in [0, 1] (MOTA may be negative); HOTA's are means over the thresholds.
struct TrackingScores {
  double hota = 0;
  double det_a = 0;
  double ass_a = 0;
  double det_recall = 0;
  double det_precision = 0;
  double ass_recall = 0;
  double ass_precision = 0;
  double loc_a = 0;
  double idf1 = 0;
  double id_recall = 0;
  double id_precision = 0;
  double mota = 0;
  double motp = 0;
};

/// Compares the tracks of one sequence with its truth: HOTA (Luiten et al. 2020), identity (Ristani et al. 2016) and
/// CLEAR-MOT (Bernardin 2008) as TrackEval 1.3 computes them, one class, no ignore regions.
///
/// truth   rows in any order; those with confidence 0 are left out, as MOTChallenge marks what does not count
/// answer  rows in any order
///
/// Throws Error(kBadInput) when an id stands twice in one frame. Thread-safe.
TrackingCounts count_tracking(std::span<const records::MotRow> truth, std::span<const records::MotRow> answer);

/// Sequences pooled: every box weighs the same.
TrackingCounts combined(std::span<const TrackingCounts> sequences);

/// The ratios; 0 where nothing was to be found.
TrackingScores scores_of(const TrackingCounts& counts);

}  // namespace touchline::evaluate
