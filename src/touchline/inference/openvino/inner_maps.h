#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace touchline::inference {

/// The shapes of tensors inside a network, for an input of one picture of this size. Tensors that the network does not
/// compute, or whose shape stays open, are left out. Throws Error as open_session().
std::map<std::string, std::vector<std::int64_t>> inner_shapes(const std::filesystem::path& model,
                                                              const std::vector<std::string>& tensors, int width_px,
                                                              int height_px);

/// A network, computed in FP32, whose inner maps can be read. Pictures of any size that it takes may follow one
/// another. Not thread-safe.
class InnerMaps {
 public:
  virtual ~InnerMaps() = default;

  /// picture  [1 × 3 × H × W] host floats
  /// Throws Error: kInvalidArgument when the picture's length is not 3·H·W; kInternal when the backend failed.
  virtual void run(std::span<const float> picture, int width_px, int height_px) = 0;

  /// The map `index` of the last run, host floats without gaps.
  virtual std::span<const float> map(std::size_t index) = 0;

  /// Its sizes, batch first.
  virtual std::vector<std::size_t> shape(std::size_t index) = 0;
};

/// width_px, height_px   of every picture to come; 0 = they differ, and the network takes any size
/// threads               as SessionOptions::threads
/// Throws Error as open_session(); kUnsupported when the network does not compute one of the tensors.
std::unique_ptr<InnerMaps> open_inner_maps(const std::filesystem::path& model, const std::vector<std::string>& tensors,
                                           int width_px, int height_px, int threads);

}  // namespace touchline::inference
