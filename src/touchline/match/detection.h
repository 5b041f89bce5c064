#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"

namespace touchline::match {

/// Roles of people. The ball is never a person.
enum class PersonClass : std::uint8_t { kGoalkeeper, kPlayer, kReferee };
inline constexpr std::size_t kPersonClassCount = 3;

/// A number of each PersonClass, by its value.
using ClassScores = std::array<float, kPersonClassCount>;

/// What a shirt looks like: the mean colour of the upper body, the grass beside it taken out.
struct KitFeature {
  std::array<float, 3> lab{};  ///< CIE L*, a*, b*
  float weight = 0;            ///< trust in [0, 1]; 0 = nothing to see (tiny, cut off, hidden)
};

/// Two boxes of this IoU frame the same body, not two people or a part of one.
inline constexpr float kSameBodyIou = 0.7F;

/// One person in one frame.
struct Detection {
  geometry::BoxPx box_px;
  PersonClass person_class = PersonClass::kPlayer;
  float score = 0;  ///< in [0, 1]
  KitFeature kit;
  /// What all of the network's boxes on the person say of each class, in [0, 1]; all 0: it tells none but the best.
  ClassScores class_scores{};
};

/// class_scores, or where there are none the score for the one class.
inline ClassScores votes_of(const Detection& detection) {
  if (detection.class_scores != ClassScores{}) return detection.class_scores;
  ClassScores votes{};
  votes[static_cast<std::size_t>(detection.person_class)] = detection.score;
  return votes;
}

/// One place where the ball may be.
struct BallCandidate {
  geometry::ImagePoint point_px;
  geometry::BoxPx box_px;
  float score = 0;  ///< in [0, 1]
};

/// One of the 32 pitch points as the network sees it; score 0 = not seen.
struct SeenPoint {
  geometry::ImagePoint point_px;
  float score = 0;
};

inline constexpr std::size_t kPitchPointCount = 32;
inline constexpr std::size_t kMaxPeople = 64;
inline constexpr std::size_t kMaxBallCandidates = 8;

using SeenPoints = std::array<SeenPoint, kPitchPointCount>;

/// A coarse picture of a frame, to tell a cut from a pan.
struct CutSignature {
  static constexpr int kColumns = 16;
  static constexpr int kRows = 9;
  static constexpr int kFineColumns = 64;
  static constexpr int kFineRows = 36;
  std::array<std::array<std::uint8_t, 3>, kColumns * kRows> cells{};  ///< mean Y, U, V, row-major
  std::array<std::int8_t, kFineColumns * kFineRows> structure{};      ///< mean Y above its surroundings', row-major
};

/// All that leaves the network for one frame. At most kMaxPeople people and kMaxBallCandidates balls, best first.
struct FrameDetections {
  std::vector<Detection> people;
  std::vector<BallCandidate> balls;
  SeenPoints points{};
};

}  // namespace touchline::match
