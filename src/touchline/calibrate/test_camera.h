#pragma once

#include <cmath>
#include <random>

#include "touchline/geometry/camera_model.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"
#include "touchline/match/pitch_pose.h"

namespace touchline::calibrate {

inline constexpr int kTestWidth = 1280;
inline constexpr int kTestHeight = 720;

/// A television main camera: 16 m high on the halfway line, for tests.
inline geometry::CameraModel main_camera(double pan_rad = 0.1, double focal_px = 1300) {
  return {pan_rad, 0.22, 0.01, std::log(focal_px), -1, -66, 16, 0.03};
}

/// What a network would see of the landmarks inside the picture, with Gaussian noise.
inline match::SeenPoints seen_by(const geometry::CameraModel& camera, double noise_px, unsigned seed,
                                 const match::PitchModel& pitch = match::PitchModel()) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 1);
  const geometry::CameraProjector projector(camera, kTestWidth, kTestHeight);
  match::SeenPoints points{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double dx = noise_px * noise(random);
    const double dy = noise_px * noise(random);
    const auto p = projector.project(pitch.landmarks()[i]);
    if (!p || p->x < 0 || p->x > kTestWidth || p->y < 0 || p->y > kTestHeight) continue;
    points[i] = {{p->x + dx, p->y + dy}, 0.9F};
  }
  return points;
}

inline int count_seen(const match::SeenPoints& points) {
  int seen = 0;
  for (const auto& point : points) seen += point.score > 0 ? 1 : 0;
  return seen;
}

/// A slow pan with a zoom, 25 frames a second.
inline geometry::CameraModel panning_camera(double frame) {
  return main_camera(0.25 * std::sin(0.03 * frame), 1300 + 200 * std::sin(0.02 * frame));
}

/// Mean distance between a pose and the truth over the landmarks in the picture, pixels.
inline double landmark_error_px(const match::PitchPose& pose, const geometry::CameraModel& truth,
                                const match::PitchModel& pitch = match::PitchModel()) {
  const auto exact = seen_by(truth, 0, 1, pitch);
  double sum = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (exact[i].score == 0) continue;
    const auto p = pose.camera->image_from_pitch(pitch.landmarks()[i]);
    sum += p ? geometry::distance_px(*p, exact[i].point_px) : 1e6;
  }
  return sum / count_seen(exact);
}

}  // namespace touchline::calibrate
