#include "touchline/inference/joined_steps.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "touchline/inference/onnx_header.h"
#include "touchline/inference/testing/made_network.h"

namespace touchline::inference {
namespace {

/// Two rounded maps and one that is not rounded, joined. A map's steps: one, or one of each of its three channels.
int unlike_in(const testing::Floats& first, const testing::Floats& second) {
  testing::Network network;
  const auto steps = [&](const std::string& name, const testing::Floats& values) {
    const auto count = static_cast<std::int64_t>(values.size());
    network.weights[name] = {count == 1 ? testing::Shape{} : testing::Shape{count}, values};
  };
  steps("first_step", first);
  steps("second_step", second);
  network.nodes = {{.type = "QuantizeLinear", .inputs = {"images", "first_step"}, .outputs = {"first_bytes"}},
                   {.type = "DequantizeLinear", .inputs = {"first_bytes", "first_step"}, .outputs = {"first"}},
                   {.type = "QuantizeLinear", .inputs = {"images", "second_step"}, .outputs = {"second_bytes"}},
                   {.type = "DequantizeLinear", .inputs = {"second_bytes", "second_step"}, .outputs = {"second"}},
                   {.type = "Concat",
                    .inputs = {"first", "images", "second"},
                    .outputs = {"said"},
                    .rest = integer_attribute("axis", 1)}};
  network.outputs["said"] = {1, 9, testing::kSide, testing::kSide};
  const std::string bytes = network.bytes(17);
  return unlike_joins(OnnxGraph(testing::view(bytes), "made"));
}

TEST(UnlikeJoins, MapsOfTwoStepsAreOne) {
  EXPECT_EQ(unlike_in({0.5F}, {0.5F}), 0);
  EXPECT_EQ(unlike_in({0.5F}, {0.5000001F}), 1);
}

TEST(UnlikeJoins, AStepOfEachChannelIsNoStepOfTheMap) {
  EXPECT_EQ(unlike_in({0.5F}, {0.1F, 0.2F, 0.3F}), 0);
}

TEST(UnlikeJoins, NetworksThatShipHaveNone) {
  for (const char* name : {"touchline_n", "touchline_n_int8", "touchline_s_int8"}) {
    const auto bytes = read_model_bytes(std::string(TOUCHLINE_SOURCE_DIR "/models/") + name + ".onnx");
    EXPECT_EQ(unlike_joins(OnnxGraph(bytes, name)), 0) << name;
  }
}

}  // namespace
}  // namespace touchline::inference
