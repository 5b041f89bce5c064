#include "touchline/records/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/sample_frames.h"

namespace touchline::records {
namespace {

using nlohmann::json;

TEST(TimeHistogram, QuantilesAreWithinTwoPercent) {
  TimeHistogram times;
  for (int i = 1; i <= 1000; ++i) times.add(0.01 * i);
  EXPECT_NEAR(times.mean_ms(), 5.005, 1e-9);
  EXPECT_NEAR(times.quantile_ms(0.5), 5, 0.1);
  EXPECT_NEAR(times.quantile_ms(0.95), 9.5, 0.2);
  EXPECT_EQ(times.max_ms(), 10);
  EXPECT_LE(times.quantile_ms(1), 10);
}

TEST(TimeHistogram, OddTimesDoNoHarm) {
  TimeHistogram times;
  EXPECT_EQ(times.quantile_ms(0.5), 0);
  EXPECT_EQ(times.mean_ms(), 0);
  times.add(-1);
  times.add(std::nan(""));
  EXPECT_EQ(times.count(), 0);
  times.add(0);
  times.add(1e9);
  EXPECT_EQ(times.count(), 2);
  EXPECT_NEAR(times.quantile_ms(0.5), 0.00101, 1e-4);
}

// By hand: four frames, 22, 22, 22 and 0 people.
TEST(RunStatistics, CountsByHand) {
  RunStatistics statistics;
  for (int i = 0; i < 3; ++i) statistics.add(full_sample_frame(i, 22));
  statistics.add(empty_sample_frame(3));
  EXPECT_EQ(statistics.frames(), 4);
  EXPECT_EQ(statistics.median_people(), 22);
  EXPECT_EQ(statistics.camera_frames()[0], 3);
  EXPECT_EQ(statistics.camera_frames()[3], 1);
  EXPECT_EQ(statistics.ball_frames()[1], 3);
  EXPECT_EQ(statistics.possession_frames()[1], 3);
  // Of 22 sample people 7 are referees, 8 goalkeepers without a team, 7 players of team a.
  EXPECT_NEAR(*statistics.team_share(), 7.0 / 15, 1e-12);
  EXPECT_NEAR(*statistics.mean_visible_pitch(), 0.4625, 1e-12);
  EXPECT_EQ(statistics.tracks().size(), 22U);
  ASSERT_EQ(statistics.stages().size(), 2U);
  EXPECT_EQ(statistics.stages()[1].first, "network");
}

TEST(RunStatistics, DistanceIsTheIntegralOfKnownSpeed) {
  RunStatistics statistics;
  for (int i = 0; i < 26; ++i) statistics.add(full_sample_frame(i, 1));  // one second at 5.2 m/s
  EXPECT_NEAR(statistics.tracks().at(1).distance_m, 5.2, 1e-9);
  statistics.add(full_sample_frame(60, 1));  // after a gap of 1.4 s nothing is added
  EXPECT_NEAR(statistics.tracks().at(1).distance_m, 5.2, 1e-9);
  EXPECT_EQ(statistics.tracks().at(1).top_speed_mps, 5.2);
}

TEST(RunStatistics, ShortStaysAreCountedButNotKept) {
  RunStatistics statistics;
  for (int i = 0; i < 4000; ++i) {
    match::MatchFrame frame = full_sample_frame(i, 2);
    frame.tracks[1].id = 1000 + i;  // somebody new in every frame, 25 frames a second
    statistics.add(frame);
  }
  EXPECT_EQ(statistics.ids(), 4001);
  // One long stay, and what was seen in the last 60 s and the 250 frames since the last look.
  EXPECT_LE(statistics.tracks().size(), 1U + 60 * 25 + 250);
  EXPECT_EQ(statistics.tracks().begin()->second.frames, 4000);
}

TEST(RunStatistics, ShotsAreListed) {
  RunStatistics statistics;
  for (const int i : {98, 99, 100, 101}) statistics.add(full_sample_frame(i, 0));
  ASSERT_EQ(statistics.shots().size(), 2U);
  EXPECT_EQ(statistics.shots()[0].last_frame, 99);
  EXPECT_EQ(statistics.shots()[1].first_frame, 100);
}

TEST(Summary, TellsTheRun) {
  RunStatistics statistics;
  for (int i = 0; i < 30; ++i) statistics.add(full_sample_frame(i, 22));
  for (int i = 30; i < 40; ++i) statistics.add(empty_sample_frame(i));
  Summary summary;
  summary.version = "0.1.0";
  summary.input = "a \xff clip.mp4";  // a name that is no UTF-8 must not break the file
  summary.picture = kSamplePicture;
  summary.wall_s = 0.5;
  summary.settings = {{"stride", "1"}};
  summary.damage = {{"damaged packets", 3}};
  const json parsed = json::parse(to_json(summary, statistics));
  EXPECT_EQ(parsed["frames"], 40);
  EXPECT_EQ(parsed["camera"]["measured"], 0.75);
  EXPECT_EQ(parsed["camera"]["none"], 0.25);
  EXPECT_EQ(parsed["ball"]["detected"], 0);
  EXPECT_EQ(parsed["ball"]["interpolated"], 0.75);
  EXPECT_EQ(parsed["ball"]["none"], 0.25);
  EXPECT_EQ(parsed["possession"]["a"], 0.75);
  EXPECT_EQ(parsed["people"]["median_per_frame"], 22);
  EXPECT_EQ(parsed["timings"]["frames_per_s"], 80);
  EXPECT_EQ(parsed["timings"]["stages"][0]["stage"], "decode");
  EXPECT_EQ(parsed["settings"]["stride"], "1");
  EXPECT_EQ(parsed["input"]["damage"]["damaged packets"], 3);
  EXPECT_TRUE(parsed["input"]["codec"].is_null());
  EXPECT_EQ(parsed["tracks"].size(), 22U);
  EXPECT_EQ(parsed["complete"], true);
}

TEST(Summary, PictureSizeIsReadBackOrRefused) {
  const tests::TempPath scratch(".json");
  const std::string& path = scratch.str();
  Summary summary;
  summary.picture = {848, 478};
  std::ofstream(path) << to_json(summary, {});
  EXPECT_EQ(read_picture_size(path).width_px, 848);
  EXPECT_EQ(read_picture_size(path).height_px, 478);
  for (const char* text : {"", "[]", "{}", R"({"input":{"picture_px":null}})", R"({"input":{"picture_px":[0,5]}})",
                           R"({"input":{"picture_px":[5,5,5]}})", R"({"input":{"picture_px":[5.5,-5]}})"}) {
    std::ofstream(path, std::ios::trunc) << text;
    EXPECT_THROW(read_picture_size(path), base::Error) << text;
  }
  std::filesystem::remove(path);
  EXPECT_THROW(read_picture_size(path), base::Error);
}

}  // namespace
}  // namespace touchline::records
