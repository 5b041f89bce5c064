#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "touchline/base/machine.h"
#include "touchline/inference/openvino/inner_maps.h"
#include "touchline/inference/quantize.h"
#include "touchline/inference/session.h"
#include "touchline/inference/testing/quantized_network.h"

namespace touchline::inference {
namespace {

using testing::Floats;
using testing::kChannels;
using testing::kept_weights;
using testing::kSide;
using testing::ModelFile;
using testing::Network;
using testing::picture_of;
using testing::quantized;
using testing::small_network;
using testing::view;

/// What an 8-bit network answers can be judged where bytes are summed exactly.
class QuantizedNumbers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!base::has_vnni(base::this_machine().features)) GTEST_SKIP() << "this CPU has no VNNI: sums of bytes saturate";
  }
};

std::map<std::string, Floats> outputs_of(const std::filesystem::path& model, const Floats& picture) {
  const auto session = open_session({.model = model, .slots = 1, .force_fp32 = true});
  std::ranges::copy(picture, session->input(0).begin());
  session->start(0);
  session->wait(0);
  std::map<std::string, Floats> outputs;
  for (std::size_t i = 0; i < session->output_infos().size(); ++i) {
    const auto values = session->output(0, static_cast<int>(i));
    outputs[session->output_infos()[i].name] = {values.begin(), values.end()};
  }
  return outputs;
}

