#include "touchline/pipeline/options.h"

#include <fmt/ranges.h>

#include "touchline/base/error.h"

namespace touchline::pipeline {
namespace {

const std::set<std::string> kFormats = {"jsonl", "csv", "mot", "coco", "scorevision"};
const std::set<std::string> kOverlayLayers = {"boxes", "radar", "control", "threat", "bar"};

void check_names(const char* setting, const std::set<std::string>& names, const std::set<std::string>& known) {
  for (const auto& name : names) {
    TOUCHLINE_REQUIRE(known.contains(name), "{}: '{}' is none of {}", setting, name, fmt::join(known, ", "));
  }
}

}  // namespace

void AnalyzeOptions::check() const {
  TOUCHLINE_REQUIRE(device == "auto" || device == "cpu",
                    "device: '{}' is not in this build, which runs on the CPU; use auto or cpu", device);
  TOUCHLINE_REQUIRE(batch >= 0 && batch <= 64, "batch: {} is outside 1..64 (or auto)", batch);
  TOUCHLINE_REQUIRE(stride >= 1 && stride <= 50, "stride: {} is outside 1..50", stride);
  TOUCHLINE_REQUIRE(threads >= 0 && threads <= 1024, "threads: {} is outside 0..1024", threads);
  TOUCHLINE_REQUIRE(lookahead_s >= 0 && lookahead_s <= 5, "lookahead: {} s is outside 0..5", lookahead_s);
  TOUCHLINE_REQUIRE(!person_score || (*person_score > 0 && *person_score < 1),
                    "person-score: {} is not between 0 and 1", *person_score);
  TOUCHLINE_REQUIRE(frame_rate >= 1 && frame_rate <= 240, "rate: {} frames a second is outside 1..240", frame_rate);
  TOUCHLINE_REQUIRE(frames >= 0, "frames: {} is below 0", frames);
  check_names("formats", formats, kFormats);
  check_names("overlay", overlay, kOverlayLayers);
}

}  // namespace touchline::pipeline
