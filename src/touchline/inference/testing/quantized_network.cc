#include "touchline/inference/testing/quantized_network.h"

#include <fstream>

#include "touchline/inference/quantize.h"

namespace touchline::inference::testing {
namespace {

/// Calls visit(name, type, raw bytes) for every initializer.
template <typename Visit>
void each_initializer(const std::string& model, Visit visit) {
  wire::each_field(view(model), [&](const wire::Field& part) {
    if (part.number != 7) return;
    wire::each_field(part.bytes, [&](const wire::Field& field) {
      if (field.number != 5) return;
      std::string name;
      std::uint64_t type = 0;
      wire::Bytes raw;
      wire::each_field(field.bytes, [&](const wire::Field& inner) {
        if (inner.number == 8) name = inner.text();
        if (inner.number == 2) type = inner.value;
        if (inner.number == 9) raw = inner.bytes;
      });
      visit(name, type, raw);
    });
  });
}

}  // namespace

ModelFile::ModelFile(const std::string& bytes) : path_(".onnx") {
  std::ofstream(path_.path(), std::ios::binary) << bytes;
}

Floats picture_of(unsigned seed) {
  return random_floats(3 * kSide * kSide, seed, 0, 1);
}

std::string quantized(const std::filesystem::path& model, int pictures) {
  Quantizer quantizer(model, 1);
  for (int k = 0; k < pictures; ++k) quantizer.measure(picture_of(static_cast<unsigned>(k)), kSide, kSide);
  return quantizer.finish();
}

std::map<std::string, std::uint64_t> types_in(const std::string& model) {
  std::map<std::string, std::uint64_t> types;
  each_initializer(model, [&](const std::string& name, std::uint64_t type, const wire::Bytes&) { types[name] = type; });
  return types;
}

std::vector<std::int8_t> integers_in(const std::string& model, const std::string& wanted) {
  std::vector<std::int8_t> integers;
  each_initializer(model, [&](const std::string& name, std::uint64_t, const wire::Bytes& raw) {
    if (name == wanted) integers.assign(raw.begin(), raw.end());
  });
  return integers;
}

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

}  // namespace touchline::inference::testing
