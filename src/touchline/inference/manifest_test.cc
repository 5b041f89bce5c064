#include "touchline/inference/manifest.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/sha256.h"

namespace touchline::inference {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away, and $TOUCHLINE_MODELS pointing to it.
class ModelFolder : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    setenv("TOUCHLINE_MODELS", folder_.c_str(), 1);
  }
  void TearDown() override { unsetenv("TOUCHLINE_MODELS"); }
  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  const tests::TempPath scratch_;
  const fs::path folder_ = scratch_.path();
};

TEST(Manifest, EveryModelThatShipsIsTheRecordedOne) {
  const auto models = list_models();
  ASSERT_FALSE(models.empty());
  for (const auto& model : models) {
    EXPECT_EQ(sha256_of_file(model.file), model.sha256) << model.name;
    EXPECT_FALSE(model.license.empty()) << model.name;
    EXPECT_TRUE(fs::is_regular_file(model.file.parent_path().parent_path() / model.attribution)) << model.name;
    EXPECT_NO_THROW(read_onnx_header(model.file)) << model.name;
  }
}

TEST(Manifest, FullEntry) {
  const auto models = parse_manifest(R"({"schema": 1, "models": [{"name": "a", "file": "a.onnx", "layout": "yolox",
      "classes": ["person", "ball"], "input": {"order": "bgr", "full_scale": 255, "rest": 0.5, "mean": [0.1, 0.2, 0.3]},
      "thresholds": {"person": 0.4, "point": 0.2}, "license": "MIT"}]})",
                                     "/models", "m.json");
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].file, fs::path("/models/a.onnx"));
  EXPECT_EQ(models[0].layout, "yolox");
  EXPECT_EQ(models[0].class_names, (std::vector<std::string>{"person", "ball"}));
  ASSERT_TRUE(models[0].format.has_value());
  EXPECT_EQ(models[0].format->order, image::ChannelOrder::kBgr);
  EXPECT_EQ(models[0].format->full_scale, 255);
  EXPECT_EQ(models[0].format->mean[2], 0.3F);
  EXPECT_EQ(models[0].person_score, 0.4F);
  EXPECT_FALSE(models[0].ball_score.has_value());
}

TEST(Manifest, RefusesWhatMakesNoSense) {
  for (const char* text : {"", "no json", "[1, 2]", R"({"models": [{"name": "a"}]})", R"({"input": {"order": "yuv"}})",
                           R"({"input": {"full_scale": 0}})", R"({"thresholds": {"person": 2}})",
                           R"({"classes": "person"})", R"({"input": {"mean": [1]}})"}) {
    EXPECT_THROW(parse_manifest(text, "/models", "m.json"), base::Error) << text;
  }
}

TEST_F(ModelFolder, ComesFirstAndShadowsEqualNames) {
  write("manifest.json",
        R"({"models": [{"name": "touchline_n", "file": "mine.onnx"}, {"name": "b", "file": "b.onnx"}]})");
  EXPECT_EQ(model_folders().front(), folder_);
  EXPECT_EQ(find_model("touchline_n").file, folder_ / "mine.onnx");
  EXPECT_EQ(find_model("b").file, folder_ / "b.onnx");
}

TEST_F(ModelFolder, AFileMayHaveAManifestBesideIt) {
  write("my.onnx", "");
  EXPECT_EQ(find_model((folder_ / "my.onnx").string()).name, "my");
  write("my.json", R"({"layout": "yolov5", "classes": ["ball"]})");
  const auto manifest = find_model((folder_ / "my.onnx").string());
  EXPECT_EQ(manifest.layout, "yolov5");
  EXPECT_EQ(manifest.file, folder_ / "my.onnx");
  write("my.json", "{");
  EXPECT_THROW(find_model((folder_ / "my.onnx").string()), base::Error);
}

TEST_F(ModelFolder, AFileIsFoundInTheManifestOfItsFolder) {
  write("b.onnx", "");
  write("manifest.json", R"({"models": [{"name": "bee", "file": "b.onnx", "layout": "fused"}]})");
  EXPECT_EQ(find_model((folder_ / "b.onnx").string()).name, "bee");
}

