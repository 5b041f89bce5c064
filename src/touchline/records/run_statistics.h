#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "touchline/match/match_frame.h"

namespace touchline::records {

/// Quantiles of positive times in bounded memory: bins 2 % apart from 1 µs to 100 s. Not thread-safe.
class TimeHistogram {
 public:
  TimeHistogram();

  /// Not finite or negative times are left out.
  void add(double time_ms);

  std::int64_t count() const { return count_; }
  double mean_ms() const;
  double max_ms() const { return max_ms_; }

  /// The time that the share q of all times does not exceed, within 2 %; 0 without a time. q in [0, 1].
  double quantile_ms(double q) const;

 private:
  std::vector<std::uint32_t> bins_;
  std::int64_t count_ = 0;
  double sum_ms_ = 0;
  double max_ms_ = 0;
};

/// What lies between two cuts.
struct ShotSpan {
  int shot = 0;
  std::int64_t first_frame = 0;
  std::int64_t last_frame = 0;
  double first_pts_s = 0;
  double last_pts_s = 0;
};

/// One person's stay in the picture.
struct TrackTotal {
  match::PersonClass person_class = match::PersonClass::kPlayer;
  match::Team team = match::Team::kNone;
  std::int64_t frames = 0;
  double first_pts_s = 0;
  double last_pts_s = 0;
  std::optional<double> last_speed_mps;
  double distance_m = 0;     ///< integral of the speed where it is known
  double top_speed_mps = 0;  ///< 0 when no speed was known
};

/// Counts over a whole run, one frame at a time. Memory grows with the number of shots and of stays of at least
/// kShortestStay_s only. Not thread-safe.
class RunStatistics {
 public:
  static constexpr double kShortestStay_s = 1;     ///< shorter stays are counted, but not kept
  static constexpr double kLongestAbsence_s = 60;  ///< nobody comes back under the same id after that

  void add(const match::MatchFrame& frame);

  std::int64_t frames() const { return frames_; }

  /// Frames by state of the camera, in the order of match::PoseState.
  const std::array<std::int64_t, 4>& camera_frames() const { return camera_frames_; }

  /// Frames in which the ball is known, in the order of match::State; the rest has no ball.
  const std::array<std::int64_t, 3>& ball_frames() const { return ball_frames_; }

  /// Frames by possession, in the order of match::Possession.
  const std::array<std::int64_t, 4>& possession_frames() const { return possession_frames_; }

  /// Median over the frames of the number of people; 0 without frames.
  int median_people() const;

  /// Share of players and goalkeepers, summed over frames, that have a team; empty without any.
  std::optional<double> team_share() const;

  /// Mean over the frames with a camera; empty without any.
  std::optional<double> mean_visible_pitch() const;

  const std::vector<ShotSpan>& shots() const { return shots_; }

  /// People by id; among those seen last, also stays shorter than kShortestStay_s.
  const std::map<std::int64_t, TrackTotal>& tracks() const { return tracks_; }

  /// Number of ids of the whole run.
  std::int64_t ids() const { return ids_; }

  /// Per-frame wall times by stage, in the order in which the stages first appeared.
  const std::vector<std::pair<std::string, TimeHistogram>>& stages() const { return stages_; }

 private:
  void add_shot(const match::MatchFrame& frame);
  void add_track(const match::Track& track, double pts_s);
  void add_timings(const match::MatchFrame& frame);
  void forget_short_stays(double pts_s);

  std::int64_t frames_ = 0;
  std::array<std::int64_t, 4> camera_frames_{};
  std::array<std::int64_t, 3> ball_frames_{};
  std::array<std::int64_t, 4> possession_frames_{};
  std::array<std::int64_t, match::kMaxPeople + 1> people_frames_{};  ///< frames by number of people
  std::int64_t players_ = 0;
  std::int64_t players_with_team_ = 0;
  std::int64_t visible_frames_ = 0;
  double visible_sum_ = 0;
  std::vector<ShotSpan> shots_;
  std::map<std::int64_t, TrackTotal> tracks_;
  std::int64_t ids_ = 0;
  std::vector<std::pair<std::string, TimeHistogram>> stages_;
};

}  // namespace touchline::records
