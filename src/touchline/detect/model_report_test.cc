#include "touchline/detect/model_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "testing/temp_path.h"
#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";

TEST(ModelReport, DescribesTheNetworkThatShips) {
  const auto report = describe_model("touchline_n", "320");
  EXPECT_EQ(report.network.layout, Layout::kFused);
  EXPECT_EQ(report.input.shape, (std::vector<std::int64_t>{1, 3, 192, 320}));
  EXPECT_EQ(report.outputs.size(), 3U);
  EXPECT_TRUE(report.hash_matches());
  EXPECT_EQ(report.manifest.sha256, report.sha256);
  EXPECT_EQ(report.network.class_names, (std::vector<std::string>{"ball", "goalkeeper", "player", "referee"}));
}

TEST(ModelReport, DescribesAPitchModelToo) {
  EXPECT_EQ(describe_model(kModels + "pitch_pose_64.onnx").network.layout, Layout::kPitchPose);
}

TEST(ModelReport, CheckRunsTheModel) {
  EXPECT_GT(check_model(kModels + "yolox_64.onnx").run_ms, 0);
}

TEST(ModelReport, CheckRefusesAFileThatIsNotTheRecordedOne) {
  namespace fs = std::filesystem;
  const tests::TempPath scratch;
  const fs::path folder = scratch.path();
  fs::create_directories(folder);
  fs::copy_file(kModels + "yolov8_64.onnx", folder / "m.onnx", fs::copy_options::overwrite_existing);
  std::ofstream(folder / "m.json") << R"({"sha256": "00"})";
  try {
    check_model((folder / "m.onnx").string());
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("not the file its manifest records"));
  }
}

TEST(ModelReport, RefusesWhatIsNeither) {
  try {
    describe_model(kModels + "unknown_64.onnx");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("the output 'logits'"));
  }
}

}  // namespace
}  // namespace touchline::detect
