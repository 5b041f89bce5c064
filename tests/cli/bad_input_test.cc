#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_cli.h"

namespace touchline::tests {
namespace {

namespace fs = std::filesystem;

/// One sentence: one line, from touchline, that does not smell of a stack trace or a bare code.
void expect_one_sentence(const CliResult& result, int status) {
  EXPECT_EQ(result.exit_status, status) << result.standard_error;
  EXPECT_EQ(std::count(result.standard_error.begin(), result.standard_error.end(), '\n'), 1) << result.standard_error;
  EXPECT_TRUE(result.standard_error.starts_with("touchline")) << result.standard_error;
  EXPECT_GT(result.standard_error.size(), 30U) << result.standard_error;
  EXPECT_EQ(result.standard_error.find("terminate"), std::string::npos);
}

void expect_refused(const fs::path& input, const fs::path& out) {
  expect_one_sentence(run_cli("analyze '" + input.string() + "' --out '" + (out / "result").string() + "'"), 1);
}

TEST(BadInput, EmptyFile) {
  const auto folder = fresh_folder();
  std::ofstream(folder / "empty.mp4");
  expect_refused(folder / "empty.mp4", folder);
}

TEST(BadInput, TextFile) {
  const auto folder = fresh_folder();
  std::ofstream(folder / "notes.mp4") << "this is no video\n";
  expect_refused(folder / "notes.mp4", folder);
}

TEST(BadInput, MissingFile) {
  const auto folder = fresh_folder();
  expect_refused(folder / "nowhere.mp4", folder);
}

TEST(BadInput, FolderWithoutPictures) {
  const auto folder = fresh_folder();
  fs::create_directories(folder / "pictures");
  std::ofstream(folder / "pictures" / "readme.txt") << "none";
  expect_refused(folder / "pictures", folder);
}

TEST(BadInput, AddressThatDoesNotAnswer) {
  const auto folder = fresh_folder();
  expect_refused("http://127.0.0.1:9/clip.mp4", folder);
}

TEST(BadInput, EmptyStandardInput) {
  const auto folder = fresh_folder();
  expect_one_sentence(run_cli("analyze - --out '" + (folder / "result").string() + "' < /dev/null"), 1);
}

TEST(BadInput, ModelThatIsNoOnnx) {
  const auto folder = fresh_folder();
  std::ofstream(folder / "model.onnx") << "not a network";
  ASSERT_EQ(run_cli("synth --size 320x180 --duration 0.2 --out '" + (folder / "clip.mp4").string() + "'").exit_status,
            0);
  expect_one_sentence(run_cli("analyze '" + (folder / "clip.mp4").string() + "' --out '" +
                              (folder / "result").string() + "' --model '" + (folder / "model.onnx").string() + "'"),
                      1);
}

TEST(BadInput, ABrokenPictureIsNamedAndTheOthersGoOn) {
  const auto folder = fresh_folder();
  const std::string good = (folder / "good.mp4").string();
  ASSERT_EQ(run_cli("synth --size 320x180 --duration 0.2 --out '" + good + "'").exit_status, 0);
  std::ofstream(folder / "broken.jpg") << "no picture";
  const auto result = run_cli("detect '" + good + "' '" + (folder / "broken.jpg").string() + "' '" + good +
                              "' --size 320 --out '" + (folder / "out.json").string() + "'");
  expect_one_sentence(result, 1);
  EXPECT_NE(result.standard_error.find("broken.jpg"), std::string::npos) << result.standard_error;
  EXPECT_NE(result.standard_output.find("2 of 3 pictures"), std::string::npos) << result.standard_output;
  EXPECT_EQ(nlohmann::json::parse(text_of(folder / "out.json")).size(), 2U);
}

TEST(BadInput, OutputFolderThatCannotBeWritten) {
  const auto folder = fresh_folder();
  std::ofstream(folder / "file") << "in the way";
  ASSERT_EQ(run_cli("synth --size 320x180 --duration 0.2 --out '" + (folder / "clip.mp4").string() + "'").exit_status,
            0);
  expect_one_sentence(
      run_cli("analyze '" + (folder / "clip.mp4").string() + "' --out '" + (folder / "file" / "result").string() + "'"),
      1);
}

struct UsageCase {
  const char* name;
  const char* arguments;
};

class BadUsage : public testing::TestWithParam<UsageCase> {};

TEST_P(BadUsage, OneSentenceAndStatusTwo) {
  expect_one_sentence(run_cli(GetParam().arguments), 2);
}

INSTANTIATE_TEST_SUITE_P(
    Cli, BadUsage,
    testing::Values(UsageCase{"UnknownVerb", "analyse clip.mp4"}, UsageCase{"MissingOut", "analyze clip.mp4"},
                    UsageCase{"MissingInput", "analyze --out x"},
                    UsageCase{"UnknownFlag", "analyze clip.mp4 --out x --fast"},
                    UsageCase{"StrideOutOfRange", "analyze clip.mp4 --out x --stride 0"},
                    UsageCase{"StrideNoNumber", "analyze clip.mp4 --out x --stride two"},
                    UsageCase{"UnknownFormat", "analyze clip.mp4 --out x --formats xml"},
                    UsageCase{"UnknownLayer", "analyze clip.mp4 --out x --overlay halo"},
                    UsageCase{"PitchForm", "analyze clip.mp4 --out x --pitch 105"},
                    UsageCase{"PersonScoreOfOne", "detect x.jpg --out x --person-score 1"},
                    UsageCase{"PersonScoreOfZero", "detect x.jpg --out x --person-score 0"},
                    UsageCase{"PersonScoreNoNumber", "detect x.jpg --out x --person-score low"},
                    UsageCase{"EvalPersonScoreAboveOne", "eval detect x.json --labels x --person-score 1.5"},
                    UsageCase{"EvalPersonScoreNoNumber", "eval detect x.json --labels x --person-score low"},
                    UsageCase{"UnknownCamera", "synth --out x.mp4 --camera top"},
                    UsageCase{"NoCudaHere", "analyze clip.mp4 --out x --device cuda"}),
    [](const auto& tested) { return tested.param.name; });

class Help : public testing::TestWithParam<const char*> {};

TEST_P(Help, PrintsOnStandardOutput) {
  const auto result = run_cli(std::string(GetParam()) + " --help");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_GT(result.standard_output.size(), 100U);
  EXPECT_TRUE(result.standard_error.empty()) << result.standard_error;
}

INSTANTIATE_TEST_SUITE_P(Cli, Help,
                         testing::Values("", "analyze", "detect", "track", "synth", "eval", "eval detect", "eval pitch",
                                         "eval mot", "eval clip", "model", "model list", "model info", "model check",
                                         "model quantize", "bench", "doctor"));

}  // namespace
}  // namespace touchline::tests
