#include "touchline/track/camera_motion.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace touchline::track {
namespace {

using geometry::ImagePoint;

constexpr double kLargestZoom = 1.15;  // of one step; a wider change is a wrong fit

std::optional<ImagePoint> through_pitch(const CameraMotion& motion, ImagePoint before_px) {
  if (!motion.before || !motion.after) return std::nullopt;
  const auto place = motion.before->pitch_from_image(before_px);
  return place ? motion.after->image_from_pitch(*place) : std::nullopt;
}

}  // namespace

ImagePoint CameraMotion::map(ImagePoint before_px) const {
  if (const auto moved = through_pitch(*this, before_px)) return *moved;
  return {origin_px.x + shift_px.x + scale * (before_px.x - origin_px.x),
          origin_px.y + shift_px.y + scale * (before_px.y - origin_px.y)};
}

double CameraMotion::scale_at(ImagePoint before_px, double height_px) const {
  const auto left = through_pitch(*this, {before_px.x - height_px / 2, before_px.y});
  const auto right = through_pitch(*this, {before_px.x + height_px / 2, before_px.y});
  if (!left || !right || height_px <= 0) return scale;
  return std::clamp(geometry::distance_px(*left, *right) / height_px, 1 / kLargestZoom, kLargestZoom);
}

CameraMotionEstimator::CameraMotionEstimator(const CameraMotionOptions& options) : options_(options) {
  options_.check();
}

void CameraMotionEstimator::reset() {
  speed_px_ = {};
  last_camera_.reset();
}

CameraMotion CameraMotionEstimator::estimate(std::span<const Standing> before, std::span<const Standing> now,
                                             const match::PitchPose& pose, double dt_s) {
  CameraMotion motion;
  motion.shift_px = {speed_px_.x * dt_s, speed_px_.y * dt_s};
  int support = 0;
  if (!before.empty() && !now.empty()) {
    heights_.clear();
    for (const auto& person : before) heights_.push_back(person.height_px);
    std::nth_element(heights_.begin(), heights_.begin() + heights_.size() / 2, heights_.end());
    const auto expected = motion.shift_px;
    motion.shift_px = vote(before, now, expected, heights_[heights_.size() / 2]);
    support = refine(motion, before, now);
    if (support < options_.least_people) {
      motion = CameraMotion{};
      motion.shift_px = expected;
    }
  }
  if (support >= options_.least_people || before.empty()) {
    speed_px_ = {motion.shift_px.x / dt_s, motion.shift_px.y / dt_s};
  }
  const auto camera = pose.state == match::PoseState::kMeasured ? pose.camera : std::nullopt;
  if (camera && last_camera_) {
    CameraMotion seen = motion;
    seen.before = last_camera_;
    seen.after = camera;
    if (agreeing(seen, before, now) >= support) motion = seen;
  }
  last_camera_ = camera;
  return motion;
}

