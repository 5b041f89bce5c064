#include "touchline/evaluate/picture_header.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

using base::ErrorCode;
using base::fail;
using records::PictureSize;
using Bytes = std::span<const unsigned char>;

constexpr std::size_t kHeadBytes = 1 << 18;  // a JPEG's size stands behind its thumbnails and colour profiles

int big_endian16(Bytes bytes, std::size_t at) {
  return bytes[at] << 8 | bytes[at + 1];
}

std::optional<PictureSize> checked(int width, int height) {
  if (width < 1 || height < 1) return std::nullopt;
  return PictureSize{width, height};
}

/// Walks a JPEG's segments to the frame header (SOF0 to SOF15 without DHT, JPG, DAC).
std::optional<PictureSize> jpeg_size(Bytes bytes) {
  std::size_t at = 2;
  while (at + 9 <= bytes.size()) {
    if (bytes[at] != 0xFF) return std::nullopt;
    const int marker = bytes[at + 1];
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const bool is_frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) return checked(big_endian16(bytes, at + 7), big_endian16(bytes, at + 5));
    at += 2 + static_cast<std::size_t>(big_endian16(bytes, at + 2));
  }
  return std::nullopt;
}

std::optional<PictureSize> png_size(Bytes bytes) {
  if (bytes.size() < 24 || bytes[16] != 0 || bytes[17] != 0 || bytes[20] != 0 || bytes[21] != 0) return std::nullopt;
  return checked(big_endian16(bytes, 18), big_endian16(bytes, 22));
}

}  // namespace

std::optional<PictureSize> picture_size_of(Bytes bytes) {
  constexpr std::array<unsigned char, 4> kPng = {0x89, 'P', 'N', 'G'};
  if (bytes.size() < 4) return std::nullopt;
  if (bytes[0] == 0xFF && bytes[1] == 0xD8) return jpeg_size(bytes);
  if (std::equal(kPng.begin(), kPng.end(), bytes.begin())) return png_size(bytes);
  return std::nullopt;
}

PictureSize read_picture_size(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(ErrorCode::kNotFound, "cannot read '{}': {}", path, base::system_error_text(errno));
  std::vector<unsigned char> head(kHeadBytes);
  file.read(reinterpret_cast<char*>(head.data()), static_cast<std::streamsize>(head.size()));
  const auto size = picture_size_of(Bytes(head).first(static_cast<std::size_t>(file.gcount())));
  if (!size) fail(ErrorCode::kBadInput, "'{}' is neither a JPEG nor a PNG picture", path);
  return *size;
}

}  // namespace touchline::evaluate
