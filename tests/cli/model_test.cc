// `touchline model list / info`: what ships, and what a file says of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_cli.h"

namespace touchline::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(ModelCli, ListNamesWhatShipsWithSizeLicenceAndWhatAutoMeans) {
  const auto result = run_cli("model list");
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  for (const auto* name : {"touchline_n", "touchline_s", "touchline_n_int8", "touchline_s_int8"}) {
    EXPECT_THAT(result.standard_output, ContainsRegex("(^|\n)" + std::string(name) + " +[0-9.]+ MiB  [a-z]"));
  }
  EXPECT_THAT(result.standard_output, HasSubstr("CC BY 4.0"));
  EXPECT_THAT(result.standard_output, ContainsRegex("\nauto +touchline_n(_int8)? on this CPU\n"));
}

TEST(ModelCli, InfoSaysHowToFeedAndReadWhatShips) {
  const auto result = run_cli("model info touchline_s");
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output, ContainsRegex("parameters +11\\.0[0-9] million\n"));
  EXPECT_THAT(result.standard_output, HasSubstr("(opset 17)"));
  EXPECT_THAT(result.standard_output, ContainsRegex("input +images \\[\\?,3,\\?,\\?\\]\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("pictures +RGB, 0..1, NCHW, letterbox at the top left, rest 0\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("output +det \\[\\?,68,\\?\\]\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("strides +8,16,32\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("classes +ball, goalkeeper, player, referee\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("seen from +person 0.25, ball 0.1, point 0.3\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("licence +CC BY 4.0\n"));
  EXPECT_THAT(result.standard_output, ContainsRegex("attribution +models/touchline_s.md\n"));
}

TEST(ModelCli, InfoOfAFileWithoutAManifestNamesTheClassesOfItsMetadata) {
  const auto result = run_cli("model info '" TOUCHLINE_SOURCE_DIR "/tests/data/models/yolov8_apart_64.onnx'");
  ASSERT_EQ(result.exit_status, 0) << result.standard_error;
  EXPECT_THAT(result.standard_output, ContainsRegex("classes +player, referee, ball\n"));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("licence")));
  EXPECT_THAT(result.standard_output, Not(HasSubstr("seen from")));
}

TEST(ModelCli, UnknownNamesAreAnsweredWithTheKnownOnes) {
  const auto result = run_cli("model info touchline_x");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.standard_error, HasSubstr("touchline_x"));
  EXPECT_THAT(result.standard_error, HasSubstr("touchline_n"));
}

}  // namespace
}  // namespace touchline::tests
