#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "touchline/base/error.h"
#include "touchline/records/json_lines.h"

using namespace touchline;

/// Foreign bytes are a frame or an Error, and what was read is written and read again as the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  constexpr records::PictureSize kPicture = {1280, 720};
  std::string once;
  std::string twice;
  try {
    records::append_json_line(once, records::parse_json_line(line, kPicture));
    records::append_json_line(twice, records::parse_json_line(once, kPicture));
  } catch (const base::Error&) {
    return 0;  // a camera at the very edge of having an inverse may lose it to the rounding
  }
  if (once != twice) std::abort();
  return 0;
}
