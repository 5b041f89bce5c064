#include "touchline/evaluate/clip.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/sample_frames.h"
#include "touchline/records/writer.h"

namespace touchline::evaluate {
namespace {

using match::MatchFrame;
using records::kSamplePicture;

MatchFrame truth_frame(std::int64_t index) {
  MatchFrame frame = records::full_sample_frame(index, 20);
  for (auto& track : frame.tracks) track.state = match::State::kDetected;
  return frame;
}

ClipReport compare(const std::vector<MatchFrame>& truth, const std::vector<const MatchFrame*>& run) {
  ClipComparison comparison({}, kSamplePicture);
  for (std::size_t i = 0; i < truth.size(); ++i) comparison.add(truth[i], run[i]);
  return comparison.report();
}

TEST(Clip, TheTruthAgainstItselfIsPerfect) {
  const std::vector<MatchFrame> truth = {truth_frame(98), truth_frame(99), truth_frame(100)};  // a cut before 100
  const ClipReport r = compare(truth, {&truth[0], &truth[1], &truth[2]});
  EXPECT_EQ(r.frames, 3);
  EXPECT_EQ(r.people, 60);
  EXPECT_EQ(r.people_found, 1);
  EXPECT_EQ(r.false_people_per_frame, 0);
  EXPECT_EQ(r.median_position_m, 0);
  EXPECT_EQ(r.role_right, 1);
  EXPECT_EQ(r.team_right, 1);
  EXPECT_EQ(r.id_switches, 0);
  EXPECT_EQ(r.camera_known, 1);
  EXPECT_EQ(r.median_camera_px, 0);
  EXPECT_EQ(r.attack_right, 1);
  EXPECT_EQ(r.turned_shots, 0);
  EXPECT_EQ(r.ball_found, 1);
  EXPECT_EQ(r.ball_found_seen, 0);  // the sample's ball is interpolated
  EXPECT_EQ(r.cuts, 1);
  EXPECT_EQ(r.cuts_missed, 0);
  EXPECT_EQ(r.cuts_invented, 0);
}

TEST(Clip, AMissingFrameMissesEverything) {
  const std::vector<MatchFrame> truth = {truth_frame(0), truth_frame(1)};
  const ClipReport r = compare(truth, {&truth[0], nullptr});
  EXPECT_EQ(r.missing_frames, 1);
  EXPECT_EQ(r.people_found, 0.5);
  EXPECT_EQ(r.camera_known, 0.5);
  EXPECT_EQ(r.ball_found, 0.5);
}

// By hand: of twenty people five are missing, two boxes are invented, one overlaps too little.
TEST(Clip, CountsPeopleByHand) {
  const std::vector<MatchFrame> truth = {truth_frame(0)};
  MatchFrame run = truth[0];
  run.tracks.resize(15);
  const float half = 0.6F * run.tracks[0].box_px.height();
  run.tracks[0].box_px.y0 += half;
  run.tracks[0].box_px.y1 += half;
  for (const float x : {900.0F, 1100.0F}) {
    run.tracks.push_back(run.tracks[1]);
    run.tracks.back().id += 100;
    run.tracks.back().box_px = {x, 0, x + 20, 50};
  }
  const ClipReport r = compare(truth, {&run});
  EXPECT_EQ(r.people_found, 14.0 / 20);
  EXPECT_EQ(r.false_people_per_frame, 3);
}

TEST(Clip, ErrorsOfPlacesAndCameraAreMeasured) {
  const std::vector<MatchFrame> truth = {truth_frame(0)};
  MatchFrame run = truth[0];
  for (auto& track : run.tracks) track.position_m->x += 0.6;
  run.tracks[3].position_m->y += 0.8;
  run.tracks[4].position_m.reset();
  // Three pixels to the right everywhere: multiply from the left by a shift.
  const auto& h = truth[0].pose.camera->image_from_pitch_matrix();
  const geometry::Mat3 shifted = geometry::multiply({1, 0, 3, 0, 1, 0, 0, 0, 1}, h);
  MatchFrame straight_truth = truth[0];
  straight_truth.pose.camera = geometry::PitchCamera::make(h, 0, 1280, 720);
  run.pose.camera = geometry::PitchCamera::make(shifted, 0, 1280, 720);
  run.pose.state = match::PoseState::kHeld;
  const ClipReport r = compare({straight_truth}, {&run});
  EXPECT_NEAR(*r.median_position_m, 0.6, 1e-9);
  EXPECT_EQ(r.positions_known, 19.0 / 20);
  EXPECT_NEAR(*r.median_camera_px, 3, 1e-9);
  EXPECT_NEAR(*r.p90_camera_px, 3, 1e-9);
  EXPECT_EQ(r.camera_measured, 0);
  EXPECT_EQ(r.camera_known, 1);
}

// A camera behind a goal: the run takes the near goal for the left one, the truth calls it the right one.
TEST(Clip, AShotWithThePitchTurnedIsJudgedTurnedAndSaysSo) {
  const std::vector<MatchFrame> truth = {truth_frame(98), truth_frame(99), truth_frame(100)};  // a cut before 100
  std::vector<MatchFrame> run = truth;
  for (std::size_t i : {0U, 1U}) {
    for (auto& track : run[i].tracks) track.position_m = {-track.position_m->x + 0.5, -track.position_m->y};
    const geometry::Mat3 half_circle = {-1, 0, 0, 0, -1, 0, 0, 0, 1};
    const auto& camera = *truth[i].pose.camera;
    run[i].pose.camera = geometry::PitchCamera::make(geometry::multiply(camera.image_from_pitch_matrix(), half_circle),
                                                     camera.k1(), kSamplePicture.width_px, kSamplePicture.height_px);
    run[i].attack.a = -truth[i].attack.a;
  }
  const ClipReport r = compare(truth, {&run[0], &run[1], &run[2]});
  EXPECT_EQ(r.turned_shots, 1);
  EXPECT_NEAR(*r.median_position_m, 0.5, 1e-9);
  EXPECT_NEAR(*r.median_camera_px, 0, 1e-6);
  EXPECT_EQ(r.attack_right, 1);
  EXPECT_EQ(r.cuts, 1);
}

TEST(Clip, ExchangedTeamNamesAreWrong) {
  const std::vector<MatchFrame> truth = {truth_frame(0)};
  MatchFrame run = truth[0];
  for (auto& track : run.tracks) {
    if (track.team.team == match::Team::kA) {
      track.team.team = match::Team::kB;
    } else if (track.team.team == match::Team::kB) {
      track.team.team = match::Team::kA;
    }
  }
  EXPECT_EQ(compare(truth, {&run}).team_right, 0);
  run.attack.a = -1;
  EXPECT_EQ(compare(truth, {&run}).attack_right, 0);
}

TEST(Clip, IdSwitchesCountInsideShotsOnly) {
  const std::vector<MatchFrame> truth = {truth_frame(98), truth_frame(99), truth_frame(100), truth_frame(101)};
  std::vector<MatchFrame> run = truth;
  run[1].tracks[5].id = 77;  // one switch
  for (std::size_t i = 2; i < 4; ++i) {
    for (auto& track : run[i].tracks) track.id += 1000;  // new ids after the cut: none
  }
  EXPECT_EQ(compare(truth, {&run[0], &run[1], &run[2], &run[3]}).id_switches, 1);
}

TEST(Clip, CutsAreMissedInventedOrNear) {
  std::vector<MatchFrame> truth;
  for (int i = 0; i < 30; ++i) {
    truth.push_back(records::empty_sample_frame(i));
    truth.back().shot = i >= 20 ? 2 : i >= 10 ? 1 : 0;
  }
  std::vector<MatchFrame> run = truth;
  for (int i = 0; i < 30; ++i) run[static_cast<std::size_t>(i)].shot = i >= 25 ? 2 : i >= 11 ? 1 : 0;
  std::vector<const MatchFrame*> pointers;
  for (const auto& frame : run) pointers.push_back(&frame);
  const ClipReport r = compare(truth, pointers);
  EXPECT_EQ(r.cuts, 2);
  EXPECT_EQ(r.cuts_missed, 1);
  EXPECT_EQ(r.cuts_invented, 1);
}

TEST(Clip, BallsAreFoundMissedOrFalse) {
  std::vector<MatchFrame> truth(4, truth_frame(0));
  truth[3].ball.reset();
  std::vector<MatchFrame> run = truth;
  run[0].ball->state = match::State::kDetected;
  run[0].ball->point_px.x += 6;
  run[1].ball->point_px.x += 11;
  run[2].ball.reset();
  run[3].ball = run[0].ball;
  const ClipReport r = compare(truth, {&run[0], &run[1], &run[2], &run[3]});
  EXPECT_EQ(r.ball_frames, 3);
  EXPECT_EQ(r.ball_found, 1.0 / 3);
  EXPECT_EQ(r.ball_found_seen, 1.0 / 3);
  EXPECT_NEAR(*r.median_ball_px, 8.5, 1e-9);
  EXPECT_EQ(r.false_ball_frames, 1);
}

TEST(Clip, ReadsARunsFolder) {
  namespace fs = std::filesystem;
  const tests::TempPath scratch;
  const fs::path folder = scratch.path();
  records::RecordOptions options;
  options.picture = kSamplePicture;
  records::RecordWriter writer(folder, options);
  for (const int i : {0, 1, 3, 4, 5}) writer.write(truth_frame(i));
  records::Summary summary;
  summary.picture = kSamplePicture;
  writer.finish(summary);
  const std::string truth_path = (folder / "truth.jsonl").string();
  {
    std::string lines;
    for (int i = 0; i < 5; ++i) records::append_json_line(lines, truth_frame(i));
    std::ofstream(truth_path) << lines;
  }
  const ClipReport r = evaluate_clip_folder(folder.string(), truth_path, {});
  EXPECT_EQ(r.frames, 5);
  EXPECT_EQ(r.missing_frames, 1);
  EXPECT_EQ(r.extra_frames, 1);
  EXPECT_EQ(r.people_found, 0.8);
  EXPECT_NE(to_text(r).find("people found"), std::string::npos);
  EXPECT_NE(to_json(r).find("\"people_found\": 0.8"), std::string::npos);
  EXPECT_THROW(evaluate_clip_folder((folder / "nowhere").string(), truth_path, {}), base::Error);
  fs::remove_all(folder);
}

TEST(Clip, NothingToJudgeIsEmptyAndPrintable) {
  const ClipReport r = compare({}, {});
  EXPECT_FALSE(r.people_found || r.camera_known || r.ball_found || r.median_camera_px);
  EXPECT_NE(to_text(r).find("-"), std::string::npos);
  EXPECT_NE(to_json(r).find("\"people_found\": null"), std::string::npos);
}

TEST(Clip, BrokenOptionsThrow) {
  ClipOptions options;
  options.person_iou = 0;
  EXPECT_THROW(ClipComparison(options, kSamplePicture), base::Error);
  EXPECT_THROW(ClipComparison({}, {0, 0}), base::Error);
}

}  // namespace
}  // namespace touchline::evaluate
