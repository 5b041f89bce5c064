#include "touchline/teams/team_assigner.h"

#include <gtest/gtest.h>

#include <vector>

#include "touchline/base/error.h"
#include "touchline/teams/test_match.h"

namespace touchline::teams {
namespace {

using match::PersonClass;
using match::Team;

Team expected_team(std::int64_t id) {
  if (id == 23) return Team::kNone;
  return id <= 10 || id == 21 ? Team::kA : Team::kB;
}

TEST(TeamAssigner, EveryoneHasTheRightTeamOnceNamed) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 100; ++frame) {
    auto tracks = match.frame();
    assigner.update(tracks, {}, frame * kFrame_s);
    if (frame * kFrame_s < 0.81) continue;
    for (const auto& track : tracks) {
      EXPECT_EQ(track.team.team, expected_team(track.id)) << "id " << track.id << " frame " << frame;
      if (track.team.team != Team::kNone && track.person_class == PersonClass::kPlayer) {
        EXPECT_GT(track.team.confidence, 0.5F);
      }
    }
  }
  EXPECT_EQ(assigner.attack().a, 1);
  EXPECT_EQ(assigner.attack().b(), -1);
}

TEST(TeamAssigner, FramesInTheRingGetTheirTeamsWithinASecond) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame <= 24; ++frame) {
    auto tracks = match.frame();
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (std::int64_t id = 1; id <= 23; ++id) EXPECT_EQ(known_now(assigner, id).team.team, expected_team(id)) << id;
  const auto stranger = known_now(assigner, 99);
  EXPECT_EQ(stranger.team.team, Team::kNone);
  EXPECT_EQ(stranger.person_class, PersonClass::kReferee) << "what nobody knows stays as it is";
}

TEST(TeamAssigner, ATheTeamAtTheLeftGoalWhicheverKitComesFirst) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 100; ++frame) {
    tracks = match.frame();
    for (auto& track : tracks) {
      track.position_m->x = -track.position_m->x;
      track.position_m->y = -track.position_m->y;
    }
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (const auto& track : tracks) {
    if (track.person_class != PersonClass::kPlayer) continue;
    EXPECT_EQ(track.team.team, track.id <= 10 ? Team::kB : Team::kA) << track.id;
  }
  EXPECT_EQ(assigner.attack().a, 1);
}

TEST(TeamAssigner, NamesStayWhenTheTeamsChangeEnds) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 100; ++frame) {
    tracks = match.frame();
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  assigner.cut();
  EXPECT_EQ(assigner.attack().a, 0);
  for (int frame = 100; frame < 200; ++frame) {
    tracks = match.frame();
    for (auto& track : tracks) {
      track.id += 100;
      track.position_m->x = -track.position_m->x;
    }
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (const auto& track : tracks) {
    if (track.person_class != PersonClass::kPlayer) continue;
    EXPECT_EQ(track.team.team, expected_team(track.id - 100));
  }
  EXPECT_EQ(assigner.attack().a, -1);
}

TEST(TeamAssigner, CrossingPlayersKeepTheirTeams) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 150; ++frame) {
    auto tracks = match.frame();
    if (frame >= 60 && frame < 80) {
      // Players 1 and 11 overlap, and each box shows mostly the other's shirt.
      tracks[10].box_px = tracks[0].box_px;
      tracks[10].box_px.x0 += 4;
      tracks[10].box_px.x1 += 4;
      std::swap(tracks[0].kit, tracks[10].kit);
    }
    assigner.update(tracks, {}, frame * kFrame_s);
    if (frame < 25) continue;
    EXPECT_EQ(tracks[0].team.team, Team::kA) << frame;
    EXPECT_EQ(tracks[10].team.team, Team::kB) << frame;
  }
}

TEST(TeamAssigner, AnIdThatChangedItsPlayerFollowsInTime) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 250; ++frame) {
    auto tracks = match.frame();
    if (frame >= 100) std::swap(tracks[0].kit, tracks[10].kit);
    assigner.update(tracks, {}, frame * kFrame_s);
    if (frame <= 220) continue;
    EXPECT_EQ(tracks[0].team.team, Team::kB);
  }
}

