#pragma once

#include <stop_token>

namespace touchline::media {

/// How an input is read.
struct ReadOptions {
  int threads = 2;                ///< decoder threads, 1..64; more than 1 decodes several frames at once
  double folder_frame_rate = 25;  ///< pictures per second of a folder of pictures, 0.001..1000
  double timeout_s = 10;          ///< longest silence of an address, seconds, 0.1..3600
  std::stop_token stop = {};      ///< once stop is requested, blocking reads return and next() answers "no more"

  /// Throws Error(kInvalidArgument) when a field is out of range.
  void check() const;
};

}  // namespace touchline::media
