#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace touchline::inference {

/// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits. Thread-safe.
std::string sha256(std::span<const std::uint8_t> bytes);

/// The same of a file's bytes. Throws Error(kIo) when it cannot be read. Thread-safe.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace touchline::inference
