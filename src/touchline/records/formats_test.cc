#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/csv.h"
#include "touchline/records/mot.h"
#include "touchline/records/names.h"
#include "touchline/records/sample_frames.h"
#include "touchline/records/score_vision.h"

namespace touchline::records {
namespace {

using geometry::ImagePoint;
using nlohmann::json;

TEST(Csv, OneRowForEachPersonAndTheBall) {
  auto frame = full_sample_frame(120, 1);
  frame.tracks[0].team = {match::Team::kB, 0.5F};
  frame.tracks[0].speed_mps.reset();
  std::string text;
  append_tracks_csv(text, frame);
  EXPECT_EQ(text,
            "120,4.8,1,1,goalkeeper,b,0.5,detected,0.875,10.25,200.75,31.75,253,-40.12,12.34,\n"
            "120,4.8,1,,ball,,,interpolated,0.5,637,357,646,366,1.25,-0.5,\n");
}

TEST(Csv, EveryRowHasTheHeadersFields) {
  const auto commas = [](std::string_view text) { return std::count(text.begin(), text.end(), ','); };
  for (const auto& frame : {full_sample_frame(3, 2), empty_sample_frame(3)}) {
    std::string eval;
    append_eval_csv(eval, frame);
    EXPECT_EQ(commas(eval), commas(eval_csv_header()));
    std::string tracks;
    append_tracks_csv(tracks, frame);
    EXPECT_EQ(commas(tracks), commas(tracks_csv_header()) * std::count(tracks.begin(), tracks.end(), '\n'));
  }
}

TEST(Csv, EvalRowsLeaveTheUnknownEmpty) {
  std::string text;
  append_eval_csv(text, full_sample_frame(120, 1));
  append_eval_csv(text, empty_sample_frame(121));
  EXPECT_EQ(text,
            "120,4.8,1,a,0.4625,0.5412,0.4588,0.2101,0.1702,18.25,0.834,0.0824,0.1049,,-0.125\n"
            "121,4.84,0,,,,,,,,,,,,\n");
}

TEST(Mot, RowsCountFramesFromOne) {
  std::string text;
  append_mot(text, full_sample_frame(0, 1));
  EXPECT_EQ(text, "1,1,10.25,200.75,21.5,52.25,0.875,-1,-1,-1\n");
  const MotRow row = parse_mot_row("1,1,10.25,200.75,21.5,52.25,0.875,-1,-1,-1");
  EXPECT_EQ(row.frame, 1);
  EXPECT_EQ(row.id, 1);
  EXPECT_EQ(row.box_px, full_sample_frame(0, 1).tracks[0].box_px);
  EXPECT_EQ(row.confidence, 0.875);
}

TEST(Mot, ForeignRowsAreUnderstoodOrRefused) {
  EXPECT_EQ(parse_mot_row("365, 12, 1, 2, 3, 4").confidence, 1);
  EXPECT_EQ(parse_mot_row("365,12.0,-1,2,3,4,1,1,1\r").id, 12);
  for (const char* row : {"1,2,3,4,5", "1,2,3,4,5,x", "1.5,2,3,4,5,6", "1,2,3,4,-5,6", "1,2,3,4,inf,6",
                          "1e99,2,3,4,5,6", "1,2,1e30,4,5,6", "", ","}) {
    EXPECT_THROW(parse_mot_row(row), base::Error) << row;
  }
}

TEST(Mot, ErrorsNameFileAndLine) {
  const tests::TempPath scratch(".txt");
  const std::string& path = scratch.str();
  std::ofstream(path) << "1,1,0,0,5,5,1\n\n1,1,0,0,5\n";
  try {
    read_mot(path);
    ADD_FAILURE();
  } catch (const base::Error& error) {
    EXPECT_EQ(std::string(error.what()), path + ":3: a row needs at least 6 fields");
  }
  std::filesystem::remove(path);
  EXPECT_THROW(read_mot(path), base::Error);
}

TEST(Mot, RealTracksAreReadable) {
  const std::filesystem::path folder = std::filesystem::path(TOUCHLINE_SHARED_DIR) / "data" / "tracking";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no tracks in " << folder;
  const auto rows = read_mot((folder / "sportsmot_1yHWGw8DH4A_c047_gt.txt").string());
  EXPECT_GT(rows.size(), 1000U);
}

TEST(Names, EveryWordLeadsBackToItsValue) {
  for (const auto value :
       {match::PersonClass::kGoalkeeper, match::PersonClass::kPlayer, match::PersonClass::kReferee}) {
    EXPECT_EQ(person_class_named(name_of(value)), value);
  }
  for (const auto value : {match::PoseState::kMeasured, match::PoseState::kInterpolated, match::PoseState::kHeld,
                           match::PoseState::kNone}) {
    EXPECT_EQ(pose_state_named(name_of(value)), value);
  }
  EXPECT_EQ(name_of(match::Team::kNone), "");
  EXPECT_FALSE(team_named("").has_value());
  EXPECT_EQ(possession_named("contested"), match::Possession::kContested);
}

// SciPy's least squares over the ten landmarks inside the sample picture, template vertices through the result.
TEST(ScoreVision, PointsAgreeWithSciPy) {
  const auto frame = full_sample_frame(0, 0);
  const auto points = score_vision_points(frame.pose.camera, match::PitchModel(), kSamplePicture);
  const std::vector<std::pair<std::size_t, ImagePoint>> expected = {
      {14, {641.55632133, 145.56478139}}, {15, {640.51890111, 249.77509544}}, {16, {639.42097702, 360.06310763}},
      {17, {636.78924486, 624.42428933}}, {31, {496.90729834, 299.7909837}},  {32, {783.12865747, 299.78663697}},
      {10, {125.22195668, 198.43711048}}, {18, {1156.75918973, 198.43693026}}};
  for (const auto& [number, point] : expected) {
    EXPECT_LT(geometry::distance_px(points[number - 1], point), 0.05) << number;
  }
  EXPECT_EQ(points[0], (ImagePoint{0, 0}));  // outside the picture
}

TEST(ScoreVision, WithoutACameraAllPointsAreMissing) {
  for (const auto& point : score_vision_points(std::nullopt, match::PitchModel(), kSamplePicture)) {
    EXPECT_EQ(point, (ImagePoint{0, 0}));
  }
}

TEST(ScoreVision, FewVisibleLandmarksStillGiveACalmAnswer) {
  // A narrow view of the centre circle's right edge: one landmark, 32, in the picture.
  const auto camera = geometry::PitchCamera::make({60, 0, 91, 0, -60, 360, 0, 0, 1}, 0, 1280, 720);
  const auto h = score_vision_homography(*camera, match::PitchModel(), kSamplePicture);
  ASSERT_TRUE(h.has_value());
  const auto q = geometry::apply(*h, 6915, 3500);
  const auto landmark = camera->image_from_pitch({9.15, 0});
  EXPECT_LT(geometry::distance_px({q[0] / q[2], q[1] / q[2]}, *landmark), 1);
  const auto nothing = geometry::PitchCamera::make({60, 0, 2000, 0, -60, 3600, 0, 0, 1}, 0, 1280, 720);
  EXPECT_FALSE(score_vision_homography(*nothing, match::PitchModel(), kSamplePicture).has_value());
}

TEST(ScoreVision, FramesHaveTheProtocolsForm) {
  auto frame = full_sample_frame(7, 3);
  std::string text;
  append_score_vision_frame(text, frame, match::PitchModel(), kSamplePicture);
  const json parsed = json::parse(text);
  EXPECT_EQ(parsed["frame_number"], 7);
  EXPECT_EQ(parsed["keypoints"].size(), 32U);
  EXPECT_EQ(parsed["keypoints"][0], json({0, 0}));
  ASSERT_EQ(parsed["objects"].size(), 4U);
  EXPECT_EQ(parsed["objects"][0], json({{"id", 1}, {"bbox", {10.25, 200.75, 31.75, 253}}, {"class_id", 1}}));
  EXPECT_EQ(parsed["objects"][1]["class_id"], 2);
  EXPECT_EQ(parsed["objects"][2]["class_id"], 3);
  EXPECT_EQ(parsed["objects"][3], json({{"id", 0}, {"bbox", {637, 357, 646, 366}}, {"class_id", 0}}));
}

}  // namespace
}  // namespace touchline::records
