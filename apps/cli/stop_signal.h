#pragma once

#include <stop_token>

namespace touchline::cli {

/// Ctrl-C and SIGTERM ask for an orderly end: what is finished is kept. A second one ends the program at once.
/// While an object lives, its token is stopped by those signals. One object at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const;
};

}  // namespace touchline::cli
