#include "touchline/evaluate/seen_frames.h"

#include <algorithm>
#include <filesystem>

#include "touchline/base/error.h"
#include "touchline/records/json_lines.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using records::ObjectClass;

/// As a detector would say it.
records::DetectedPicture seen_in(const match::MatchFrame& frame, const std::string& image) {
  records::DetectedPicture picture{image, {}, frame.pose.points};
  for (const match::Track& track : frame.tracks) {
    picture.objects.push_back({records::object_class_of(track.person_class), track.box_px, double(track.score), {}});
  }
  if (frame.ball) picture.objects.push_back({ObjectClass::kBall, frame.ball->box_px, double(frame.ball->score), {}});
  return picture;
}

void add_run(std::vector<records::DetectedPicture>& seen, const fs::path& file, const CameraLabels& clip) {
  records::FrameFileReader reader(file.string(), clip.size);
  while (const auto frame = reader.next()) {
    const auto labeled = [&](const LabeledFrame& one) { return one.frame == frame->index; };
    if (std::ranges::none_of(clip.frames, labeled)) continue;
    seen.push_back(seen_in(*frame, frame_name(clip.clip, frame->index)));
  }
}

}  // namespace

std::vector<records::DetectedPicture> read_seen_frames(const std::string& path,
                                                       const std::vector<CameraLabels>& labels) {
  if (!fs::is_directory(path)) return records::read_detections(path);
  std::vector<records::DetectedPicture> seen;
  for (const CameraLabels& clip : labels) {
    const fs::path file = fs::path(path) / clip.clip / "frames.jsonl";
    if (fs::exists(file)) add_run(seen, file, clip);
  }
  if (seen.empty()) {
    base::fail(base::ErrorCode::kNotFound,
               "'{}' holds no run of a labelled clip: analyze each with --out {}/CLIP, for instance {}/{}", path, path,
               path, labels.front().clip);
  }
  return seen;
}

}  // namespace touchline::evaluate
