#include "touchline/records/sample_frames.h"

#include <cmath>

namespace touchline::records {
namespace {

/// A camera at the side line's middle, 30 m behind it and 20 m up, looking at the centre: hand-made, any will do.
geometry::PitchCamera sample_camera() {
  const geometry::Mat3 image_from_pitch = {1100, 420, 41600, 0, -210, 19500, 0, 0.65, 65};
  return *geometry::PitchCamera::make(image_from_pitch, 0.0125, kSamplePicture.width_px, kSamplePicture.height_px);
}

match::Track sample_track(int number) {
  match::Track track;
  track.id = number + 1;
  const float x = 10.25F + 40.5F * static_cast<float>(number % 25);
  const float y = 200.75F + 11.5F * static_cast<float>(number % 30);
  track.box_px = {x, y, x + 21.5F, y + 52.25F};
  track.person_class = static_cast<match::PersonClass>(number % 3);
  track.score = 0.875F;
  track.state = static_cast<match::State>(number / 3 % 3);
  track.team = {static_cast<match::Team>(number % 3), 0.75F};
  track.position_m = geometry::PitchPoint{-40.12 + 3.25 * number, 12.34 - number};
  track.speed_mps = 5.2;
  return track;
}

}  // namespace

match::MatchFrame full_sample_frame(std::int64_t index, int people) {
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = std::round(static_cast<double>(index) * 4e4) / 1e6;
  frame.shot = static_cast<int>(index / 100);
  frame.pose.state = match::PoseState::kMeasured;
  frame.pose.camera = sample_camera();
  frame.pose.error_px = 1.4;
  frame.pose.error_m = 0.213;
  for (std::size_t i = 0; i < frame.pose.points.size(); i += 2) {
    frame.pose.points[i] = {{31.25 + 37 * static_cast<double>(i), 702.13 - 20 * static_cast<double>(i)}, 0.9375F};
  }
  for (int i = 0; i < people; ++i) frame.tracks.push_back(sample_track(i));
  frame.ball = match::Ball{{641.5, 361.25}, {637, 357, 646, 366}, match::State::kInterpolated, 0.5F, {{1.25, -0.5}}};
  frame.possession = match::Possession::kA;
  frame.attack.a = 1;
  frame.visible_pitch = 0.4625;
  frame.control = match::PitchControl{match::PitchControl::Model::kVoronoi, 0, 0, {}, {}, 0.5412, 0.4588};
  frame.threat = match::Threat{0.2101, 0.1702};
  frame.eval = match::EvalBar{18.25, 0.834, {0.0824, 0.1049, std::nullopt, -0.125}};
  frame.timings_ms = {{"decode", 0.625}, {"network", 21.5}};
  return frame;
}

match::MatchFrame empty_sample_frame(std::int64_t index) {
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = std::round(static_cast<double>(index) * 4e4) / 1e6;
  return frame;
}

}  // namespace touchline::records
