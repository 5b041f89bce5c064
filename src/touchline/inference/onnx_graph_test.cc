#include "touchline/inference/onnx_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "testing/error_of.h"
#include "touchline/base/error.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/testing/made_network.h"

namespace touchline::inference {
namespace {

const std::string kNetwork = TOUCHLINE_SOURCE_DIR "/models/touchline_n.onnx";
const std::string kFixture = TOUCHLINE_SOURCE_DIR "/tests/data/models/yolov8_64.onnx";

using testing::view;

TEST(OnnxGraph, WritesWhatItRead) {
  const auto bytes = read_model_bytes(kNetwork);
  const OnnxGraph graph(bytes, "n");
  const std::string written = graph.to_bytes();
  const auto before = parse_onnx_header(bytes, "before");
  const auto after = parse_onnx_header(view(written), "after");
  EXPECT_EQ(after.parameters, before.parameters);
  EXPECT_EQ(after.metadata, before.metadata);
  EXPECT_EQ(after.opset, before.opset);
  ASSERT_EQ(after.outputs.size(), before.outputs.size());
  EXPECT_EQ(after.outputs[0].shape, before.outputs[0].shape);
  const OnnxGraph again(view(written), "again");
  ASSERT_EQ(again.nodes.size(), graph.nodes.size());
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    EXPECT_EQ(again.nodes[i].inputs, graph.nodes[i].inputs);
    EXPECT_EQ(again.nodes[i].rest, graph.nodes[i].rest);
  }
}

// Expected: the Python package onnx on the same file.
TEST(OnnxGraph, ReadsHalfPrecisionWeightsThroughTheirCast) {
  const auto bytes = read_model_bytes(kNetwork);
  const OnnxGraph graph(bytes, "n");
  EXPECT_EQ(graph.inputs(), (std::vector<std::string>{"images"}));
  EXPECT_EQ(graph.outputs(), (std::vector<std::string>{"det", "kp", "ball"}));
  const auto weights = graph.constant("stage4.0.0.weight");
  ASSERT_TRUE(weights.has_value());
  EXPECT_EQ(weights->dims, (std::vector<std::int64_t>{32, 16, 3, 3}));
  EXPECT_EQ(weights->type, ElementType::kFloat);
  EXPECT_EQ(weights->values.at(0), -0.052947998046875F);
  EXPECT_EQ(weights->values.at(2), 0.09368896484375F);
  EXPECT_NEAR(std::accumulate(weights->values.begin(), weights->values.end(), 0.0), -37.894273936748505, 1e-6);
  EXPECT_EQ(graph.constant("stage4.0.0.weight_fp16")->type, ElementType::kHalf);
  EXPECT_FALSE(graph.constant("/stem/stem.2/Mul_output_0").has_value()) << "computed";
  EXPECT_FALSE(graph.constant("nowhere").has_value());
}

TEST(OnnxGraph, RemovesAConstantWithItsCast) {
  const auto bytes = read_model_bytes(kNetwork);
  OnnxGraph graph(bytes, "n");
  const std::size_t nodes = graph.nodes.size();
  graph.remove_constant("stage4.0.0.weight");
  EXPECT_EQ(graph.nodes.size(), nodes - 1);
  EXPECT_FALSE(graph.constant("stage4.0.0.weight_fp16").has_value());
  const std::string written = graph.to_bytes();
  EXPECT_EQ(parse_onnx_header(view(written), "n").parameters,
            parse_onnx_header(bytes, "n").parameters - 32 * 16 * 3 * 3);
}

// Files of old exporters name their initializers among the inputs too.
TEST(OnnxGraph, RemovesAConstantThatIsListedAsInput) {
  const auto bytes = read_model_bytes(kFixture);
  OnnxGraph plain(bytes, "v8");
  const auto convolution = std::ranges::find(plain.nodes, "Conv", &OnnxNode::type);
  ASSERT_NE(convolution, plain.nodes.end());
  const std::string weights = convolution->inputs.at(1);
  wire::Writer listed;
  wire::each_field(bytes, [&](const wire::Field& field) {
    if (field.number != 7) return listed.copy(field.whole);
    wire::Writer input;
    input.bytes(1, weights);
    wire::Writer inside;
    inside.copy(field.bytes);
    inside.bytes(11, input.message());
    listed.bytes(7, inside.message());
  });
  OnnxGraph graph(view(listed.message()), "v8");
  EXPECT_EQ(graph.inputs(), (std::vector<std::string>{"images"}));
  graph.remove_constant(weights);
  EXPECT_EQ(parse_onnx_header(view(graph.to_bytes()), "v8").inputs.size(), 1U);
}

TEST(OnnxGraph, ReadsAttributesOfManyNumbersPackedOrNot) {
  wire::Writer apart;
  apart.bytes(1, "dilations");
  apart.number(8, 2);
  apart.number(8, 300);
  wire::Writer packed;
  packed.bytes(1, "pads");
  packed.bytes(8, "\x01\x80\x01");
  wire::Writer node;
  node.bytes(5, apart.message());
  node.bytes(5, packed.message());
  const OnnxNode convolution{.type = "Conv", .inputs = {}, .outputs = {}, .rest = node.message()};
  EXPECT_EQ(integers_attribute(convolution, "dilations"), (std::vector<std::uint64_t>{2, 300}));
  EXPECT_EQ(integers_attribute(convolution, "pads"), (std::vector<std::uint64_t>{1, 128}));
  EXPECT_TRUE(integers_attribute(convolution, "strides").empty());
}

TEST(OnnxGraph, RefusesWhatIsNoModel) {
  const std::string text = "hello\n";
  EXPECT_EQ(tests::error_of([&] { OnnxGraph(view(text), "text.onnx"); }),
            "text.onnx is no ONNX model, or is cut short (6 bytes): export or fetch it again");
  EXPECT_NE(tests::error_of([&] { OnnxGraph({}, "empty.onnx"); }), "no error");
}

TEST(OnnxGraph, RefusesWeightsInAnotherFile) {
  wire::Writer tensor;
  tensor.bytes(8, "w");
  tensor.number(14, 1);
  wire::Writer graph;
  graph.bytes(5, tensor.message());
  wire::Writer model;
  model.bytes(7, graph.message());
  EXPECT_EQ(tests::error_of([&] { OnnxGraph(view(model.message()), "big.onnx"); }),
            "the weights of big.onnx lie in a file of their own: export it as one file");
}

TEST(OnnxGraph, SaysThatNumbersAreMissing) {
  auto bytes = read_model_bytes(kNetwork);
  wire::Writer tensor;
  tensor.number(1, 4);
  tensor.number(2, 1);
  tensor.bytes(8, "short");
  tensor.bytes(9, "12345678");
  wire::Writer model;
  wire::each_field(bytes, [&](const wire::Field& field) {
    if (field.number != 7) return model.copy(field.whole);
    wire::Writer inside;
    inside.copy(field.bytes);
    inside.bytes(5, tensor.message());
    model.bytes(7, inside.message());
  });
  const OnnxGraph graph(view(model.message()), "n.onnx");
  EXPECT_EQ(tests::error_of([&] { static_cast<void>(graph.constant("short")); }),
            "the weights 'short' of n.onnx are damaged: export or fetch it again");
}

}  // namespace
}  // namespace touchline::inference
