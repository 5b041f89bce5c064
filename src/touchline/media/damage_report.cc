#include "touchline/media/damage_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace touchline::media {
namespace {

constexpr double kSameStretch_s = 1.0;
constexpr double kSuspicion_s = 2.0;  // frames come out of a decoder some time after their packets went in

std::string counted(std::int64_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string DamageReport::sentence() const {
  std::string text;
  if (packets_lost > 0 || frames_lost > 0) {
    text = fmt::format("{} skipped ({} and {} lost, first at {:.2f} s)", counted(stretches, "damaged stretch"),
                       counted(packets_lost, "packet"), counted(frames_lost, "frame"), first_s.value_or(0));
    if (stretches > 1) text.replace(text.find("stretchs"), 8, "stretches");
  }
  if (ended_early) text += fmt::format("{}the source broke off early: {}", text.empty() ? "" : "; ", reason);
  return text;
}

DamageCounter::DamageCounter(double frame_rate) : frame_rate_(frame_rate) {}

void DamageCounter::lose_packet(double time_s) {
  extend(time_s);
  suspect(time_s);
  ++report_.packets_lost;
}

void DamageCounter::lose_frame(double time_s) {
  extend(time_s);
  suspect(time_s);
  ++pending_frames_;
}

void DamageCounter::suspect(double time_s) {
  suspect_s_ = time_s;
}

void DamageCounter::end_early(double time_s, const std::string& reason) {
  if (!report_.first_s) report_.first_s = time_s;
  report_.ended_early = true;
  report_.reason = reason;
}

void DamageCounter::deliver(double time_s) {
  if (suspect_s_ && delivered_s_) {
    const std::int64_t missing = std::llround((time_s - *delivered_s_) * frame_rate_) - 1;
    if (missing > 0) extend(*delivered_s_ + 1 / frame_rate_);
    pending_frames_ = std::max(pending_frames_, missing);
    if (missing > 0 || time_s > *suspect_s_ + kSuspicion_s) suspect_s_.reset();
  }
  finish();
  delivered_s_ = time_s;
}

void DamageCounter::finish() {
  report_.frames_lost += pending_frames_;
  pending_frames_ = 0;
}

void DamageCounter::extend(double time_s) {
  if (report_.stretches == 0 || std::abs(time_s - last_loss_s_) > kSameStretch_s) ++report_.stretches;
  if (!report_.first_s) report_.first_s = time_s;
  last_loss_s_ = time_s;
}

}  // namespace touchline::media
