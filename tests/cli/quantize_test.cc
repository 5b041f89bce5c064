// `touchline model quantize`: a network and pictures in, its 8-bit form out, or one sentence.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "testing/temp_path.h"
#include "tests/cli/run_cli.h"
#include "touchline/base/machine.h"
#include "touchline/inference/onnx_graph.h"
#include "touchline/inference/onnx_header.h"

namespace touchline::tests {
namespace {

namespace fs = std::filesystem;

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";

/// A made-up clip in an empty folder.
class QuantizeCli : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fresh_folder();
    const auto made = run_cli("synth --size 320x180 --duration 1 --out " + quoted("clip.mp4"));
    ASSERT_EQ(made.exit_status, 0) << made.standard_error;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string quoted(const std::string& name) const { return "'" + (folder_ / name).string() + "'"; }

  CliResult quantize(const std::string& model, const std::string& out, const std::string& more = "",
                     const std::string& before = "") const {
    return run_cli("model quantize '" + model + "' " + quoted("clip.mp4") + " --out " + quoted(out) + " " + more, 240,
                   before);
  }

  /// One line on standard error that says this, and nothing but the clip (and `others`) in the folder.
  void expect_refused(const CliResult& result, int status, const std::string& part, int others = 0) const {
    EXPECT_EQ(result.exit_status, status) << result.standard_error;
    EXPECT_EQ(std::ranges::count(result.standard_error, '\n'), 1) << result.standard_error;
    EXPECT_NE(result.standard_error.find(part), std::string::npos) << result.standard_error;
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1 + others);
  }

  fs::path folder_;
};

TEST_F(QuantizeCli, MakesANetworkThatOpensLikeTheOther) {
  const auto result = quantize(kModels + "yolox_64.onnx", "small.onnx", "--pictures 10");
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  for (const char* said : {"3 of 3 convolutions in 8 bits", "ranges from 10 pictures", "times as fast",
                           "on 2 pictures that set no range", "root mean square error of outputs"}) {
    EXPECT_NE(result.standard_output.find(said), std::string::npos) << said << "\n" << result.standard_output;
  }
  EXPECT_NE(text_of(folder_ / "small.json").find("Referee"), std::string::npos) << "classes of the manifest";
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 3) << "clip, network, manifest";
  const auto check = run_cli("model check " + quoted("small.onnx"));
  EXPECT_EQ(check.exit_status, 0) << check.standard_error;
  EXPECT_NE(check.standard_output.find("fits the yolox layout"), std::string::npos) << check.standard_output;

  ASSERT_EQ(quantize(kModels + "yolox_64.onnx", "again.onnx", "--pictures 10").exit_status, 0);
  EXPECT_EQ(text_of(folder_ / "small.onnx"), text_of(folder_ / "again.onnx")) << "the same pictures, the same file";
  expect_refused(quantize((folder_ / "small.onnx").string(), "twice.onnx"), 1, "is in 8 bits already", 4);
}

TEST(ModelCheckCli, TellsOfJoinsWhoseMapsHaveStepsOfTheirOwn) {
  const auto bytes = inference::read_model_bytes(TOUCHLINE_SOURCE_DIR "/models/touchline_n_int8.onnx");
  inference::OnnxGraph graph(bytes, "n");
  const auto join = std::ranges::find(graph.nodes, "Concat", &inference::OnnxNode::type);
  const auto map = std::ranges::find_if(graph.nodes, [&](const inference::OnnxNode& node) {
    return node.type == "DequantizeLinear" && node.outputs[0] == join->inputs[0];
  });
  ASSERT_NE(map, graph.nodes.end());
  const float other = graph.constant(map->inputs[1])->values.at(0) * 1.08F;
  graph.add_constant("other_step", {}, inference::ElementType::kFloat,
                     {reinterpret_cast<const char*>(&other), sizeof other});
  map->inputs[1] = "other_step";
  const TempPath file("unlike.onnx");
  std::ofstream(file.path(), std::ios::binary) << graph.to_bytes();
  const auto check = run_cli("model check --size 64 '" + file.path().string() + "'");
  EXPECT_EQ(check.exit_status, 0) << check.standard_error;
  EXPECT_NE(check.standard_output.find("1 of its joins read 8-bit maps whose steps differ"), std::string::npos)
      << check.standard_output;
  const auto shipped = run_cli("model check --size 64 touchline_n_int8");
  EXPECT_EQ(shipped.exit_status, 0) << shipped.standard_error;
  EXPECT_EQ(shipped.standard_output.find("joins"), std::string::npos) << shipped.standard_output;
}

