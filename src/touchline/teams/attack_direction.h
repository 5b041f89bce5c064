#pragma once

#include <span>

#include "touchline/geometry/point.h"

namespace touchline::teams {

/// How sure the direction of attack must be.
struct AttackOptions {
  double agreement_s = 2;  ///< s of uninterrupted agreement of the teams' mean places; in (0, 60]
  double margin_m = 1.5;   ///< m between the mean places that count as a difference; in [0, 50]
  double reversal_s = 8;   ///< s of evidence to the contrary that overturn a direction; in (0, 1000]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// One frame's outfield players or goalkeepers with a known place.
struct Standing {
  geometry::PitchPoint place_m;
  int kit = -1;             ///< 0 or 1; −1 when unknown
  bool goalkeeper = false;  ///< kit then tells whose goalkeeper he is, where that is known by his shirt
};

/// Which way kit 0 attacks in the present shot: +1 toward +x, −1, 0 unknown. A goalkeeper in his goal whose team is
/// known decides at once; else the team whose players stand deeper for long enough defends that side. Not thread-safe.
class AttackTracker {
 public:
  explicit AttackTracker(const AttackOptions& options = {});

  /// One frame lasting dt_s.
  void update(std::span<const Standing> people, double dt_s);

  /// A new shot.
  void cut();

  /// Direction of kit 0; 0 until it is known.
  int direction() const { return direction_; }

  /// Direction of kit 0 as far as the evidence goes; 0 when there is none at all.
  int likely() const;

 private:
  AttackOptions options_;
  int direction_ = 0;
  double agreed_s_ = 0;    ///< signed: how long the evidence has pointed one way without a break
  double evidence_s_ = 0;  ///< signed: all of it in this shot
};

}  // namespace touchline::teams
