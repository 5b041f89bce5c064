#include "touchline/inference/session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string refusal_of(const SessionOptions& options, base::ErrorCode code) {
  try {
    open_session(options);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "one sentence, one line";
    return error.what();
  }
  return "";
}

// unknown_64.onnx is a global average: its output is the mean of each input plane.
TEST(Session, RunsEverySlotOnItsOwnInput) {
  const auto session =
      open_session({.model = kModels + "unknown_64.onnx", .threads = 1, .slots = 3, .force_fp32 = true});
  ASSERT_EQ(session->slots(), 3);
  EXPECT_EQ(session->input_info(), (TensorInfo{"images", {1, 3, 64, 64}}));
  EXPECT_EQ(session->output_infos(), (std::vector<TensorInfo>{{"logits", {1, 3, 1, 1}}}));
  for (int slot = 0; slot < 3; ++slot) {
    const auto input = session->input(slot);
    ASSERT_EQ(input.size(), 3U * 64 * 64);
    for (std::size_t i = 0; i < input.size(); ++i)
      input[i] = static_cast<float>(slot + 1) * static_cast<float>(i / 4096);
  }
  const float* const output = session->output(1, 0).data();
  for (int slot = 0; slot < 3; ++slot) session->start(slot);
  for (int slot = 2; slot >= 0; --slot) {
    session->wait(slot);
    const auto means = session->output(slot, 0);
    ASSERT_EQ(means.size(), 3U);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(means[c], static_cast<float>(slot + 1) * static_cast<float>(c), 1e-5) << slot;
    }
  }
  EXPECT_EQ(session->output(1, 0).data(), output) << "outputs stay where they are";
  EXPECT_TRUE(contains(session->description(), "OpenVINO"));
}

TEST(Session, AnOpenModelTakesTheSizeAskedFor) {
  const auto session = open_session({.model = kModels + "fused_64.onnx", .width_px = 96, .height_px = 64, .slots = 1});
  EXPECT_EQ(session->input_info().shape, (std::vector<std::int64_t>{1, 3, 64, 96}));
  EXPECT_EQ(session->output_infos()[0].shape, (std::vector<std::int64_t>{1, 68, 96 + 24 + 6}));
}

TEST(Session, RefusalsSayWhatIsWrong) {
  EXPECT_TRUE(contains(refusal_of({.model = "/no/such/model.onnx"}, base::ErrorCode::kNotFound), "no model file"));
  EXPECT_TRUE(contains(refusal_of({.model = kModels + "expected.txt"}, base::ErrorCode::kBadInput), "no ONNX model"));
  EXPECT_TRUE(contains(refusal_of({.model = kModels + "fused_64.onnx"}, base::ErrorCode::kUnsupported), "--size"));
  EXPECT_TRUE(contains(
      refusal_of({.model = kModels + "yolov8_64.onnx", .width_px = 96, .height_px = 96}, base::ErrorCode::kUnsupported),
      "64x64 only, not 96x96"));
}

TEST(Session, BrokenContractsAreRefused) {
  const std::filesystem::path model = kModels + "yolov8_64.onnx";
  EXPECT_THROW(open_session({.model = model, .width_px = 64}), base::Error);
  EXPECT_THROW(open_session({.model = model, .threads = -1}), base::Error);
  EXPECT_THROW(open_session({.model = model, .slots = 0}), base::Error);
  const auto session = open_session({.model = model});
  EXPECT_THROW(session->input(2), base::Error);
  EXPECT_THROW(session->output(0, 1), base::Error);
}

}  // namespace
}  // namespace touchline::inference
