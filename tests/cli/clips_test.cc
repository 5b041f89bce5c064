// Real match footage from cameras of every kind; development data that is not part of the project.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "tests/cli/run_cli.h"

namespace touchline::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoClips = "the development clips are not on this machine";

/// A clip's records in a folder of their own, or nothing where the development clips are not on this machine.
std::optional<fs::path> analyzed(const std::string& name, const std::string& flags) {
  const fs::path clip = fs::path(TOUCHLINE_SHARED_DIR) / "data/clips" / (name + ".mp4");
  if (!fs::exists(clip)) return std::nullopt;
  const auto out = fresh_folder();
  const auto result = run_cli("analyze '" + clip.string() + "' --out '" + out.string() + "' --no-video " + flags, 300);
  EXPECT_EQ(result.exit_status, 0) << result.standard_error;
  return out;
}

struct Clip {
  const char* name;
  int frames;  ///< what ffprobe -count_frames says
};

class RealClip : public testing::TestWithParam<Clip> {};

TEST_P(RealClip, RunsToTheEndWithARecordForEveryFrame) {
  const auto out = analyzed(GetParam().name, "--size 640 --stride 10");
  if (!out) GTEST_SKIP() << kNoClips;
  EXPECT_EQ(lines_of(*out / "frames.jsonl"), GetParam().frames);
  const auto summary = nlohmann::json::parse(text_of(*out / "summary.json"));
  EXPECT_EQ(summary["frames"], GetParam().frames);
  fs::remove_all(*out);
}

INSTANTIATE_TEST_SUITE_P(All, RealClip,
                         testing::Values(Clip{"broadcast_720p25", 817}, Clip{"scouting_480p25", 169},
                                         Clip{"goalmouth_720p50", 302}, Clip{"tactical_720p30", 442},
                                         Clip{"static_hevc_3072x1728p25", 250}, Clip{"portrait_720x1280p25", 506},
                                         Clip{"closeups_1080p25", 242}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(RealClip, CloseUpsHaveNoCameraAndOneCut) {
  const auto out = analyzed("closeups_1080p25", "--size 640 --stride 5");
  if (!out) GTEST_SKIP() << kNoClips;
  const std::string records = text_of(*out / "frames.jsonl");
  EXPECT_EQ(records.find("\"state\":\"measured\",\"image_from_pitch\""), std::string::npos);
  EXPECT_NE(records.find("\"shot\":1"), std::string::npos);
  EXPECT_EQ(records.find("\"shot\":2"), std::string::npos);
  fs::remove_all(*out);
}

class LargeInput : public testing::TestWithParam<int> {};

// At 1280 and 960 px the network alone sees two or three of nine points; a second look at half the size finds the rest.
TEST_P(LargeInput, CloseToAGoalThereIsACamera) {
  const auto out = analyzed("goalmouth_720p50", "--stride 10 --size " + std::to_string(GetParam()));
  if (!out) GTEST_SKIP() << kNoClips;
  EXPECT_LT(nlohmann::json::parse(text_of(*out / "summary.json"))["camera"]["none"].get<double>(), 0.1);
  fs::remove_all(*out);
}

INSTANTIATE_TEST_SUITE_P(Sizes, LargeInput, testing::Values(1280, 960), testing::PrintToStringParamName());

}  // namespace
}  // namespace touchline::tests
