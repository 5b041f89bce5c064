#include "touchline/detect/network_size.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

constexpr int kGrain = 32;
constexpr int kMaxSide = 4096;

int rounded_up(double side) {
  const int grains = static_cast<int>(std::ceil(side / kGrain - 1e-9));
  return std::clamp(grains * kGrain, kGrain, kMaxSide);
}

/// A whole number that fills the text; −1 otherwise.
int parse_side(std::string_view text) {
  int side = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  return error == std::errc() && end == text.data() + text.size() ? side : -1;
}

NetworkSize with_longer_side(int longer, int source_width, int source_height) {
  const double scale = static_cast<double>(longer) / std::max(source_width, source_height);
  return {rounded_up(source_width * scale), rounded_up(source_height * scale)};
}

int longer_side_for(int cores) {
  if (cores >= 4) return 1280;
  return cores >= 2 ? 960 : 640;
}

}  // namespace

NetworkSize network_size(const std::string& text, int source_width, int source_height, int cores) {
  TOUCHLINE_REQUIRE(source_width >= 1 && source_height >= 1, "a picture of {}x{} has no network size", source_width,
                    source_height);
  if (text == "auto") return with_longer_side(longer_side_for(cores), source_width, source_height);
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) {
    const int longer = parse_side(text);
    if (longer >= 64 && longer <= kMaxSide) return with_longer_side(rounded_up(longer), source_width, source_height);
  } else {
    const int width = parse_side(std::string_view(text).substr(0, cross));
    const int height = parse_side(std::string_view(text).substr(cross + 1));
    if (width >= kGrain && width <= kMaxSide && height >= kGrain && height <= kMaxSide) {
      return {rounded_up(width), rounded_up(height)};
    }
  }
  base::fail(base::ErrorCode::kInvalidArgument,
             "the network size '{}' is none of auto, N (longer side, 64..4096) and WxH (32..4096)", text);
}

NetworkSize half_size_of(NetworkSize size) {
  return {rounded_up(0.5 * size.width_px), rounded_up(0.5 * size.height_px)};
}

}  // namespace touchline::detect
