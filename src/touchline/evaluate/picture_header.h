#pragma once

#include <optional>
#include <span>
#include <string>

#include "touchline/records/json_lines.h"

namespace touchline::evaluate {

/// Width and height that the head of a JPEG or PNG file states; empty when the bytes are neither. Thread-safe.
std::optional<records::PictureSize> picture_size_of(std::span<const unsigned char> bytes);

/// The size of a picture file, from its head alone.
/// Throws Error(kNotFound) without the file, Error(kBadInput) when it is no JPEG or PNG.
records::PictureSize read_picture_size(const std::string& path);

}  // namespace touchline::evaluate
