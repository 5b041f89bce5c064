#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "touchline/match/pitch_pose.h"
#include "touchline/match/team.h"
#include "touchline/match/track.h"
#include "touchline/teams/attack_direction.h"
#include "touchline/teams/kit_model.h"

namespace touchline::teams {

/// How a track comes by its team.
struct TeamOptions {
  double learn_s = 5;  ///< s during which the kits are learnt anew in every frame; in [0.1, 600]
  double name_by_s =
      0.8;              ///< s after the first frame by which the teams get their names, known goal or not; in [0, 60]
  double memory_s = 4;  ///< s, time constant at which a track's votes fade; in [0.1, 600]
  double hysteresis_s = 0.3;  ///< s of full votes against it that a track's team withstands; in [0, 60]
  double forget_s = 10;       ///< s after which an unseen track's votes are dropped; in [1, 600]
  float min_weight = 0.15F;   ///< shirts seen with less trust do not vote; in [0, 1]
  KitModelOptions kits{};
  AttackOptions attack{};

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// Teams of tracks, names of teams, and which way they attack; frames go in in order. See Note [Names] in the source.
///
/// The kits of both teams are learnt over the first frames; a track has a team by the weighted vote of its frames with
/// hysteresis, an overlapped shirt votes little. Goalkeepers belong to the team whose goal they stand at, officials to
/// none. Memory is bounded by the tracks of the last forget_s seconds. Not thread-safe.
class TeamAssigner {
 public:
  /// Throws Error(kInvalidArgument) when options are out of range.
  explicit TeamAssigner(const TeamOptions& options = {});

  /// Sets team of every track of a frame. Tracks carry kit, class, box and, where there is a camera, position_m.
  void update(std::vector<match::Track>& tracks, const match::PitchPose& pose, double pts_s);

  /// The team of a track as known now: for frames that went through update() earlier and wait to be written, so that a
  /// look-ahead of a second gives the first frames their teams too. None for ids unknown or forgotten.
  match::TeamLabel label_of(std::int64_t id) const;

  /// Direction of attack of the present shot; 0 until known.
  match::AttackDirection attack() const;

  /// A new shot: the direction of attack is open again; kits, names and the labels of tracks stay.
  void cut();

 private:
  struct Voter {
    std::int64_t id = 0;
    match::PersonClass person_class = match::PersonClass::kPlayer;
    Color sum{};         ///< weighted sum of colours, fading
    float seen = 0;      ///< sum of their weights
    double vote = 0;     ///< s, positive for kit 0
    double against = 0;  ///< s, votes for being an official
    double total = 0;    ///< s of votes cast
    int kit = -1;        ///< 0, 1, or −1 for none
    double last_s = 0;

    KitSample sample() const;
  };

  Voter& voter(std::int64_t id);
  const Voter* find(std::int64_t id) const;
  void collect(const std::vector<match::Track>& tracks, double dt_s, double pts_s);
  void learn(double pts_s);
  void vote_by_shirt(Voter& voter, const match::Track& track, float trust, double dt_s);
  void vote_by_goal(Voter& voter, const match::Track& track, double dt_s);
  void settle(Voter& voter) const;
  void watch_attack(const std::vector<match::Track>& tracks, double dt_s);
  void name_teams(const std::vector<match::Track>& tracks, double pts_s);
  match::TeamLabel label(const Voter& voter) const;

  TeamOptions options_;
  KitModel kits_;
  AttackTracker attack_;
  std::vector<Voter> voters_;  ///< sorted by id
  std::array<std::optional<Color>, 2> goalkeepers_;
  std::vector<float> trust_;        ///< scratch, one per track of the frame
  std::vector<KitSample> samples_;  ///< scratch
  std::vector<Standing> standing_;  ///< scratch
  std::optional<double> first_s_;
  double last_s_ = 0;
  double beside_px_ = 0;  ///< evidence of who is left in the picture, for clips without a camera
  int kit_of_a_ = -1;     ///< −1 until the teams have names
};

}  // namespace touchline::teams
