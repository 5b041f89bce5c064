#include "touchline/media/timeline.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::media {
namespace {

constexpr double kClockRestart_s = 1.0;
constexpr double kHair_s = 1e-3;

}  // namespace

Timeline::Timeline(double frame_rate) : frame_s_(1 / frame_rate) {
  TOUCHLINE_REQUIRE(std::isfinite(frame_rate) && frame_rate > 0, "a frame rate of {} is not above 0", frame_rate);
}

double Timeline::next(std::optional<double> pts_s) {
  double time_s = 0;
  if (!last_s_) {
    time_s = pts_s.value_or(0);
  } else if (!pts_s) {
    time_s = *last_s_ + frame_s_;
  } else {
    if (*pts_s + offset_s_ < *last_s_ - kClockRestart_s) offset_s_ = *last_s_ + frame_s_ - *pts_s;
    time_s = *pts_s + offset_s_;
    if (time_s <= *last_s_) time_s = *last_s_ + std::min(kHair_s, frame_s_ / 4);
  }
  last_s_ = time_s;
  return time_s;
}

}  // namespace touchline::media
