#include "touchline/media/ffmpeg/stdin_source.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <new>

namespace touchline::media {
namespace {

constexpr int kBufferBytes = 64 * 1024;
constexpr int kPoll_ms = 50;

}  // namespace

StdinSource::StdinSource(int descriptor, Watchdog& watchdog) : descriptor_(descriptor), watchdog_(watchdog) {
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kBufferBytes));
  if (buffer == nullptr) throw std::bad_alloc();
  io_.reset(avio_alloc_context(buffer, kBufferBytes, 0, this, &StdinSource::read, nullptr, nullptr));
  if (!io_) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  io_->seekable = 0;
}

int StdinSource::read(void* self, std::uint8_t* buffer, int size) {
  auto* source = static_cast<StdinSource*>(self);
  while (Watchdog::interrupt(&source->watchdog_) == 0) {
    pollfd waiting{source->descriptor_, POLLIN, 0};
    const int ready = poll(&waiting, 1, kPoll_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t count = ::read(source->descriptor_, buffer, static_cast<std::size_t>(size));
    source->bytes_ += std::max<ssize_t>(count, 0);
    if (count > 0) return static_cast<int>(count);
    if (count == 0) return AVERROR_EOF;
    if (errno != EINTR && errno != EAGAIN) return AVERROR(errno);
  }
  return AVERROR_EXIT;
}

}  // namespace touchline::media