float largest_difference(const Floats& a, const Floats& b) {
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// Root of the mean squared difference.
double mean_difference(const Floats& a, const Floats& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(double(a[i]) - double(b[i]), 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

TEST_F(QuantizedNumbers, WeightsOfSeveralNamesAreReplacedUnderEach) {
  Network network = small_network();
  network.nodes.insert(network.nodes.begin(), {.type = "Identity", .inputs = {"b_linear_w"}, .outputs = {"z_copy"}});
  network.add_convolution("c", "twin", {kChannels, kChannels, 3, 3}, 1);
  network.weights.erase("twin_w");
  network.nodes.back().inputs = {"c", "z_copy"};
  network.outputs["twin"] = {1, kChannels, 8, 8};
  const ModelFile file(network.bytes(13));
  const ModelFile small(quantized(file.path()));
  const auto exact = outputs_of(file.path(), picture_of(0)).at("twin");
  const auto close = outputs_of(small.path(), picture_of(0)).at("twin");
  EXPECT_GT(largest_difference(exact, close), 0);
  EXPECT_LT(largest_difference(exact, close), 0.1F * *std::ranges::max_element(exact));
}

/// The largest error that a rounding map to these codes can have brought to values in [low, high].
double rounding_bound(const Codes& codes, const ValueHistogram& values) {
  const double scale = codes.scale;
  return std::max({scale / 2, values.high() - (255 - codes.zero) * scale, -codes.zero * scale - values.low()});
}

/// The largest error of a convolution's output: of its input times its kept weights, and of its weights times its
/// input.
double convolution_bound(const Floats& weights, const Floats& kept, double input_error, double largest_input) {
  const std::size_t length = weights.size() / kChannels;
  double worst = 0;
  for (std::size_t row = 0; row < kChannels; ++row) {
    double of_input = 0;
    double of_weights = 0;
    for (std::size_t i = row * length; i < (row + 1) * length; ++i) {
      of_input += std::abs(double(kept[i])) * input_error;
      of_weights += std::abs(double(kept[i]) - double(weights[i])) * largest_input;
    }
    worst = std::max(worst, of_input + of_weights);
  }
  return worst;
}

TEST_F(QuantizedNumbers, OutputsStayWithinTheBoundOfTheirRoundings) {
  const Network network = small_network();
  const ModelFile file(network.bytes(13));
  const Floats picture = picture_of(0);
  const std::vector<std::string> maps = {"images", "a", "b", "c"};
  const auto inner = open_inner_maps(file.path(), maps, kSide, kSide, 1);
  inner->run(picture, kSide, kSide);
  std::map<std::string, ValueHistogram> values;
  for (std::size_t i = 0; i < maps.size(); ++i) ASSERT_TRUE(values[maps[i]].add(inner->map(i)));
  ValueHistogram joined = values["b"];
  joined.add(values["c"]);
  const auto bound = [&](const std::string& map, const ValueHistogram& of_range) {
    return rounding_bound(choose_codes(of_range), values.at(map));
  };
  const std::string model = quantized(file.path(), 1);
  const auto convolution = [&](const char* name, const std::vector<std::string>& read, double error, double largest) {
    return convolution_bound(network.weights.at(name).second, kept_weights(model, name, read), error, largest);
  };
  const double images = bound("images", values["images"]);
  const double a = convolution("a_linear_w", {"images"}, images, values["images"].high());
  const double a_rounded = a + bound("a", values["a"]);
  const double b = convolution("b_linear_w", {"a"}, a_rounded, values["a"].high());
  const double b_rounded = b + bound("b", joined);
  const double c_rounded = a_rounded + b_rounded + bound("c", joined);
  const double said = convolution("said_w", {"c", "b"}, std::max(b_rounded, c_rounded), joined.high());

  const ModelFile small(model);
  const auto exact = outputs_of(file.path(), picture);
  const auto close = outputs_of(small.path(), picture);
  const float difference = largest_difference(exact.at("said"), close.at("said"));
  EXPECT_GT(difference, 0) << "it is rounded";
  EXPECT_LE(difference, said);
  const Floats none(exact.at("said").size());
  EXPECT_LT(mean_difference(exact.at("said"), close.at("said")), 0.02 * mean_difference(exact.at("said"), none))
      << "roundings of random signs are far from their bound";
  EXPECT_LT(largest_difference(exact.at("fine"), close.at("fine")), 1e-5) << "floating point";
}

TEST_F(QuantizedNumbers, ChannelsHaveScalesOfTheirOwnFromOpset13On) {
  const Network network = small_network();
  const std::string old_model = quantized(ModelFile(network.bytes(11)).path());
  const std::string new_model = quantized(ModelFile(network.bytes(13)).path());
  const OnnxGraph old_graph(view(old_model), "old");
  const OnnxGraph new_graph(view(new_model), "new");
  for (const char* map : {"images", "a", "b", "c"}) {
    EXPECT_FALSE(old_graph.constant(map + std::string("_scales")).has_value()) << map;
    const auto scales = new_graph.constant(map + std::string("_scales"));
    ASSERT_TRUE(scales.has_value()) << map;
    EXPECT_EQ(scales->values.size(), map == std::string("images") ? 3U : 4U);
    EXPECT_LE(*std::ranges::max_element(scales->values), new_graph.constant(map + std::string("_scale"))->values[0]);
  }
  const ModelFile exact(network.bytes(13));
  const auto wanted = outputs_of(exact.path(), picture_of(0)).at("said");
  for (const auto& model : {old_model, new_model}) {
    const auto close = outputs_of(ModelFile(model).path(), picture_of(0)).at("said");
    EXPECT_LT(mean_difference(wanted, close), 0.02 * mean_difference(wanted, Floats(wanted.size())));
  }
}

/// small_network() with half of the channels of `a` a fifth as large, and what reads them five times as strongly.
Network uneven_network() {
  constexpr float kFactor = 5;
  Network network = small_network();
  Floats& making = network.weights.at("a_linear_w").second;
  Floats& reading = network.weights.at("b_linear_w").second;
  for (std::size_t i = 0; i < making.size() / 2; ++i) making[i] /= kFactor;
  for (std::size_t i = 0; i < reading.size(); ++i) {
    if (i / 9 % kChannels < kChannels / 2) reading[i] *= kFactor;
  }
  return network;
}

TEST_F(QuantizedNumbers, SmallChannelsAreRoundedFiner) {
  const Network network = uneven_network();
  const ModelFile file(network.bytes(13));
  const auto exact = outputs_of(file.path(), picture_of(0)).at("said");
  const auto error = [&](std::uint64_t opset) {
    const ModelFile small(quantized(ModelFile(network.bytes(opset)).path()));
    return mean_difference(exact, outputs_of(small.path(), picture_of(0)).at("said"));
  };
  EXPECT_LT(error(13), 0.7 * error(11)) << "opset 11 has one scale a map";
}

TEST_F(QuantizedNumbers, AdditionsSeeTrueValuesOfScaledMaps) {
  const ModelFile file(uneven_network().bytes(13));
  const ModelFile small(quantized(file.path()));
  const auto exact = outputs_of(file.path(), picture_of(0)).at("deep");
  const auto close = outputs_of(small.path(), picture_of(0)).at("deep");
  EXPECT_GT(largest_difference(exact, close), 0) << "what it adds is rounded";
  EXPECT_LT(largest_difference(exact, close), 0.03F * *std::ranges::max_element(exact));
}

}  // namespace
}  // namespace touchline::inference
