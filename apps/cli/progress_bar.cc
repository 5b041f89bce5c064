#include "apps/cli/progress_bar.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace touchline::cli {
namespace {

constexpr int kBarWidth = 28;
constexpr double kRedrawMs = 100;

}  // namespace

std::string progress_line(std::int64_t done, std::int64_t total, double elapsed_s) {
  const double rate = elapsed_s > 0 ? static_cast<double>(done) / elapsed_s : 0;
  if (total <= 0) return fmt::format("{} frames  {:.1f}/s", done, rate);
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  const std::string bar = std::string(filled, '=') + (filled < kBarWidth ? ">" : "") +
                          std::string(kBarWidth - std::min<std::size_t>(kBarWidth, filled + 1), ' ');
  const auto left_s =
      rate > 0 ? static_cast<std::int64_t>(static_cast<double>(std::max<std::int64_t>(0, total - done)) / rate + 0.5)
               : 0;
  return fmt::format("[{}] {:3.0f} %  {}/{} frames  {:.1f}/s  {}:{:02} left", bar.substr(0, kBarWidth), 100 * share,
                     done, total, rate, left_s / 60, left_s % 60);
}

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::clear() {
  if (drawn_) std::fputs("\r\033[K", stderr);
  drawn_ = false;
}

void ProgressBar::update(std::int64_t done, std::int64_t total) {
  if (!terminal_ || (drawn_ && since_drawn_.elapsed_ms() < kRedrawMs)) return;
  std::fprintf(stderr, "\r%s\033[K", progress_line(done, total, since_start_.elapsed_s()).c_str());
  std::fflush(stderr);
  drawn_ = true;
  since_drawn_.restart();
}

}  // namespace touchline::cli
