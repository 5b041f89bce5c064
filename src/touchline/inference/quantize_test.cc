#include "touchline/inference/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "testing/error_of.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/testing/quantized_network.h"

namespace touchline::inference {
namespace {

using testing::Floats;
using testing::integers_in;
using testing::kChannels;
using testing::kept_weights;
using testing::kSide;
using testing::ModelFile;
using testing::Network;
using testing::picture_of;
using testing::quantized;
using testing::random_floats;
using testing::small_network;
using testing::types_in;
using testing::view;

std::set<std::string> integer_convolutions(const std::string& model) {
  const auto types = types_in(model);
  const OnnxGraph graph(view(model), "quantized");
  std::set<std::string> integer;
  for (const auto& node : graph.nodes) {
    if (node.type == "Conv" && types.contains(node.inputs[1] + "_codes")) integer.insert(node.outputs[0]);
  }
  return integer;
}

TEST(Quantize, IntegersAreWhatIsCoarseAndNotOnlyTheBalls) {
  const ModelFile file(small_network().bytes(13));
  const std::string model = quantized(file.path());
  EXPECT_EQ(integer_convolutions(model), (std::set<std::string>{"a_linear", "b_linear", "said"}));
  const Quantizer quantizer(file.path());
  EXPECT_EQ(quantizer.convolutions(), 6);
  EXPECT_EQ(quantizer.integer_convolutions(), 3);
}

TEST(Quantize, MapsAreUnsignedAndWeightsSigned) {
  const ModelFile file(small_network().bytes(13));
  const std::string model = quantized(file.path());
  const auto types = types_in(model);
  const OnnxGraph graph(view(model), "quantized");
  int maps = 0;
  for (const auto& node : graph.nodes) {
    if (node.type != "QuantizeLinear") continue;
    ++maps;
    EXPECT_EQ(types.at(node.inputs.at(2)), std::uint64_t(ElementType::kUint8)) << node.inputs[0];
  }
  EXPECT_EQ(maps, 4) << "images, a, b, c";
  EXPECT_EQ(types.at("said_w_codes"), std::uint64_t(ElementType::kInt8));
}

TEST(Quantize, AJoinSharesOneRange) {
  const ModelFile file(small_network().bytes(13));
  const std::string model = quantized(file.path());
  const OnnxGraph graph(view(model), "quantized");
  const auto scale = [&](const std::string& map) { return graph.constant(map + "_scale")->values.at(0); };
  EXPECT_EQ(scale("b"), scale("c"));
  EXPECT_NE(scale("a"), scale("c"));
  EXPECT_FALSE(graph.constant("d_scale").has_value()) << "a join moves bytes";
}

/// What each row of the first convolution of small_network() answers to a picture of these colours, by its 8-bit form.
Floats answers_to_plain(const std::string& model, const Floats& colours) {
  const Floats kept = kept_weights(model, "a_linear_w", {"images"});
  Floats answers = OnnxGraph(view(model), "quantized").constant("a_linear_corrected_bias").value().values;
  for (std::size_t i = 0; i < kept.size(); ++i) answers[i / 192] += kept[i] * colours[i / 64 % 3];
  return answers;
}

TEST(Quantize, BiasesTakeBackWhatRoundedWeightsAddInTheMean) {
  const Floats colours = {0.2F, 0.5F, 0.9F};
  const Floats bias = {1, -2, 3, 0.5F};
  Network network = small_network();
  network.nodes[0].inputs.emplace_back("a_linear_bias");
  network.weights["a_linear_bias"] = {{kChannels}, bias};
  const ModelFile file(network.bytes(13));
  Quantizer quantizer(file.path(), 1);
  Floats picture(3 * kSide * kSide);
  for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = colours[i / (kSide * kSide)];
  quantizer.measure(picture, kSide, kSide);
  const std::string model = quantizer.finish();

  Floats wanted = bias;
  const Floats& weights = network.weights.at("a_linear_w").second;
  for (std::size_t i = 0; i < weights.size(); ++i) wanted[i / 192] += weights[i] * colours[i / 64 % 3];
  const Floats said = answers_to_plain(model, colours);
  for (std::size_t row = 0; row < wanted.size(); ++row) EXPECT_NEAR(said[row], wanted[row], 1e-4) << row;
  EXPECT_FALSE(types_in(model).contains("a_linear_bias")) << "nothing reads it any more";
  EXPECT_EQ(OnnxGraph(view(model), "quantized").constant("deep_corrected_bias"), std::nullopt)
      << "stays in floating point";
}

TEST(Quantize, WeightsOfGroupedConvolutionsAreRoundedOneByOne) {
  Network network = small_network();
  network.add_convolution("b", "halves", {kChannels, kChannels / 2, 3, 3}, 1);
  network.nodes.back().rest += integer_attribute("group", 2);
  network.outputs["halves"] = {1, kChannels, 8, 8};
  const ModelFile file(network.bytes(13));
  const std::string model = quantized(file.path());
  EXPECT_TRUE(integer_convolutions(model).contains("halves"));
  EXPECT_EQ(integers_in(model, "halves_w_codes"),
            quantize_weights(network.weights.at("halves_w").second, kChannels).integers);
  EXPECT_FALSE(types_in(model).contains("halves_corrected_bias"));
}

TEST(Quantize, RoundingErrorsOfColoursCancelWhereAllPicturesAreGrey) {
  constexpr std::size_t kPlaces = 8 * 8;
  const Network network = small_network();
  const ModelFile file(network.bytes(13));
  Quantizer quantizer(file.path(), 1);
  for (unsigned seed = 0; seed < 4; ++seed) {
    Floats grey = random_floats(kSide * kSide, seed, 0, 1);
    Floats picture = grey;
    for (int channel = 1; channel < 3; ++channel) picture.insert(picture.end(), grey.begin(), grey.end());
    quantizer.measure(picture, kSide, kSide);
  }
  const std::string model = quantizer.finish();
  const Floats& weights = network.weights.at("a_linear_w").second;
  // Of each row and place the three colours' errors, together; places vary apart.
  const auto squares = [&](const Floats& kept) {
    double sum = 0;
    for (std::size_t k = 0; k < kChannels * kPlaces; ++k) {
      double error = 0;
      for (std::size_t colour = 0; colour < 3; ++colour) {
        const std::size_t i = (k / kPlaces * 3 + colour) * kPlaces + k % kPlaces;
        error += double(kept[i]) - double(weights[i]);
      }
      sum += error * error;
    }
    return sum;
  };
  const IntegerWeights nearest = quantize_weights(weights, kChannels);
  Floats plain;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    plain.push_back(float(nearest.integers[i]) * nearest.scales[i / (3 * kPlaces)]);
  }
  EXPECT_LT(squares(kept_weights(model, "a_linear_w", {"images"})), 0.5 * squares(plain));
}

TEST(Quantize, TheSamePicturesGiveTheSameFile) {
  const ModelFile file(small_network().bytes(13));
  EXPECT_EQ(quantized(file.path()), quantized(file.path()));
}

TEST(Quantize, PassesOnWhatTheFileSaysAboutItself) {
  const std::string network = TOUCHLINE_SOURCE_DIR "/models/touchline_n.onnx";
  Quantizer quantizer(network, 2);
  EXPECT_EQ(quantizer.width_px(), 0) << "any size";
  quantizer.measure(random_floats(3 * 64 * 96, 1, 0, 1), 96, 64);
  quantizer.measure(random_floats(3 * 32 * 64, 2, 0, 1), 64, 32);
  const std::string model = quantizer.finish();
  EXPECT_EQ(parse_onnx_header(view(model), "n").metadata, read_onnx_header(network).metadata);
  // Of 89 convolutions: stem, downsampling and stage of stride 4 with 2 inside, 2 + 3 of the ball's head stay.
  EXPECT_EQ(integer_convolutions(model).size(), 80U);
  for (const auto& output : integer_convolutions(model)) {
    for (const char* floating : {"/stem/", "/stage4/", "/ball/", "ball"}) EXPECT_FALSE(output.starts_with(floating));
  }
}

std::string refusal_of(const std::string& bytes) {
  const ModelFile file(bytes);
  std::string refusal = tests::error_of([&] { Quantizer quantizer(file.path()); });
  const std::string path = file.path().string();
  const auto at = refusal.find(path);
  return at == std::string::npos ? refusal : refusal.replace(at, path.size(), "M");
}

TEST(Quantize, RefusesWhatItCannotDo) {
  const Network network = small_network();
  const ModelFile file(network.bytes(13));
  EXPECT_EQ(refusal_of(quantized(file.path())), "M is in 8 bits already: give the network that it was made of");

  Network plain;
  plain.nodes.push_back({.type = "Relu", .inputs = {"images"}, .outputs = {"same"}});
  plain.outputs = {{"same", {1, 3, kSide, kSide}}};
  EXPECT_EQ(refusal_of(plain.bytes(13)), "M has no convolutions: there is nothing to compute in 8 bits");

  Network fine;
  fine.add_convolution("images", "fine", {kChannels, 3, 4, 4}, 4);
  fine.outputs = {{"fine", {1, kChannels, 16, 16}}};
  EXPECT_EQ(refusal_of(fine.bytes(13)),
            "M has no convolution at an eighth of the picture's size or coarser: finer ones lose too much in 8 bits");

  EXPECT_EQ(refusal_of(network.bytes(9)), "M is of ONNX opset 9: export it with opset 13 or newer");
}

TEST(Quantize, RefusesToGuessRanges) {
  const ModelFile file(small_network().bytes(13));
  Quantizer quantizer(file.path());
  EXPECT_NE(tests::error_of([&] { static_cast<void>(quantizer.finish()); }).find("no picture"), std::string::npos);
  EXPECT_NE(tests::error_of([&] { quantizer.measure(Floats(5), kSide, kSide); }), "no error");
  Floats picture = picture_of(1);
  picture[7] = NAN;
  EXPECT_NE(tests::error_of([&] { quantizer.measure(picture, kSide, kSide); }).find("not finite"), std::string::npos);
}

}  // namespace
}  // namespace touchline::inference
