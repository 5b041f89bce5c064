#include "touchline/inference/onnx_header.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::inference {
namespace {

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";
using Shape = std::vector<std::int64_t>;

std::vector<std::uint8_t> bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// Expected: the Python package onnx on the same files.
TEST(OnnxHeader, OfAForeignDetector) {
  const auto header = read_onnx_header(kModels + "yolov8_64.onnx");
  EXPECT_EQ(header.opset, 13);
  ASSERT_EQ(header.inputs.size(), 1U);
  EXPECT_EQ(header.inputs[0].name, "images");
  EXPECT_TRUE(header.inputs[0].is_float);
  EXPECT_EQ(header.inputs[0].shape, (Shape{1, 3, 64, 64}));
  ASSERT_EQ(header.outputs.size(), 1U);
  EXPECT_EQ(header.outputs[0].name, "output0");
  EXPECT_EQ(header.outputs[0].shape, (Shape{1, 7, 84}));
  EXPECT_EQ(header.metadata.at("names"), "{0: 'player', 1: 'referee', 2: 'ball'}");
}

TEST(OnnxHeader, OfTheNetworkThatShips) {
  const auto header = read_onnx_header(TOUCHLINE_SOURCE_DIR "/models/touchline_n.onnx");
  EXPECT_EQ(header.inputs.at(0).shape, (Shape{-1, 3, -1, -1}));
  ASSERT_EQ(header.outputs.size(), 3U);
  EXPECT_EQ(header.outputs[0].name, "det");
  EXPECT_EQ(header.outputs[0].shape, (Shape{-1, 68, -1}));
  EXPECT_EQ(header.metadata.at("license"), "CC BY 4.0");
  EXPECT_EQ(header.metadata.at("strides"), "8,16,32");
  EXPECT_GT(header.parameters, 1'000'000);
}

TEST(OnnxHeader, RefusesWhatIsNoModel) {
  EXPECT_THROW(read_onnx_header("/no/such/model.onnx"), base::Error);
  const std::vector<std::uint8_t> text = {'h', 'e', 'l', 'l', 'o', '\n'};
  EXPECT_THROW(parse_onnx_header(text, "text.onnx"), base::Error);
  EXPECT_THROW(parse_onnx_header({}, "empty.onnx"), base::Error);
  try {
    parse_onnx_header(text, "text.onnx");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kBadInput);
    EXPECT_STREQ(error.what(), "text.onnx is no ONNX model, or is cut short (6 bytes): export or fetch it again");
  }
}

TEST(OnnxHeader, RefusesEveryTruncation) {
  const auto whole = bytes_of(kModels + "yolov8_64.onnx");
  ASSERT_GT(whole.size(), 1000U);
  // The metadata comes last: without its final bytes a field ends early.
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    try {
      const auto header = parse_onnx_header(std::span(whole).first(size), "cut");
      EXPECT_GT(size, whole.size() - 100) << "only whole fields after the graph may be missing";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ErrorCode::kBadInput);
    }
  }
}

TEST(OnnxHeader, ClaimsOfImpossibleSizesAreCapped) {
  // A model of one node, one input, one output and two initializers of 2^63 × 2^63 numbers and of 0 × 2^63 numbers.
  const std::vector<std::uint8_t> huge = {8, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1};
  std::vector<std::uint8_t> twice_huge = huge;
  twice_huge.insert(twice_huge.end(), huge.begin(), huge.end());
  std::vector<std::uint8_t> none = {8, 0};
  none.insert(none.end(), huge.begin(), huge.end());
  std::vector<std::uint8_t> graph = {0x0A, 0, 0x5A, 3, 0x0A, 1, 'x', 0x62, 3, 0x0A, 1, 'y'};
  for (const auto& initializer : {twice_huge, none}) {
    graph.push_back(0x2A);
    graph.push_back(static_cast<std::uint8_t>(initializer.size()));
    graph.insert(graph.end(), initializer.begin(), initializer.end());
  }
  std::vector<std::uint8_t> model = {8, 8, 0x3A, static_cast<std::uint8_t>(graph.size())};
  model.insert(model.end(), graph.begin(), graph.end());
  EXPECT_EQ(parse_onnx_header(model, "huge").parameters, 1'000'000'000'000'000);
}

TEST(OnnxHeader, SurvivesDamage) {
  const auto whole = bytes_of(kModels + "yolov8_64.onnx");
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    auto damaged = whole;
    for (int i = 0; i < 1 + round % 5; ++i) damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
    try {
      parse_onnx_header(damaged, "damaged");
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), base::ErrorCode::kBadInput);
    }
  }
}

}  // namespace
}  // namespace touchline::inference
