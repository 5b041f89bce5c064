#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "testing/temp_path.h"
#include "touchline/inference/testing/made_network.h"

namespace touchline::inference::testing {

/// A model file that goes away with the test.
class ModelFile {
 public:
  explicit ModelFile(const std::string& bytes);
  std::filesystem::path path() const { return path_.path(); }

 private:
  tests::TempPath path_;
};

/// A picture for made networks.
Floats picture_of(unsigned seed);

/// The 8-bit form of a made network, by that many pictures.
std::string quantized(const std::filesystem::path& model, int pictures = 3);

/// Element types of all initializers.
std::map<std::string, std::uint64_t> types_in(const std::string& model);

/// Raw bytes of an initializer as signed integers.
std::vector<std::int8_t> integers_in(const std::string& model, const std::string& wanted);

/// The weights `name` as their integers have them, with what the channels of these maps, read one behind the other, are
/// scaled by taken back.
Floats kept_weights(const std::string& model, const std::string& name, const std::vector<std::string>& maps);

}  // namespace touchline::inference::testing
