#include "touchline/media/frame_reader.h"

#include <filesystem>

#include "touchline/base/error.h"
#include "touchline/media/folder_reader.h"
#include "touchline/media/stream_reader.h"

namespace touchline::media {

void ReadOptions::check() const {
  TOUCHLINE_REQUIRE(threads >= 1 && threads <= 64, "decoder threads {} are outside 1..64", threads);
  TOUCHLINE_REQUIRE(folder_frame_rate >= 0.001 && folder_frame_rate <= 1000,
                    "the frame rate of a folder, {}, is outside 0.001..1000", folder_frame_rate);
  TOUCHLINE_REQUIRE(timeout_s >= 0.1 && timeout_s <= 3600, "a timeout of {} s is outside 0.1..3600", timeout_s);
}

std::unique_ptr<FrameReader> FrameReader::open(const std::string& input, const ReadOptions& options) {
  options.check();
  TOUCHLINE_REQUIRE(!input.empty(), "the input is empty; give a file, a folder of pictures, an address or -");
  std::error_code error;
  if (std::filesystem::is_directory(input, error)) return open_folder(input, options);
  return open_stream(input, options);
}

}  // namespace touchline::media
