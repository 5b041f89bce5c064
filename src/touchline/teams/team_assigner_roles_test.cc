// Roles of people over many frames; how one frame's evidence is weighed: roles_test.cc.

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "touchline/teams/team_assigner.h"
#include "touchline/teams/test_match.h"

namespace touchline::teams {
namespace {

using match::PersonClass;
using match::Team;

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

}  // namespace
}  // namespace touchline::teams