ImagePoint CameraMotionEstimator::vote(std::span<const Standing> before, std::span<const Standing> now,
                                       ImagePoint expected, double unit_px) {
  const auto side = static_cast<int>(std::ceil(options_.reach / options_.cell)) * 2 + 1;
  const double reach_px = options_.reach * unit_px;
  const double cell_px = 2 * reach_px / side;
  votes_.assign(static_cast<std::size_t>(side) * side, 0);
  pairs_.clear();
  for (const Standing& then : before) {
    for (const Standing& here : now) {
      const double dx = here.foot_px.x - then.foot_px.x - expected.x;
      const double dy = here.foot_px.y - then.foot_px.y - expected.y;
      if (std::abs(dx) >= reach_px || std::abs(dy) >= reach_px) continue;
      const double ratio = here.height_px / then.height_px;
      if (ratio < 0.7 || ratio > 1.4) continue;
      const double u = (dx + reach_px) / cell_px - 0.5;
      const double v = (dy + reach_px) / cell_px - 0.5;
      pairs_.push_back({u, v});
      const int u0 = std::clamp(static_cast<int>(std::floor(u)), 0, side - 2);
      const int v0 = std::clamp(static_cast<int>(std::floor(v)), 0, side - 2);
      const auto fu = static_cast<float>(u - u0);
      const auto fv = static_cast<float>(v - v0);
      float* cell = votes_.data() + static_cast<std::size_t>(v0) * side + u0;
      cell[0] += (1 - fu) * (1 - fv);
      cell[1] += fu * (1 - fv);
      cell[side] += (1 - fu) * fv;
      cell[side + 1] += fu * fv;
    }
  }
  // A 3 × 3 sum about each vote finds the peak; the picture going on as before is the weak favourite among equals.
  double best = -1;
  ImagePoint shift = expected;
  for (const auto& pair : pairs_) {
    const int u = std::clamp(static_cast<int>(std::lround(pair.u)), 1, side - 2);
    const int v = std::clamp(static_cast<int>(std::lround(pair.v)), 1, side - 2);
    double sum = 0;
    for (int k = -1; k <= 1; ++k) {
      const float* row = votes_.data() + static_cast<std::size_t>(v + k) * side + u;
      sum += row[-1] + row[0] + row[1];
    }
    const double dx = (u + 0.5) * cell_px - reach_px;
    const double dy = (v + 0.5) * cell_px - reach_px;
    const double score = sum - 0.5 * std::hypot(dx, dy) / unit_px;
    if (score > best) {
      best = score;
      shift = {expected.x + dx, expected.y + dy};
    }
  }
  return shift;
}

// Least squares for shift and scale over the pairs that agree, twice; answers how many agreed.
int CameraMotionEstimator::refine(CameraMotion& motion, std::span<const Standing> before,
                                  std::span<const Standing> now) const {
  int support = 0;
  for (int round = 0; round < 2; ++round) {
    double n = 0, bx = 0, by = 0, ax = 0, ay = 0, bb = 0, ba = 0, unit2 = 0;
    support = 0;
    for (const auto& person : before) {
      const auto expected = motion.map(person.foot_px);
      double nearest = options_.agreement * person.height_px;
      const Standing* partner = nullptr;
      for (const auto& other : now) {
        const double distance = geometry::distance_px(expected, other.foot_px);
        if (distance < nearest) {
          nearest = distance;
          partner = &other;
        }
      }
      if (partner == nullptr) continue;
      ++support;
      const double weight = 1 - nearest / (options_.agreement * person.height_px);
      n += weight;
      unit2 = std::max(unit2, person.height_px * person.height_px);
      bx += weight * person.foot_px.x;
      by += weight * person.foot_px.y;
      ax += weight * partner->foot_px.x;
      ay += weight * partner->foot_px.y;
      bb += weight * (person.foot_px.x * person.foot_px.x + person.foot_px.y * person.foot_px.y);
      ba += weight * (person.foot_px.x * partner->foot_px.x + person.foot_px.y * partner->foot_px.y);
    }
    if (support < options_.least_people || n < 1) return support;
    const ImagePoint middle = {bx / n, by / n};
    const double spread = bb - n * (middle.x * middle.x + middle.y * middle.y);
    const double together = ba - middle.x * ax - middle.y * ay;
    motion.origin_px = middle;
    motion.shift_px = {ax / n - middle.x, ay / n - middle.y};
    motion.scale = 1;
    if (support >= 2 * options_.least_people && spread > 1) {
      const double doubt =
          options_.zoom_noise * options_.zoom_noise * unit2 / (options_.zoom_spread * options_.zoom_spread);
      motion.scale =
          std::clamp(1 + (together / spread - 1) * spread / (spread + doubt), 1 / kLargestZoom, kLargestZoom);
    }
  }
  return support;
}

int CameraMotionEstimator::agreeing(const CameraMotion& motion, std::span<const Standing> before,
                                    std::span<const Standing> now) const {
  int count = 0;
  for (const auto& person : before) {
    const auto expected = motion.map(person.foot_px);
    const double limit = options_.agreement * person.height_px;
    count += std::any_of(now.begin(), now.end(),
                         [&](const Standing& other) { return geometry::distance_px(expected, other.foot_px) < limit; });
  }
  return count;
}

}  // namespace touchline::track
