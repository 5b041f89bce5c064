// The ranges of every option of this room.
#include "touchline/base/error.h"
#include "touchline/track/ball_path.h"
#include "touchline/track/camera_motion.h"
#include "touchline/track/fill.h"
#include "touchline/track/motion.h"
#include "touchline/track/tracker.h"

namespace touchline::track {
namespace {

void require_range(double value, double low, double high, const char* name) {
  TOUCHLINE_REQUIRE(value >= low && value <= high, "{} must lie between {} and {}, not {}", name, low, high, value);
}

}  // namespace

void MotionOptions::check() const {
  require_range(noise_x, 0.001, 1, "noise_x");
  require_range(noise_y, 0.001, 1, "noise_y");
  require_range(acceleration, 0.01, 100, "acceleration");
  require_range(drift, 0, 10, "drift");
  require_range(start_speed, 0.01, 100, "start_speed");
  require_range(speed_memory_s, 0.01, 100, "speed_memory_s");
  require_range(size_gain, 0.01, 1, "size_gain");
}

void CameraMotionOptions::check() const {
  require_range(zoom_noise, 0.001, 10, "zoom_noise");
  require_range(zoom_spread, 1e-5, 1, "zoom_spread");
  require_range(reach, 0.1, 10, "reach");
  require_range(cell, 0.02, 1, "cell");
  require_range(agreement, 0.02, 2, "agreement");
  require_range(least_people, 2, 64, "least_people");
}

void TrackerOptions::check() const {
  require_range(high_score, 0, 1, "high_score");
  require_range(low_score, 0, 1, "low_score");
  require_range(birth_score, 0, 1, "birth_score");
  require_range(confirm_hits, 1, 100, "confirm_hits");
  require_range(doubt_s, 0, 10, "doubt_s");
  require_range(memory_s, 0, 60, "memory_s");
  require_range(hold_s, 0, 1, "hold_s");
  require_range(gate, 0.1, 100, "gate");
  require_range(reach_heights, 0.1, 20, "reach_heights");
  require_range(cost_limit, 0.1, 1000, "cost_limit");
  require_range(size_noise, 0.001, 10, "size_noise");
  require_range(size_cost, 0, 100, "size_cost");
  require_range(overlap_weight, 0, 100, "overlap_weight");
  require_range(surprise_weight, 0, 10, "surprise_weight");
  require_range(kit_weight, 0, 10, "kit_weight");
  require_range(duplicate_share, 0, 1, "duplicate_share");
  require_range(max_tracks, 64, 4096, "max_tracks");
  motion.check();
  camera.check();
}

void BallPathOptions::check() const {
  require_range(lookahead_s, 0, 10, "lookahead_s");
  require_range(max_gap_s, 0, 3, "max_gap_s");
  require_range(hold_s, 0, 0.2, "hold_s");
  require_range(floor_score, 0.01, 0.9, "floor_score");
  require_range(find_cost, 0, 20, "find_cost");
  require_range(lose_cost, 0, 20, "lose_cost");
  require_range(gap_cost_per_s, 0, 50, "gap_cost_per_s");
  require_range(speed_cost, 0, 5, "speed_cost");
  require_range(max_speed, 1, 100, "max_speed");
  require_range(swerve, 0.01, 5, "swerve");
  require_range(kick_cost, 0, 20, "kick_cost");
  require_range(still_radius, 0.01, 1, "still_radius");
  require_range(still_after_s, 0.1, 60, "still_after_s");
  require_range(still_cost, 0, 20, "still_cost");
  require_range(painted_cost, 0, 20, "painted_cost");
  require_range(beside_m, 0, 50, "beside_m");
  require_range(spare_cost, 0, 20, "spare_cost");
}

void FillOptions::check() const {
  require_range(lookahead_s, 0, 10, "lookahead_s");
  require_range(hold_s, 0, 1, "hold_s");
  require_range(least_witnesses, 1, 64, "least_witnesses");
  require_range(close_up_s, 0, 10, "close_up_s");
  require_range(close_up_heights, 0, 100, "close_up_heights");
}

}  // namespace touchline::track