TEST_F(ModelFolder, AnUnknownNameListsThoseThereAre) {
  write("manifest.json", R"({"models": [{"name": "bee", "file": "b.onnx"}]})");
  try {
    find_model("wasp");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("there is no model 'wasp'"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("bee"), std::string::npos);
  }
}

const std::vector<std::string> kVnni = {"avx2", "avx512f", "avx512_vnni"};
const std::vector<std::string> kNoVnni = {"avx2", "avx512f", "avx_vnni"};
const std::vector<std::string> kVnniAndAmx = {"avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8"};

TEST(DefaultModel, IsTheByteNetworkWhereBytesAreFast) {
  std::vector<Manifest> models(3);
  models[0].name = "mine";
  models[1].name = "touchline_n_int8";
  models[1].file = "/models/n8.onnx";
  models[2].name = "touchline_n";
  models[2].file = "/models/n.onnx";
  EXPECT_EQ(default_model(models, kVnni)->name, "touchline_n_int8");
  EXPECT_EQ(default_model(models, kNoVnni)->name, "touchline_n");
  EXPECT_EQ(default_model(models, kVnniAndAmx)->name, "touchline_n") << "where 16 bits are as fast";
  EXPECT_EQ(default_model(models, {})->name, "touchline_n");
  models[1].file = "/elsewhere/n8.onnx";
  EXPECT_EQ(default_model(models, kVnni)->name, "touchline_n") << "the 8-bit form of another touchline_n";
  EXPECT_EQ(default_model(std::span(models).last(1), kVnni)->name, "touchline_n");
  EXPECT_EQ(default_model(std::span(models).first(2), kVnni), nullptr);
}

TEST_F(ModelFolder, AutoIsAUsersOwnTouchlineNWhateverFilesLieAround) {
  write("manifest.json", R"({"models": [{"name": "touchline_n", "file": "mine.onnx"}]})");
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  write("auto", "no network");
  const auto chosen = find_model("auto");
  fs::current_path(before);
  EXPECT_EQ(chosen.file, folder_ / "mine.onnx");
}

using Names = std::vector<std::string>;

TEST(ClassNames, AsExportersWriteThem) {
  EXPECT_EQ(parse_class_names("{0: 'person', 1: \"goal keeper\", 2: 'ball'}"),
            (Names{"person", "goal keeper", "ball"}));
  EXPECT_EQ(parse_class_names("[\"a\", \"b\"]"), (Names{"a", "b"}));
  EXPECT_EQ(parse_class_names("{\"0\": \"a\", \"1\": \"b\"}"), (Names{"a", "b"}));
  EXPECT_EQ(parse_class_names("{2: 'c', 0: 'a'}"), (Names{"a", "", "c"}));
  EXPECT_EQ(parse_class_names("{0: \"player's\"}"), (Names{"player's"}));
}

TEST(ClassNames, NonsenseIsAnEmptyList) {
  EXPECT_EQ(parse_class_names(""), Names{});
  EXPECT_EQ(parse_class_names("{0: 'person"), Names{});
  EXPECT_EQ(parse_class_names("{99999999999999999999: 'x'}"), Names{});
}

TEST(Manifest, FactsGoOnToAnotherForm) {
  const std::string foreign = facts_of(TOUCHLINE_SOURCE_DIR "/tests/data/models/yolox_64.onnx");
  const auto copied = parse_manifest(foreign, "/folder", "copy").at(0);
  EXPECT_EQ(copied.layout, "yolox");
  EXPECT_EQ(copied.class_names, (std::vector<std::string>{"Referee", "Players", "ball"}));
  EXPECT_EQ(copied.license, "Apache-2.0");
  const auto ours = parse_manifest(facts_of(TOUCHLINE_SOURCE_DIR "/models/touchline_n.onnx"), "/folder", "ours").at(0);
  EXPECT_EQ(ours.layout, "fused");
  EXPECT_EQ(ours.license, "CC BY 4.0");
  EXPECT_TRUE(ours.name.empty() && ours.sha256.empty() && ours.summary.empty());
  EXPECT_EQ(facts_of(TOUCHLINE_SOURCE_DIR "/tests/data/models/yolov8_64.onnx"), "");
}

}  // namespace
}  // namespace touchline::inference
