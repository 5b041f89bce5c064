// Foreign bytes as a video: FrameReader answers with frames or an Error, never with anything else.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "touchline/base/error.h"
#include "touchline/media/frame_reader.h"

namespace {

constexpr int kMaxFrames = 20;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = memfd_create("touchline_fuzz", 0);
  if (file < 0) return 0;
  const bool written = write(file, data, size) == static_cast<ssize_t>(size);
  try {
    const auto reader = touchline::media::FrameReader::open("/proc/self/fd/" + std::to_string(file), {.threads = 1});
    for (int i = 0; written && i < kMaxFrames && reader->next(); ++i) {
    }
  } catch (const touchline::base::Error&) {
  }
  close(file);
  return 0;
}
