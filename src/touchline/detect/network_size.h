#pragma once

#include <string>

namespace touchline::detect {

/// Width and height of a network's input, pixels.
struct NetworkSize {
  int width_px = 0;
  int height_px = 0;
  friend bool operator==(const NetworkSize&, const NetworkSize&) = default;
};

/// What `--size` means for a picture of source_width × source_height on `cores` CPU cores.
///
/// `auto`  the longer side is 640 on one core, 960 on two or three, 1280 on four or more, whatever the picture's own
///         size: the network was trained on players as tall as they are in a main camera's picture of 1280 pixels.
///         touchline_n on 75 pictures of five unseen matches at 1280, 960, 640: person AP50 .979, .964, .904; ball
///         within 8 px .745, .736, .610; computing time 1, 0.58, 0.28
/// `N`     the longer side, 64..4096, rounded up to a multiple of 32
/// `WxH`   exactly this, 32..4096, rounded up to multiples of 32
///
/// The shorter side follows the picture's aspect, rounded up to a multiple of 32, so the picture always fits.
/// Throws Error(kInvalidArgument) for any other text or sizes below 1. Thread-safe.
NetworkSize network_size(const std::string& text, int source_width, int source_height, int cores);

/// Half of `size`, each side rounded up to a multiple of 32. Thread-safe.
NetworkSize half_size_of(NetworkSize size);

}  // namespace touchline::detect
