#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "touchline/geometry/point.h"
#include "touchline/match/track.h"
#include "touchline/teams/team_assigner.h"

namespace touchline::teams {

inline constexpr double kFrame_s = 0.04;
inline constexpr std::array<float, 3> kWhite = {90, 0, 5};
inline constexpr std::array<float, 3> kBlack = {20, 2, -3};
inline constexpr std::array<float, 3> kYellow = {75, -5, 60};
inline constexpr std::array<float, 3> kOrange = {65, 45, 60};
inline constexpr std::array<float, 3> kPink = {70, 50, -10};

/// A match of 22 and a referee, ids 1 to 10 white (defending left), 11 to 20 black, 21 and 22 their goalkeepers, 23 the
/// referee.
class Match {
 public:
  std::vector<match::Track> frame(bool with_places = true) {
    std::vector<match::Track> tracks;
    for (int i = 0; i < 10; ++i)
      tracks.push_back(person(1 + i, kWhite, match::PersonClass::kPlayer, -12 + 3 * i, 6 * i - 27));
    for (int i = 0; i < 10; ++i)
      tracks.push_back(person(11 + i, kBlack, match::PersonClass::kPlayer, -6 + 3 * i, 6 * i - 25));
    tracks.push_back(person(21, kOrange, match::PersonClass::kGoalkeeper, -49, 1));
    tracks.push_back(person(22, kPink, match::PersonClass::kGoalkeeper, 48, -2));
    tracks.push_back(person(23, kYellow, match::PersonClass::kReferee, -3, 14));
    if (!with_places) {
      for (auto& track : tracks) track.position_m.reset();
    }
    return tracks;
  }

 private:
  match::Track person(std::int64_t id, std::array<float, 3> lab, match::PersonClass person_class, double x, double y) {
    std::normal_distribution<float> noise(0, 4);
    match::Track track;
    track.id = id;
    track.person_class = person_class;
    const auto left = static_cast<float>(640 + 11 * x);
    const auto foot = static_cast<float>(400 - 8 * y);
    track.box_px = {left, foot - 40, left + 14, foot};
    track.score = 0.9F;
    track.kit.lab = {lab[0] + noise(random_), lab[1] + noise(random_), lab[2] + noise(random_)};
    track.kit.weight = 0.8F;
    track.position_m = geometry::PitchPoint{x, y};
    return track;
  }

  std::mt19937 random_{7};
};

/// What the assigner says by now of somebody, whom a frame of the ring still calls a referee without a team.
inline match::Track known_now(TeamAssigner& assigner, std::int64_t id) {
  std::vector<match::Track> tracks(1);
  tracks[0].id = id;
  tracks[0].person_class = match::PersonClass::kReferee;
  assigner.restamp(tracks);
  return tracks[0];
}

}  // namespace touchline::teams
