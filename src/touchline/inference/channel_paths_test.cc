#include "touchline/inference/channel_paths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "touchline/inference/testing/made_network.h"

namespace touchline::inference {
namespace {

using testing::kChannels;
using testing::Network;
using testing::small_network;
using testing::view;

using Names = std::vector<std::string>;

constexpr std::int64_t kPictureChannels = 3;

/// A network's file, its graph and the paths of the maps of small_network() in it.
struct Paths {
  std::string bytes;
  OnnxGraph graph;
  ChannelPaths paths;

  explicit Paths(const Network& network, const Names& convolutions = {"a_linear", "b_linear", "said"})
      : bytes(network.bytes(13)),
        graph(view(bytes), "test"),
        paths(graph, convolutions,
              {{"images", kPictureChannels}, {"a", kChannels}, {"b", kChannels}, {"c", kChannels}}) {}

  Names scalable() const {
    Names names;
    for (const char* map : {"images", "a", "b", "c"}) {
      if (paths.may_scale(map)) names.emplace_back(map);
    }
    return names;
  }
  const OnnxNode& maker(const std::string& tensor) const { return *makers_of(graph).at(tensor); }
};

OnnxNode& maker_in(Network& network, const std::string& tensor) {
  return *std::ranges::find_if(network.nodes, [&](const OnnxNode& node) { return node.outputs.at(0) == tensor; });
}

TEST(ChannelPaths, WhatReachesConvolutionsOrIsReadDirectlyMayBeScaled) {
  const Paths small(small_network());
  EXPECT_EQ(small.scalable(), (Names{"images", "a", "b", "c"}));
  EXPECT_EQ(small.paths.maps_read_by(small.maker("said")), (Names{"c", "b"})) << "in the order of the join";
  EXPECT_EQ(small.paths.maps_read_by(small.maker("b_linear")), Names{"a"});
}

TEST(ChannelPaths, ImportanceIsTheSumOfTheSquaredWeightsThatAChannelMeets) {
  const Network network = small_network();
  const Paths small(network);
  const auto& weights = network.weights.at("said_w").second;  // [4, 8, 1, 1]: c's columns, then b's
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    double of_c = 0;
    double of_b = 0;
    for (std::size_t row = 0; row < kChannels; ++row) {
      of_c += double(weights[row * 8 + channel]) * double(weights[row * 8 + channel]);
      of_b += double(weights[row * 8 + 4 + channel]) * double(weights[row * 8 + 4 + channel]);
    }
    EXPECT_NEAR(small.paths.importance("c").at(channel), of_c, 1e-9);
    EXPECT_NEAR(small.paths.importance("b").at(channel), of_b, 1e-9);
  }
}

TEST(ChannelPaths, PoolingOnTheWayKeepsChannels) {
  Network network = small_network();
  network.nodes.insert(network.nodes.end() - 4, {.type = "MaxPool", .inputs = {"b"}, .outputs = {"pooled"}});
  maker_in(network, "d").inputs = {"c", "pooled"};
  std::ranges::stable_partition(
      network.nodes, [](const OnnxNode& node) { return node.outputs[0] != "d" && node.outputs[0] != "said"; });
  const Paths paths(network);
  EXPECT_EQ(paths.scalable(), (Names{"images", "a", "b", "c"}));
  EXPECT_EQ(paths.paths.maps_read_by(paths.maker("said")), (Names{"c", "b"}));
}

TEST(ChannelPaths, WhatIsReadBehindAJoinByAnythingElseMayNot) {
  Network network = small_network();
  network.nodes.push_back({.type = "Relu", .inputs = {"d"}, .outputs = {"other"}});
  EXPECT_EQ(Paths(network).scalable(), (Names{"images", "a"}));
}

TEST(ChannelPaths, AJoinThatIsAnOutputMayNot) {
  Network network = small_network();
  network.outputs["d"] = {1, 2 * kChannels, 8, 8};
  EXPECT_EQ(Paths(network).scalable(), (Names{"images", "a"}));
}

TEST(ChannelPaths, AConvolutionBehindAJoinThatStaysInFloatingPointMayNot) {
  EXPECT_EQ(Paths(small_network(), {"a_linear", "b_linear"}).scalable(), (Names{"images", "a"}));
}

TEST(ChannelPaths, JoinsAlongASideAndCutsMayNot) {
  Network beside = small_network();
  std::string& axis = maker_in(beside, "d").rest;
  ASSERT_FALSE(axis.empty());
  const auto at = axis.find('\x18');  // the attribute's integer follows its field's tag
  ASSERT_NE(at, std::string::npos);
  axis[at + 1] = 2;
  EXPECT_EQ(Paths(beside).scalable(), (Names{"images", "a"}));

  Network cut = small_network();
  cut.nodes.push_back({.type = "Split", .inputs = {"a"}, .outputs = {"half", "other_half"}});
  EXPECT_EQ(Paths(cut).scalable(), (Names{"images", "b", "c"}));
}

TEST(ChannelPaths, WeightsThatTwoConvolutionsShareCannotFollowBoth) {
  Network network = small_network();
  network.add_convolution("c", "twin", {kChannels, kChannels, 3, 3}, 1);
  network.weights.erase("twin_w");
  network.nodes.back().inputs = {"c", "b_linear_w"};
  EXPECT_EQ(Paths(network, {"a_linear", "b_linear", "said", "twin"}).scalable(), (Names{"images", "b"}));
}

TEST(ChannelPaths, AConvolutionOfGroupsCannotFollow) {
  Network network = small_network();
  network.add_convolution("a", "grouped", {kChannels, kChannels / 2, 1, 1}, 1);
  EXPECT_EQ(Paths(network, {"a_linear", "b_linear", "said", "grouped"}).scalable(), (Names{"images", "b", "c"}));
}

}  // namespace
}  // namespace touchline::inference
