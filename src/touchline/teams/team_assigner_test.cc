#include "touchline/teams/team_assigner.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

using match::PersonClass;
using match::Team;

constexpr double kFrame_s = 0.04;
constexpr std::array<float, 3> kWhite = {90, 0, 5};
constexpr std::array<float, 3> kBlack = {20, 2, -3};
constexpr std::array<float, 3> kYellow = {75, -5, 60};
constexpr std::array<float, 3> kOrange = {65, 45, 60};
constexpr std::array<float, 3> kPink = {70, 50, -10};

/// A match of 22 and a referee, ids 1 to 10 white (defending left), 11 to 20 black, 21 and 22 their goalkeepers, 23 the
/// referee.
class Match {
 public:
  std::vector<match::Track> frame(bool with_places = true) {
    std::vector<match::Track> tracks;
    for (int i = 0; i < 10; ++i) tracks.push_back(person(1 + i, kWhite, PersonClass::kPlayer, -12 + 3 * i, 6 * i - 27));
    for (int i = 0; i < 10; ++i) tracks.push_back(person(11 + i, kBlack, PersonClass::kPlayer, -6 + 3 * i, 6 * i - 25));
    tracks.push_back(person(21, kOrange, PersonClass::kGoalkeeper, -49, 1));
    tracks.push_back(person(22, kPink, PersonClass::kGoalkeeper, 48, -2));
    tracks.push_back(person(23, kYellow, PersonClass::kReferee, -3, 14));
    if (!with_places) {
      for (auto& track : tracks) track.position_m.reset();
    }
    return tracks;
  }

