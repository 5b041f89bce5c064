#pragma once

#include <string>
#include <vector>

#include "touchline/evaluate/camera_labels.h"
#include "touchline/records/detections.h"

namespace touchline::evaluate {

/// What was seen in the labelled frames of clips. Of a run: people with the class of their track, the ball, the points;
/// people and ball that were not seen in this very frame, but filled in or foretold, are part of it.
///
/// path   a file of `touchline detect --frames-from`, or a folder of runs, RUNS/CLIP/frames.jsonl each, where CLIP is
///        the clip's file name; runs that are not there are left out
///
/// Throws Error as records::read_detections(), records::FrameFileReader, and kNotFound for a folder without any such
/// run.
std::vector<records::DetectedPicture> read_seen_frames(const std::string& path,
                                                       const std::vector<CameraLabels>& labels);

}  // namespace touchline::evaluate
