// A made-up match in, records and video out: the main job from the command line.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/cli/run_cli.h"
#include "touchline/evaluate/clip.h"
#include "touchline/match/pitch_model.h"
#include "touchline/records/json_lines.h"

namespace touchline::tests {
namespace {

namespace fs = std::filesystem;

/// One clip for all tests of this file: 2 shots, 50 frames.
class MadeUpMatch : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder() = fresh_folder();
    const auto result = run_cli("synth --seed 11 --size 960x540 --duration 2 --shots 2 --out '" + clip() +
                                "' --truth '" + truth() + "'");
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  }
  static void TearDownTestSuite() { fs::remove_all(folder()); }
  static fs::path& folder() {
    static fs::path path;
    return path;
  }
  static std::string clip() { return (folder() / "match.mp4").string(); }
  static std::string truth() { return (folder() / "truth.jsonl").string(); }
};

TEST_F(MadeUpMatch, EveryResultIsThereAndAgreesWithTheTruth) {
  const auto out = folder() / "all";
  const auto result = run_cli("analyze '" + clip() + "' --out '" + out.string() +
                                  "' --size 960 --stride 2 --formats jsonl,csv,mot,coco,scorevision",
                              240);
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  for (const char* name : {"annotated.mp4", "frames.jsonl", "tracks.csv", "eval.csv", "mot.txt", "coco.json",
                           "scorevision.json", "summary.json"}) {
    EXPECT_GT(fs::file_size(out / name), 100U) << name;
    EXPECT_NE(result.standard_output.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(lines_of(out / "frames.jsonl"), 50);
  const auto summary = nlohmann::json::parse(text_of(out / "summary.json"));
  EXPECT_TRUE(summary["complete"]);
  EXPECT_EQ(nlohmann::json::parse(text_of(out / "scorevision.json"))["frames"].size(), 50U);
  EXPECT_EQ(nlohmann::json::parse(text_of(out / "coco.json"))["images"].size(), 50U);

  const auto report = evaluate::evaluate_clip_folder(out, truth(), {});
  EXPECT_EQ(report.missing_frames, 0);
  EXPECT_EQ(report.cuts_missed, 0);
  EXPECT_EQ(report.cuts_invented, 0);
  EXPECT_GT(report.people_found.value_or(0), 0.6);
  EXPECT_GT(report.camera_known.value_or(0), 0.9);
  EXPECT_LT(report.median_camera_px.value_or(1e9), 6);
  EXPECT_LT(report.median_position_m.value_or(1e9), 1.5);
}

struct Difference {
  std::vector<double> feet_px;    ///< of each person of the full run to the nearest one of the filled run
  std::vector<double> camera_px;  ///< mean over the pitch's landmarks that the full run's camera sees
};

double median(std::vector<double> values) {
  if (values.empty()) return 1e9;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void compare_people(Difference& difference, const match::MatchFrame& full, const match::MatchFrame& filled) {
  for (const auto& person : full.tracks) {
    if (person.state != match::State::kDetected) continue;
    double nearest = 1e9;
    for (const auto& other : filled.tracks) {
      nearest = std::min(nearest, geometry::distance_px(person.box_px.foot(), other.box_px.foot()));
    }
    difference.feet_px.push_back(nearest);
  }
}

void compare_cameras(Difference& difference, const match::MatchFrame& full, const match::MatchFrame& filled) {
  if (!full.pose.camera || !filled.pose.camera) return;
  double sum = 0;
  int count = 0;
  const match::PitchModel pitch;
  for (const auto& landmark : pitch.landmarks()) {
    const auto a = full.pose.camera->image_from_pitch(landmark);
    const auto b = filled.pose.camera->image_from_pitch(landmark);
    if (!a || !b || a->x < 0 || a->x > 960 || a->y < 0 || a->y > 540) continue;
    sum += geometry::distance_px(*a, *b);
    ++count;
  }
  if (count > 0) difference.camera_px.push_back(sum / count);
}

TEST_F(MadeUpMatch, FilledFramesAgreeWithTheRunThatSawThem) {
  std::vector<std::vector<match::MatchFrame>> runs;
  for (const int stride : {1, 3}) {
    const auto out = folder() / ("stride" + std::to_string(stride));
    const auto result = run_cli("analyze '" + clip() + "' --out '" + out.string() +
                                    "' --size 960 --no-video --formats jsonl --stride " + std::to_string(stride),
                                240);
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
    runs.push_back(records::read_frames((out / "frames.jsonl").string(), {960, 540}));
    ASSERT_EQ(runs.back().size(), 50U);
  }
  Difference difference;
  int filled_cameras = 0;
  for (std::size_t i = 0; i < 50; ++i) {
    if (runs[1][i].pose.state != match::PoseState::kInterpolated) continue;
    ++filled_cameras;
    compare_people(difference, runs[0][i], runs[1][i]);
    compare_cameras(difference, runs[0][i], runs[1][i]);
  }
  // Of 50 frames two in three are skipped, but for the first and last of each shot, which the network always sees.
  EXPECT_GE(filled_cameras, 26);
  const auto near = std::count_if(difference.feet_px.begin(), difference.feet_px.end(), [](double d) { return d < 6; });
  EXPECT_GE(static_cast<double>(near), 0.9 * static_cast<double>(difference.feet_px.size()));
  EXPECT_LT(median(difference.feet_px), 1.5);
  EXPECT_LT(median(difference.camera_px), 0.5);
}

TEST_F(MadeUpMatch, NoVideoAndNoFormats) {
  const auto out = folder() / "least";
  const auto result = run_cli(
      "analyze '" + clip() + "' --out '" + out.string() + "' --size 320 --stride 10 --no-video --formats none", 120);
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  EXPECT_TRUE(fs::exists(out / "summary.json"));
  EXPECT_FALSE(fs::exists(out / "annotated.mp4"));
  EXPECT_FALSE(fs::exists(out / "frames.jsonl"));
}

TEST_F(MadeUpMatch, StandardInputGivesTheSameRecordsAsTheFile) {
  const auto from_file = folder() / "file";
  const auto from_pipe = folder() / "pipe";
  const std::string flags = " --size 320 --stride 5 --no-video --formats mot";
  ASSERT_EQ(run_cli("analyze '" + clip() + "' --out '" + from_file.string() + "'" + flags, 120).exit_status, 0);
  ASSERT_EQ(run_cli("analyze - --out '" + from_pipe.string() + "'" + flags, 120, "cat '" + clip() + "' |").exit_status,
            0);
  EXPECT_EQ(text_of(from_file / "mot.txt"), text_of(from_pipe / "mot.txt"));
  EXPECT_FALSE(text_of(from_file / "mot.txt").empty());
}

TEST_F(MadeUpMatch, SlotsDoNotChangeResults) {
  std::string first;
  for (const int batch : {1, 3}) {
    const auto out = folder() / ("batch" + std::to_string(batch));
    const auto result = run_cli("analyze '" + clip() + "' --out '" + out.string() +
                                    "' --size 320 --stride 5 --no-video --formats mot --batch " + std::to_string(batch),
                                120);
    ASSERT_EQ(result.exit_status, 0) << result.standard_error;
    if (first.empty()) first = text_of(out / "mot.txt");
    EXPECT_EQ(text_of(out / "mot.txt"), first);
  }
}

TEST_F(MadeUpMatch, CtrlCEndsAStalledRunAndKeepsWhatIsFinished) {
  const auto out = folder() / "stopped";
  const std::string bytes = text_of(clip());
  const auto result = interrupt_stalled_analyze(bytes.substr(0, bytes.size() * 3 / 4), out, {"--size", "320"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.standard_error.find("stopped after"), std::string::npos) << result.standard_error;
  const auto summary = nlohmann::json::parse(text_of(out / "summary.json"));
  EXPECT_FALSE(summary["complete"]);
  EXPECT_LT(summary["frames"], 50);
  EXPECT_EQ(summary["frames"], lines_of(out / "frames.jsonl"));
}

TEST_F(MadeUpMatch, FullDiskIsOneSentenceAndKeepsWhatFits) {
  const auto out = folder() / "full";
  fs::create_directories(out);
  fs::create_symlink("/dev/full", out / "frames.jsonl");
  const auto result =
      run_cli("analyze '" + clip() + "' --out '" + out.string() + "' --size 320 --stride 10 --no-video", 120);
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.standard_error.find("No space left"), std::string::npos) << result.standard_error;
  EXPECT_EQ(std::count(result.standard_error.begin(), result.standard_error.end(), '\n'), 1) << result.standard_error;
  EXPECT_TRUE(fs::exists(out / "summary.json"));
}

}  // namespace
}  // namespace touchline::tests
