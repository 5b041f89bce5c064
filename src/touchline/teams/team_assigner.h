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
#include "touchline/teams/roles.h"

namespace touchline::teams {

/// How a track comes by its role and its team.
struct TeamOptions {
  double learn_every_s = 0.2;  ///< s between two looks at everybody's shirts once the kits are known; in [0, 60]
  double name_by_s =
      0.8;                ///< s after the first frame by which the teams get their names, known goal or not; in [0, 60]
  double memory_s = 0.6;  ///< s of full sight, time constant at which a track's colour is forgotten; in [0.1, 600]
  double hysteresis_s = 0.3;  ///< s for which a track's colour must say otherwise before its team changes; in [0, 60]
  double forget_s = 10;       ///< s after which an unseen track is dropped; in [1, 600]
  float min_weight = 0.15F;   ///< shirts seen with less trust do not count; in [0, 1]
  KitModelOptions kits{};
  RoleOptions roles{};
  AttackOptions attack{};

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// Roles and teams of tracks, names of teams, and which way they attack; frames go in in order. See Note [Names] in the
/// source.
///
/// Kits are learnt from everybody's shirts. A track has its role by the detector's votes, its shirt and its place, and
/// its team by the mean colour of its shirt with hysteresis; an overlapped shirt counts little. Goalkeepers belong to
/// the team whose goal they stand at, officials to none. Memory is bounded by the tracks of the last forget_s seconds.
/// Not thread-safe.
class TeamAssigner {
 public:
  /// Throws Error(kInvalidArgument) when options are out of range.
  explicit TeamAssigner(const TeamOptions& options = {});

  /// Sets person_class and team of every track of a frame. Tracks carry kit, class and the detector's votes for it, box
  /// and, where there is a camera, position_m.
  void update(std::vector<match::Track>& tracks, const match::PitchPose& pose, double pts_s);

  /// Sets person_class and team of a frame's tracks as known now: for frames that went through update() earlier and
  /// wait to be written, so that a look-ahead of a second gives the first frames their teams too. Who was seen last
  /// at another moment than the rest may have a seat that is taken: still one goalkeeper at a goal. Ids unknown or
  /// forgotten keep their class and have no team.
  void restamp(std::vector<match::Track>& tracks);

  /// False for what the detector takes for a person and is a goal post: always at the foot of one, and never seen well.
  bool is_person(std::int64_t id) const;

  /// Direction of attack of the present shot; 0 until known.
  match::AttackDirection attack() const;

  /// A new shot: the direction of attack is open again; kits, names and the labels of tracks stay.
  void cut();

 private:
  struct Person {
    std::int64_t id = 0;
    match::PersonClass role = match::PersonClass::kPlayer;
    RoleScores role_scores{};
    match::ClassScores class_share{};
    Color sum{};             ///< weighted sum of colours, fading
    float seen = 0;          ///< sum of their weights
    double seen_s = 0;       ///< s of full sight, fading
    int frames = 0;          ///< in which he was answered
    bool close_up = true;    ///< never seen on the pitch nor among many
    float beside_share = 0;  ///< of the last seconds spent beside the pitch
    float post_share = 0;    ///< of the last seconds spent at a goal post
    float score = 0;         ///< mean of the detector's over the last seconds
    double goal_vote_s = 0;  ///< as a goalkeeper, positive for kit 0; fading
    double goal_all_s = 0;   ///< s of such votes cast
    float side = 0;          ///< what is known now: from +1, surely kit 0, to −1, surely kit 1
    double sure_s = 0;       ///< s that stand behind it
    double contrary_s = 0;   ///< s for which side has denied kit
    int kit = -1;            ///< 0, 1, or −1 for none
    double last_s = 0;

    KitSample sample() const;
  };

  Person& person(std::int64_t id);
  const Person* find(std::int64_t id) const;
  void note_place(Person& person, const match::Track& track, double dt_s) const;
  float likely_post(const Person& person) const;
  void collect(const std::vector<match::Track>& tracks, double dt_s, double pts_s);
  void learn(double pts_s);
  void decide_roles(const std::vector<match::Track>& tracks);
  void judge_shirt(Person& person, const match::Track& track, float trust, double dt_s);
  void judge_goal(Person& person, const match::Track& track, double dt_s);
  void settle(Person& person, double dt_s) const;
  int keeper_kit(const match::Track& track, float& side) const;
  void watch_attack(const std::vector<match::Track>& tracks, double dt_s);
  void name_teams(const std::vector<match::Track>& tracks, double pts_s);
  match::TeamLabel label(const Person& person) const;
  void stamp(match::Track& track, const Person* own) const;  ///< own: null where the id is not known

  TeamOptions options_;
  KitModel kits_;
  AttackTracker attack_;
  std::vector<Person> people_;  ///< sorted by id
  std::array<std::optional<Color>, 2> goalkeepers_;
  // Scratch of a frame: one per track.
  std::vector<float> trust_;
  std::vector<RoleEvidence> evidence_;
  std::vector<RoleScores> scores_;
  std::vector<match::PersonClass> roles_;

  std::vector<KitSample> samples_;  ///< scratch
  std::vector<Standing> standing_;  ///< scratch
  std::optional<double> first_s_;
  double last_s_ = 0;
  double next_look_s_ = 0;
  double beside_px_ = 0;  ///< evidence of who is left in the picture, for clips without a camera
  int kit_of_a_ = -1;     ///< −1 until the teams have names
};

}  // namespace touchline::teams
