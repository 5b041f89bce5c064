#pragma once

#include <cstdint>

namespace touchline::image::draw {

/// (target · (255 − alpha) + ink · alpha) / 255, rounded to nearest, exact for all bytes.
inline std::uint8_t mixed(std::uint8_t target, std::uint8_t ink, std::uint8_t alpha) {
  const auto sum = static_cast<std::uint16_t>(target * (255 - alpha) + ink * alpha + 128);
  return static_cast<std::uint8_t>(static_cast<std::uint16_t>(sum + (sum >> 8)) >> 8);
}

/// Mixes one value into `count` samples. All arrays hold `count` bytes and may not overlap.
inline void mix_constant(std::uint8_t* target, const std::uint8_t* alpha, std::uint8_t ink, int count) {
  for (int i = 0; i < count; ++i) target[i] = mixed(target[i], ink, alpha[i]);
}

/// Mixes a row of samples into another.
inline void mix_row(std::uint8_t* target, const std::uint8_t* alpha, const std::uint8_t* ink, int count) {
  for (int i = 0; i < count; ++i) target[i] = mixed(target[i], ink[i], alpha[i]);
}

/// Rounded mean of each 2×2 block of two rows of 2 · count bytes.
inline void mean_of_blocks(std::uint8_t* mean, const std::uint8_t* upper, const std::uint8_t* lower, int count) {
  for (int i = 0; i < count; ++i) {
    mean[i] = static_cast<std::uint8_t>((upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 2) >> 2);
  }
}

}  // namespace touchline::image::draw
