#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "touchline/geometry/point.h"
#include "touchline/match/match_frame.h"

namespace touchline::analytics {

struct PossessionOptions {
  double reach_m = 1.5;           ///< a player this near to the ball may own it; 0.2 to 5
  double takeover_s = 0.3;        ///< how long another player must be the nearest before he owns it; 0 to 2
  double fast_ball_mps = 8;       ///< a faster ball keeps its last owner; 1 to 50
  double contested_after_s = 2;   ///< without anyone in reach for longer, nobody owns it; 0.1 to 10
  double speed_window_s = 0.2;    ///< the ball's speed is its displacement over this time; 0.02 to 1
  double pressure_radius_m = 18;  ///< opponents farther away do not press; 1 to 50
  double pressure_sigma_m = 5.5;  ///< width of the pressure of one opponent; 0.5 to 20

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// Who has the ball in one frame.
struct BallOwner {
  match::Possession possession = match::Possession::kUnknown;
  std::optional<std::int64_t> track_id;            ///< of the owner; empty when contested or unknown
  std::optional<geometry::PitchPoint> position_m;  ///< of the owner, where he is seen in this frame
};

/// Follows possession through a shot. The first owner after a start or a cut is taken at once, a later one only after
/// takeover_s as the nearest; unknown without the ball or without anyone's position. Not thread-safe.
class PossessionFilter {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit PossessionFilter(const PossessionOptions& options);

  /// Frames in order; uses pts_s, tracks and ball. Referees and people without a team never own the ball.
  BallOwner update(const match::MatchFrame& frame);

  /// A new shot begins: nobody is known to have the ball.
  void cut();

 private:
  struct Place {
    double pts_s;
    geometry::PitchPoint position_m;
  };

  double ball_speed_mps(double pts_s, geometry::PitchPoint ball_m);
  void consider(const match::Track* nearest, double pts_s, double speed_mps);

  PossessionOptions options_;
  std::deque<Place> ball_;
  std::optional<std::int64_t> owner_;
  match::Team owner_team_ = match::Team::kNone;
  std::optional<std::int64_t> rival_;  ///< another player who is the nearest now
  double rival_since_s_ = 0;
  std::optional<double> last_reached_s_;  ///< when somebody was last in reach, or the ball was first seen
};

/// Pressure on the owner: 1 − exp(−Σ exp(−d² / 2σ²)) over the opponents within the radius, in [0, 1). Thread-safe.
double pressure_on(geometry::PitchPoint owner_m, std::span<const geometry::PitchPoint> opponents_m,
                   const PossessionOptions& options);

}  // namespace touchline::analytics
