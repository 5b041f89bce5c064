#pragma once

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "touchline/geometry/point.h"
#include "touchline/match/detection.h"

namespace touchline::match {

/// From a goal's middle to a post, metres (Laws of the Game, law 1).
inline constexpr double kHalfGoal_m = 3.66;

/// The real pitch: its size and where its 32 landmarks are. Laws of the game fix everything but length and width.
/// Immutable; thread-safe.
class PitchModel {
 public:
  /// Metres. Throws Error(kInvalidArgument) unless 90 ≤ length ≤ 120 and 45 ≤ width ≤ 90.
  explicit PitchModel(double length_m = 105, double width_m = 68);

  /// "105x68" → PitchModel(105, 68). Throws Error(kInvalidArgument) with the expected form.
  static PitchModel parse(const std::string& text);

  double length_m() const { return length_m_; }
  double width_m() const { return width_m_; }

  /// The 32 landmarks in label order (landmark number − 1), pitch metres.
  std::span<const geometry::PitchPoint, kPitchPointCount> landmarks() const { return landmarks_; }

  /// What is painted on the grass, as polylines in pitch metres: straight lines with two points, arcs and the circle
  /// finely divided. For drawing and for line fitting.
  std::vector<std::vector<geometry::PitchPoint>> markings() const;

  /// True when the point lies on the pitch, or off it by at most margin_m.
  bool contains(geometry::PitchPoint point_m, double margin_m = 0) const;

 private:
  double length_m_;
  double width_m_;
  std::array<geometry::PitchPoint, kPitchPointCount> landmarks_;
};

/// landmark i of the mirrored picture (left and right exchanged) is landmark kMirroredLandmark[i].
extern const std::array<int, kPitchPointCount> kMirroredLandmark;

}  // namespace touchline::match
