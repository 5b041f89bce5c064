#include "touchline/track/picture_motion.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace touchline::track {
namespace {

using geometry::ImagePoint;
using geometry::Mat3;

constexpr std::size_t kLeastPeople = 4;
constexpr std::size_t kLeastPeopleForZoom = 8;
constexpr double kLargestZoom = 1.15;
constexpr double kContradiction = 0.25;  // median error in heights beyond which people disprove the cameras

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Mat3 zoom_about(ImagePoint center, double scale, ImagePoint shift) {
  return {scale, 0, center.x * (1 - scale) + shift.x, 0, scale, center.y * (1 - scale) + shift.y, 0, 0, 1};
}

}  // namespace

ImagePoint moved(const Mat3& now_from_before, ImagePoint before_px) {
  const auto [x, y, w] = geometry::apply(now_from_before, before_px.x, before_px.y);
  const double size = std::abs(x) + std::abs(y) + std::abs(w);
  return std::abs(w) > 1e-6 * size ? ImagePoint{x / w, y / w} : before_px;
}

void PictureMotion::reset() {
  known_.clear();
  camera_.reset();
}

std::optional<Mat3> PictureMotion::update(std::span<const match::Track> people, const match::PitchPose& pose) {
  if (people.empty() && pose.state != match::PoseState::kMeasured) return std::nullopt;
  pair_up(people);
  const auto by_people = from_people();
  const auto by_cameras = from_cameras(pose);
  known_.clear();
  for (const auto& person : people) {
    if (person.state == match::State::kDetected) known_.push_back({person.id, person.box_px.foot()});
  }
  camera_ = pose.state == match::PoseState::kMeasured ? pose.camera : std::nullopt;
  if (by_cameras && (moved_.size() < kLeastPeople || median_error_heights(*by_cameras) < kContradiction)) {
    return *by_cameras;
  }
  return by_people.value_or(geometry::kIdentity);
}

void PictureMotion::pair_up(std::span<const match::Track> people) {
  moved_.clear();
  for (const auto& person : people) {
    if (person.state != match::State::kDetected) continue;
    const auto at = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.id == person.id; });
    if (at == known_.end()) continue;
    moved_.push_back({at->foot_px, person.box_px.foot(), std::max(1.0, double(person.box_px.height()))});
  }
}

std::optional<Mat3> PictureMotion::from_people() {
  if (moved_.size() < kLeastPeople) return std::nullopt;
  values_.clear();
  for (const auto& pair : moved_) values_.push_back(pair.now.x - pair.before.x);
  const double dx = median(values_);
  values_.clear();
  for (const auto& pair : moved_) values_.push_back(pair.now.y - pair.before.y);
  const double dy = median(values_);
  const ImagePoint shift = {dx, dy};
  double n = 0;
  ImagePoint center;
  for (const auto& pair : moved_) {
    center.x += pair.before.x;
    center.y += pair.before.y;
    ++n;
  }
  center = {center.x / n, center.y / n};
  if (moved_.size() < kLeastPeopleForZoom) return zoom_about(center, 1, shift);
  double spread = 0;
  double stretch = 0;
  for (const auto& pair : moved_) {
    const double ex = pair.now.x - pair.before.x - dx;
    const double ey = pair.now.y - pair.before.y - dy;
    if (std::hypot(ex, ey) > pair.height_px / 2) continue;
    const double bx = pair.before.x - center.x;
    const double by = pair.before.y - center.y;
    spread += bx * bx + by * by;
    stretch += bx * ex + by * ey;
  }
  const double scale = spread > 0 ? std::clamp(1 + stretch / spread, 1 / kLargestZoom, kLargestZoom) : 1;
  return zoom_about(center, scale, shift);
}

std::optional<Mat3> PictureMotion::from_cameras(const match::PitchPose& pose) {
  if (!camera_ || !pose.camera || pose.state != match::PoseState::kMeasured) return std::nullopt;
  return geometry::normalized(
      geometry::multiply(pose.camera->image_from_pitch_matrix(), camera_->pitch_from_image_matrix()));
}

double PictureMotion::median_error_heights(const Mat3& now_from_before) {
  values_.clear();
  for (const auto& pair : moved_) {
    values_.push_back(geometry::distance_px(moved(now_from_before, pair.before), pair.now) / pair.height_px);
  }
  return median(values_);
}

}  // namespace touchline::track
