#include <cstddef>
#include <cstdint>
#include <string_view>

#include "touchline/base/error.h"
#include "touchline/records/detections.h"
#include "touchline/records/mot.h"

using namespace touchline;

/// The first byte chooses the reader: MOT rows or the file of `touchline detect`. Anything but an Error is a defect.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 2 == 0) {
      records::parse_mot_row(text);
    } else {
      records::parse_detections(text);
    }
  } catch (const base::Error&) {
  }
  return 0;
}
