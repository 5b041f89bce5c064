#pragma once

#include <cstdint>
#include <vector>

#include "touchline/image/frame.h"

namespace touchline::image {

/// The picture as packed RGB, [height × width × 3], chroma repeated (not filtered). For snapshots and tests, not for
/// the frame path. Thread-safe.
std::vector<std::uint8_t> rgb_from_i420(const ConstI420View& picture);

/// Writes packed RGB, [height × width × 3], into a picture of the same size; chroma is the mean of its samples.
/// For tests and still pictures. Throws Error(kInvalidArgument) when the length is not height · width · 3. Thread-safe.
void i420_from_rgb(const I420View& picture, const std::vector<std::uint8_t>& rgb);

}  // namespace touchline::image