TEST(TeamAssigner, APlayerInTheRefereesColourHasNoTeam) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 60; ++frame) {
    tracks = match.frame();
    match::Track second = tracks.back();
    second.id = 24;
    second.person_class = PersonClass::kPlayer;
    second.box_px = {100, 100, 114, 140};
    tracks.push_back(second);
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  EXPECT_EQ(tracks.back().team.team, Team::kNone);
}

TEST(TeamAssigner, AShirtLikeNeitherTeamsHasNoTeam) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 60; ++frame) {
    tracks = match.frame();
    match::Track stranger = tracks[20];  // somebody in orange at the halfway line, where the referee is another
    stranger.id = 24;
    stranger.person_class = PersonClass::kPlayer;
    stranger.box_px = {100, 100, 114, 140};
    stranger.position_m = geometry::PitchPoint{0, -20};
    tracks.push_back(stranger);
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  EXPECT_EQ(tracks.back().team.team, Team::kNone);
}

TEST(TeamAssigner, OfficialsAndGoalkeepersDoNotBecomeATeam) {
  // Team b is in the picture with three players only; five people in yellow and orange outnumber it.
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 250; ++frame) {
    tracks = match.frame();
    if (frame >= 50) {
      for (std::size_t i = 13; i < 20; ++i) tracks[i].state = match::State::kHeld;
      for (int extra = 0; extra < 4; ++extra) {
        match::Track official = tracks[22];
        official.id = 40 + extra;
        official.box_px = {100.0F + 50 * static_cast<float>(extra), 100, 114.0F + 50 * static_cast<float>(extra), 140};
        official.position_m = geometry::PitchPoint{10.0 * extra, 35};
        tracks.push_back(official);
      }
    }
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(tracks[i].team.team, expected_team(tracks[i].id)) << i;
}

TEST(TeamAssigner, WithoutACameraTheLeftOnesAreA) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 60; ++frame) {
    tracks = match.frame(false);
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (const auto& track : tracks) {
    if (track.person_class == PersonClass::kReferee) continue;
    const bool keeper = track.person_class == PersonClass::kGoalkeeper;
    EXPECT_EQ(track.team.team, keeper ? Team::kNone : expected_team(track.id));
  }
  EXPECT_EQ(assigner.attack().a, 0);
}

TEST(TeamAssigner, OneTeamAloneIsNotSplit) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 60; ++frame) {
    auto tracks = match.frame();
    tracks.resize(10);
    assigner.update(tracks, {}, frame * kFrame_s);
    for (const auto& track : tracks) EXPECT_EQ(track.team.team, Team::kNone);
  }
}

TEST(TeamAssigner, NobodyThereAndTimeThatJumps) {
  TeamAssigner assigner;
  std::vector<match::Track> nobody;
  assigner.update(nobody, {}, 0);
  assigner.update(nobody, {}, 1000);
  assigner.update(nobody, {}, 3);
  EXPECT_EQ(assigner.attack().a, 0);
}

TEST(TeamAssigner, UnseenTracksAreForgotten) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 50; ++frame) {
    auto tracks = match.frame();
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  EXPECT_EQ(known_now(assigner, 1).team.team, Team::kA);
  std::vector<match::Track> nobody;
  assigner.update(nobody, {}, 50 * kFrame_s + 11);
  EXPECT_EQ(known_now(assigner, 1).team.team, Team::kNone);
}

TEST(TeamAssigner, RefusesBrokenOptions) {
  TeamOptions options;
  options.memory_s = 0;
  EXPECT_THROW(TeamAssigner{options}, base::Error);
  options = {};
  options.min_weight = 2;
  EXPECT_THROW(TeamAssigner{options}, base::Error);
  options = {};
  options.roles.keeper_m = 0;
  EXPECT_THROW(TeamAssigner{options}, base::Error);
  options = {};
  options.kits.separation = 0;
  EXPECT_THROW(TeamAssigner{options}, base::Error);
}

}  // namespace
}  // namespace touchline::teams
