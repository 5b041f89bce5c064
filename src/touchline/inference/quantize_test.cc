#include "touchline/inference/quantize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "testing/error_of.h"
#include "testing/temp_path.h"
#include "touchline/base/machine.h"
#include "touchline/inference/onnx_header.h"
#include "touchline/inference/openvino/inner_maps.h"
#include "touchline/inference/session.h"
#include "touchline/inference/testing/made_network.h"

namespace touchline::inference {
namespace {

using testing::Floats;
using testing::kChannels;
using testing::kSide;
using testing::Network;
using testing::random_floats;
using testing::small_network;
using testing::view;

/// What an 8-bit network answers can be judged where bytes are summed exactly.
class QuantizedNumbers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!base::has_vnni(base::this_machine().features)) GTEST_SKIP() << "this CPU has no VNNI: sums of bytes saturate";
  }
};

/// A model file that goes away with the test.
class ModelFile {
 public:
  explicit ModelFile(const std::string& bytes) : path_(".onnx") {
    std::ofstream(path_.path(), std::ios::binary) << bytes;
  }
  std::filesystem::path path() const { return path_.path(); }

 private:
  tests::TempPath path_;
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

Floats picture_of(unsigned seed) {
  return random_floats(3 * kSide * kSide, seed, 0, 1);
}

std::string quantized(const std::filesystem::path& model, int pictures = 3) {
  Quantizer quantizer(model, 1);
  for (int k = 0; k < pictures; ++k) quantizer.measure(picture_of(static_cast<unsigned>(k)), kSide, kSide);
  return quantizer.finish();
}

/// Element types of all initializers.
std::map<std::string, std::uint64_t> types_in(const std::string& model) {
  std::map<std::string, std::uint64_t> types;
  wire::each_field(view(model), [&](const wire::Field& part) {
    if (part.number != 7) return;
    wire::each_field(part.bytes, [&](const wire::Field& field) {
      if (field.number != 5) return;
      std::string name;
      std::uint64_t type = 0;
      wire::each_field(field.bytes, [&](const wire::Field& inner) {
        if (inner.number == 8) name = inner.text();
        if (inner.number == 2) type = inner.value;
      });
      types[name] = type;
    });
  });
  return types;
}

/// Raw bytes of an initializer as signed integers.
std::vector<std::int8_t> integers_in(const std::string& model, const std::string& wanted) {
  std::vector<std::int8_t> integers;
  wire::each_field(view(model), [&](const wire::Field& part) {
    if (part.number != 7) return;
    wire::each_field(part.bytes, [&](const wire::Field& field) {
      if (field.number != 5) return;
      std::string name;
      wire::Bytes raw;
      wire::each_field(field.bytes, [&](const wire::Field& inner) {
        if (inner.number == 8) name = inner.text();
        if (inner.number == 9) raw = inner.bytes;
      });
      if (name == wanted) integers.assign(raw.begin(), raw.end());
    });
  });
  return integers;
}

/// The weights `name` as their integers have them, with what the channels of these maps, read one behind the other, are
/// scaled by taken back.
Floats kept_weights(const std::string& model, const std::string& name, const std::vector<std::string>& maps) {
  const OnnxGraph graph(view(model), "quantized");
  const auto numbers = [&](const std::string& constant) { return graph.constant(constant).value().values; };
  Floats factors;
  for (const auto& map : maps) {
    for (const float scale : numbers(map + "_scales")) factors.push_back(scale / numbers(map + "_scale")[0]);
  }
  const auto integers = integers_in(model, name + "_codes");
  const Floats scales = numbers(name + "_scale");
  const std::size_t length = integers.size() / scales.size();
  Floats kept;
  for (std::size_t i = 0; i < integers.size(); ++i) {
    kept.push_back(float(integers[i]) * scales[i / length] / factors[i % length * factors.size() / length]);
  }
  return kept;
}

std::set<std::string> integer_convolutions(const std::string& model) {
  const auto types = types_in(model);
  const OnnxGraph graph(view(model), "quantized");
  std::set<std::string> integer;
  for (const auto& node : graph.nodes) {
    if (node.type == "Conv" && types.contains(node.inputs[1] + "_codes")) integer.insert(node.outputs[0]);
  }
  return integer;
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

TEST(Quantize, WindowsAreWhatConvolutionsSee) {
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
  const ModelFile file(bytes);
  const auto shapes =
      inner_shapes(file.path(), {"images", "a_linear", "a", "b_linear", "b", "d", "said", "spread"}, kSide, kSide);
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