 private:
  match::Track person(std::int64_t id, std::array<float, 3> lab, PersonClass person_class, double x, double y) {
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

Team expected_team(std::int64_t id) {
  if (id == 23) return Team::kNone;
  return id <= 10 || id == 21 ? Team::kA : Team::kB;
}

match::Track known_now(TeamAssigner& assigner, std::int64_t id) {
  std::vector<match::Track> tracks(1);
  tracks[0].id = id;
  tracks[0].person_class = PersonClass::kReferee;
  assigner.restamp(tracks);
  return tracks[0];
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

TEST(TeamAssigner, AGoalkeeperTakenForAPlayerIsFoundByShirtAndPlace) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 100; ++frame) {
    tracks = match.frame();
    tracks[20].person_class = PersonClass::kPlayer;
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  EXPECT_EQ(tracks[20].person_class, PersonClass::kGoalkeeper);
  EXPECT_EQ(tracks[20].team.team, Team::kA);
}

TEST(TeamAssigner, DarkPlayersTakenForRefereesArePlayersOfTheirTeam) {
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> tracks;
  for (int frame = 0; frame < 60; ++frame) {
    tracks = match.frame();
    for (std::size_t i = 10; i < 16; ++i) {
      tracks[i].person_class = PersonClass::kReferee;
      tracks[i].class_share = {0, 0.4F, 0.6F};
    }
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  for (std::size_t i = 10; i < 16; ++i) {
    EXPECT_EQ(tracks[i].person_class, PersonClass::kPlayer) << i;
    EXPECT_EQ(tracks[i].team.team, Team::kB) << i;
  }
  EXPECT_EQ(tracks[22].person_class, PersonClass::kReferee);
}

TEST(TeamAssigner, TheRefereeTakenForAPlayerIsFoundByHisShirtAmongManyWithoutACameraToo) {
  for (const bool with_places : {true, false}) {
    Match match;
    TeamAssigner assigner;
    std::vector<match::Track> tracks;
    for (int frame = 0; frame < 60; ++frame) {
      tracks = match.frame(with_places);
      tracks[22].person_class = PersonClass::kPlayer;
      tracks[22].class_share = {0, 0.8F, 0.2F};
      assigner.update(tracks, {}, frame * kFrame_s);
    }
    EXPECT_EQ(tracks[22].person_class, PersonClass::kReferee) << with_places;
    EXPECT_EQ(known_now(assigner, 23).person_class, PersonClass::kReferee) << with_places;
  }
}

TEST(TeamAssigner, AnOddShirtSaysLittleOfWhoIsSeenInCloseUpsAlone) {
  // Three of either kit, and a player in the referee's colour of whom the detector is sure.
  const std::vector<std::size_t> few = {0, 1, 2, 10, 11, 12, 22};
  for (const bool was_on_pitch : {false, true}) {
    Match match;
    TeamAssigner assigner;
    std::vector<match::Track> tracks;
    for (int frame = 0; frame < 60; ++frame) {
      const auto all = match.frame(was_on_pitch && frame < 5);
      tracks.clear();
      for (const std::size_t i : few) tracks.push_back(all[i]);
      tracks.back().person_class = PersonClass::kPlayer;
      tracks.back().class_share = {0, 0.9F, 0.1F};
      assigner.update(tracks, {}, frame * kFrame_s);
    }
    EXPECT_EQ(tracks.back().person_class, was_on_pitch ? PersonClass::kReferee : PersonClass::kPlayer);
    EXPECT_NE(tracks.front().team.team, Team::kNone) << "a shirt like a team's tells its player";
    EXPECT_NE(tracks.front().team.team, tracks[3].team.team);
  }
}

TEST(TeamAssigner, AGoalPostIsNoPersonAndAKeeperBesideItIs) {
  Match match;
  TeamAssigner assigner;
  for (int frame = 0; frame < 60; ++frame) {
    auto tracks = match.frame();
    match::Track post = tracks[21];
    post.id = 30;
    post.score = 0.45F;
    post.position_m = geometry::PitchPoint{52.3, 3.4};
    post.box_px = {1220, 330, 1232, 372};
    tracks[21].position_m = geometry::PitchPoint{52, -3.2};  // the goalkeeper stands at the other one, and is seen well
    tracks.push_back(post);
    assigner.update(tracks, {}, frame * kFrame_s);
    EXPECT_EQ(assigner.is_person(30), frame < 11) << frame;
    EXPECT_TRUE(assigner.is_person(22));
  }
  EXPECT_EQ(known_now(assigner, 22).person_class, PersonClass::kGoalkeeper);
  EXPECT_TRUE(assigner.is_person(99)) << "nobody knows him";
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

TEST(TeamAssigner, AWrittenFrameHasOneGoalkeeperAtAGoal) {
  // A camera behind the net passes for the goalkeeper while he is out of the picture; he comes back when it has gone.
  Match match;
  TeamAssigner assigner;
  std::vector<match::Track> waiting;
  for (int frame = 0; frame < 100; ++frame) {
    auto tracks = match.frame();
    auto camera = tracks[20];
    camera.id = 77;
    camera.position_m = geometry::PitchPoint{-53, -0.5};
    camera.class_share = {0.6F, 0.4F, 0};
    if (frame == 50) {
      waiting = tracks;
      waiting.push_back(camera);
    }
    if (frame < 75) {
      tracks[20] = camera;
    }
    assigner.update(tracks, {}, frame * kFrame_s);
  }
  ASSERT_EQ(known_now(assigner, 21).person_class, PersonClass::kGoalkeeper);
  ASSERT_EQ(known_now(assigner, 77).person_class, PersonClass::kGoalkeeper);
  assigner.restamp(waiting);
  EXPECT_EQ(waiting[20].person_class, PersonClass::kGoalkeeper);
  EXPECT_EQ(waiting.back().person_class, PersonClass::kPlayer);
  EXPECT_EQ(waiting[21].person_class, PersonClass::kGoalkeeper) << "the other goal's";
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(waiting[i].person_class, PersonClass::kPlayer) << i;
  EXPECT_EQ(known_now(assigner, 77).person_class, PersonClass::kGoalkeeper) << "what is known stays";
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
