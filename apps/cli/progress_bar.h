#pragma once

#include <cstdint>
#include <string>

#include "touchline/base/clock.h"

namespace touchline::cli {

/// One line on a terminal: bar, share, rate and remaining time. Prints nothing when standard error is no terminal.
/// Not thread-safe.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// total 0 = unknown. Redraws at most ten times a second.
  void update(std::int64_t done, std::int64_t total);

  /// Takes the line away, so that results can be printed.
  void clear();

 private:
  bool terminal_;
  bool drawn_ = false;
  base::Stopwatch since_start_;
  base::Stopwatch since_drawn_;
};

/// The line a terminal shows, for instance "[=====>    ]  52 %  420/817 frames  31.2/s  0:13 left".
std::string progress_line(std::int64_t done, std::int64_t total, double elapsed_s);

}  // namespace touchline::cli
