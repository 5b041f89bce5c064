#pragma once

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

 private:
  static int read(void* self, std::uint8_t* buffer, int size);

  int descriptor_;
  Watchdog& watchdog_;
  UniqueIo io_;
};

}  // namespace touchline::media
