#pragma once

#include <cstdint>

#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/watchdog.h"

namespace touchline::media {

/// Reads a file descriptor that cannot seek, such as standard input, and gives up as soon as `watchdog` says so
/// (libav*'s own pipe would block until the writer writes). Neither the descriptor nor the watchdog is owned; both must
/// outlive it.
class StdinSource {
 public:
  StdinSource(int descriptor, Watchdog& watchdog);
  StdinSource(const StdinSource&) = delete;
  StdinSource& operator=(const StdinSource&) = delete;

  AVIOContext* io() const { return io_.get(); }
  /// How many bytes came so far.
  std::int64_t bytes() const { return bytes_; }

 private:
  static int read(void* self, std::uint8_t* buffer, int size);

  int descriptor_;
  Watchdog& watchdog_;
  std::int64_t bytes_ = 0;
  UniqueIo io_;
};

}  // namespace touchline::media
