#include <cstddef>
#include <cstdint>
#include <string_view>

#include "touchline/base/error.h"
#include "touchline/evaluate/camera_labels.h"
#include "touchline/evaluate/labels.h"
#include "touchline/evaluate/picture_header.h"

using namespace touchline;

/// The first byte chooses the reader: object labels, point labels, labels of clips or a picture's head. Anything but an
/// Error is a defect.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 4) {
      case 0:
        evaluate::parse_object_labels(text, {1280, 720}, "labels.txt");
        break;
      case 1:
        evaluate::parse_point_labels(text, {1280, 720}, "labels.txt");
        break;
      case 2:
        evaluate::parse_camera_labels(text, "labels.jsonl");
        break;
      default:
        evaluate::picture_size_of({data + 1, size - 1});
    }
  } catch (const base::Error&) {
  }
  return 0;
}
