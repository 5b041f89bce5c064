#include "touchline/inference/quantization_plan.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "touchline/inference/testing/made_network.h"

namespace touchline::inference {
namespace {

using testing::kChannels;
using testing::kSide;
using testing::Network;
using testing::small_network;
using testing::view;

TEST(QuantizationPlan, WindowsAreWhatConvolutionsSee) {
  Network network = small_network();
  network.add_convolution("d", "spread", {kChannels, 2 * kChannels, 3, 5}, 1);
  wire::Writer dilations;
  dilations.bytes(1, "dilations");
  for (const std::uint64_t step : {3, 2}) dilations.number(8, step);
  dilations.number(20, 7);
  wire::Writer attribute;
  attribute.bytes(5, dilations.message());
  network.nodes.back().rest += attribute.message();
  network.outputs["spread"] = {1, kChannels, 4, 2};
  const std::string bytes = network.bytes(13);
  const std::map<std::string, std::vector<std::int64_t>> shapes = {
      {"images", {1, 3, kSide, kSide}},   {"a_linear", {1, kChannels, 8, 8}}, {"a", {1, kChannels, 8, 8}},
      {"b_linear", {1, kChannels, 8, 8}}, {"b", {1, kChannels, 8, 8}},        {"d", {1, 2 * kChannels, 8, 8}},
      {"said", {1, kChannels, 8, 8}},     {"spread", {1, kChannels, 4, 2}}};
  const auto plan = plan_quantization(OnnxGraph(view(bytes), "n"), 13, "n", shapes, kSide, kSide);
  const KernelWindow& spread = plan.windows.at("spread");
  EXPECT_EQ(spread.input, "d");
  EXPECT_EQ(spread.channels, 2U * kChannels);
  EXPECT_EQ(spread.height, 3U);
  EXPECT_EQ(spread.width, 5U);
  EXPECT_EQ(spread.dilation_y, 3U);
  EXPECT_EQ(spread.dilation_x, 2U);
  EXPECT_EQ(plan.windows.at("said").dilation_y, 1U);
  EXPECT_EQ(plan.windows.size(), 4U) << "a_linear, b_linear, said, spread";
}

}  // namespace
}  // namespace touchline::inference