TEST(ModelCheckCli, WeightsInAFileOfTheirOwnFitToo) {
  const auto check = run_cli("model check '" + kModels + "yolov8_apart_64.onnx'");
  EXPECT_EQ(check.exit_status, 0) << check.standard_error;
  EXPECT_NE(check.standard_output.find("fits the"), std::string::npos) << check.standard_output;
  EXPECT_NE(check.standard_output.find("not looked into for 8-bit maps"), std::string::npos) << check.standard_output;
}

TEST_F(QuantizeCli, TakesPitchModels) {
  if (!base::has_vnni(base::this_machine().features)) GTEST_SKIP() << "this CPU has no VNNI: sums of bytes saturate";
  const auto result = quantize(kModels + "pitch_pose_64.onnx", "points.onnx", "--pictures 20");
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  EXPECT_NE(result.standard_output.find("pitch points:"), std::string::npos) << result.standard_output;
}

/// Writes a black picture of 8 × 8: 54 bytes of header, then nothing but zeros.
void write_black_bmp(const fs::path& file) {
  std::string bytes(54 + 8 * 8 * 3, '\0');
  bytes.replace(0, 2, "BM");
  bytes[2] = static_cast<char>(bytes.size());
  bytes[10] = 54;
  bytes[14] = 40;
  bytes[18] = bytes[22] = 8;
  bytes[26] = 1;
  bytes[28] = 24;
  std::ofstream(file, std::ios::binary) << bytes;
}

// Ranges of a black picture cut off nearly all of what the clip's picture, which is held out, holds.
TEST_F(QuantizeCli, RefusesANetworkThatSeesOtherThings) {
  write_black_bmp(folder_ / "black.bmp");
  const auto result = run_cli("model quantize '" + kModels + "pitch_pose_64.onnx' " + quoted("black.bmp") + " " +
                              quoted("clip.mp4") + " --pictures 1 --out " + quoted("small.onnx"));
  expect_refused(result, 1, "nothing was written", 1);
  EXPECT_NE(result.standard_error.find("finds other pitch points"), std::string::npos) << result.standard_error;
}

TEST_F(QuantizeCli, RefusesPlacesThatItCannotWriteTo) {
  fs::copy_file(kModels + "yolov8_64.onnx", folder_ / "own.onnx");
  expect_refused(quantize((folder_ / "own.onnx").string(), "own.onnx"), 2, "is the network itself", 1);
  fs::remove(folder_ / "own.onnx");
  expect_refused(quantize(kModels + "yolov8_64.onnx", "nowhere/small.onnx"), 1, "cannot write");
  expect_refused(quantize(kModels + "yolov8_64.onnx", "small.xml"), 2, "must end in .onnx");
  expect_refused(quantize(kModels + "yolov8_64.onnx", "small.onnx", "--pictures 0"), 2, "--pictures must lie in");
}

TEST_F(QuantizeCli, RefusesToWorkWithoutPictures) {
  const std::string start = "model quantize '" + kModels + "yolov8_64.onnx' ";
  const std::string out = " --out " + quoted("small.onnx");
  expect_refused(run_cli(start + quoted("gone.mp4") + out), 1, "there is no picture, folder or clip");
  expect_refused(run_cli(start + out), 2, "PICTURES is required");
  fs::create_directories(folder_ / "empty");
  expect_refused(run_cli(start + quoted("empty") + out), 1, "holds no pictures", 1);
  std::ofstream(folder_ / "empty" / "broken.jpg") << "no picture";
  const auto broken = run_cli(start + quoted("empty") + out);
  EXPECT_EQ(broken.exit_status, 1);
  EXPECT_NE(broken.standard_error.find("left out: "), std::string::npos) << broken.standard_error;
  EXPECT_NE(broken.standard_error.find("none of the pictures can be read"), std::string::npos);
}

TEST_F(QuantizeCli, AnInterruptionLeavesNothingBehind) {
  const auto longer = run_cli("synth --size 320x180 --duration 20 --out " + quoted("clip.mp4"));
  ASSERT_EQ(longer.exit_status, 0) << longer.standard_error;
  // A busy machine may need longer than the first of these seconds to start the program at all.
  bool was_orderly = false;
  for (const char* after_s : {"4", "12", "36", "100"}) {
    const auto stop = std::string("timeout --foreground -s INT ") + after_s;
    const auto result = quantize("touchline_n", "small.onnx", "--pictures 400", stop.c_str());
    EXPECT_NE(result.exit_status, 0);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
    was_orderly = result.standard_error.find("stopped: nothing was written") != std::string::npos;
    if (was_orderly) break;
  }
  EXPECT_TRUE(was_orderly);
}

}  // namespace
}  // namespace touchline::tests
