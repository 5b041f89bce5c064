#include "touchline/pipeline/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/temp_path.h"
#include "touchline/base/error.h"

namespace touchline::pipeline {
namespace {

std::optional<std::string> empty_environment(const char*) {
  return std::nullopt;
}

class ConfigurationFile : public testing::Test {
 protected:
  std::string file_with(const std::string& text) {
    std::ofstream(file_.str()) << text;
    return file_.str();
  }

 private:
  const tests::TempPath file_{".yaml"};
};

TEST(Settings, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  const GivenSettings file = {{"stride", "2"}, {"size", "640"}, {"batch", "4"}};
  const auto environment = [](const char* name) -> std::optional<std::string> {
    if (std::string(name) == "FRAME_STRIDE") return "3";
    if (std::string(name) == "IMG_SIZE") return "960";
    return std::nullopt;
  };
  AnalyzeOptions options;
  apply_settings(options, {{"stride", "5"}}, file, environment);
  EXPECT_EQ(options.stride, 5);
  EXPECT_EQ(options.size, "960");
  EXPECT_EQ(options.batch, 4);
  EXPECT_EQ(options.lookahead_s, 1.0);
}

TEST(Settings, ListsAndNone) {
  AnalyzeOptions options;
  apply_settings(options, {{"formats", "mot,coco"}, {"overlay", "none"}, {"video", "no"}}, {}, empty_environment);
  EXPECT_EQ(options.formats, (std::set<std::string>{"coco", "mot"}));
  EXPECT_TRUE(options.overlay.empty());
  EXPECT_FALSE(options.video);
}

TEST(Settings, WrongValueNamesItsSource) {
  const auto message_of = [](const GivenSettings& flags, const GivenSettings& file) -> std::string {
    try {
      AnalyzeOptions options;
      apply_settings(options, flags, file, empty_environment);
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message_of({{"stride", "two"}}, {}), "--stride: 'two' is not a whole number");
  EXPECT_EQ(message_of({}, {{"stride", "1.5"}}), "configuration key 'stride': '1.5' is not a whole number");
  EXPECT_EQ(message_of({{"stride", "0"}}, {}), "stride: 0 is outside 1..50");
  EXPECT_EQ(message_of({{"formats", "jsonl,xml"}}, {}), "formats: 'xml' is none of coco, csv, jsonl, mot, scorevision");
}

TEST_F(ConfigurationFile, SetsWhatItNames) {
  const auto path = file_with("stride: 2\nformats: [jsonl, coco]\npitch: 100x64\n");
  const auto given = read_configuration(path);
  AnalyzeOptions options;
  apply_settings(options, {}, given, empty_environment);
  EXPECT_EQ(options.stride, 2);
  EXPECT_EQ(options.formats.size(), 2U);
  EXPECT_EQ(options.pitch.length_m(), 100);
}

TEST_F(ConfigurationFile, ErrorsNameFileAndLine) {
  const auto path = file_with("stride: 2\nstrid: 3\n");
  try {
    read_configuration(path);
    FAIL() << "an unknown key was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(std::string(error.what()), path + ":2: 'strid' is no setting; `touchline analyze --help` lists them");
  }
  EXPECT_THROW(read_configuration("/nowhere/touchline.yaml"), base::Error);
  EXPECT_THROW(read_configuration(file_with("- a\n- b\n")), base::Error);
  EXPECT_TRUE(read_configuration(file_with("")).empty());
}

}  // namespace
}  // namespace touchline::pipeline
