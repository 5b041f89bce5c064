#include "touchline/calibrate/pose_filter.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "touchline/base/error.h"

namespace touchline::calibrate {
namespace {

// Note [Pose filter]
// State: the eight camera parameters and the speeds of pan, tilt and log focal length. Between frames the speeds carry
// on and may change by the given accelerations; the place hardly moves, so its uncertainty shrinks over a shot and what
// is left to find in a frame is where the camera looks. The update is an iterated one: the most probable camera under
// Cauchy errors of the points with the prediction as prior (geometry::fit_camera); the speeds follow by conditioning.
// A frame whose own fit finds clearly more agreeing points than the prediction allows gets a second chance with pan,
// tilt and zoom set free; when even that fails a few times in a row, the past is wrong and the fit starts a new one.

constexpr std::size_t kN = geometry::kCameraParameters;
constexpr std::size_t kAll = kPoseStates;
constexpr std::array<std::size_t, 3> kMoving = {geometry::kPan, geometry::kTilt, geometry::kLogFocal};
constexpr double kStartSpeed = 0.3;     // rad/s and 1/s
constexpr double kFreeSpread = 0.5;     // rad and 1: pan, tilt, zoom set free
constexpr double kMinAgreement = 0.75;  // of the points its own fit agrees with
constexpr double kLongestStep_s = 0.5;  // predictions beyond this keep the speeds out
constexpr double kInflation = 2;        // of a single frame's covariance when it starts a filter

using Matrix8 = Eigen::Matrix<double, kN, kN, Eigen::RowMajor>;
using Vector8 = Eigen::Matrix<double, kN, 1>;
using Matrix11 = Eigen::Matrix<double, kAll, kAll, Eigen::RowMajor>;
using Vector11 = Eigen::Matrix<double, kAll, 1>;
using SpeedGain = Eigen::Matrix<double, 3, kN>;

double nearest_turn(double angle, double reference) {
  return angle - 2 * std::numbers::pi * std::round((angle - reference) / (2 * std::numbers::pi));
}

}  // namespace

void PoseFilterOptions::check() const {
  const auto within = [](const char* name, double value, double low, double high) {
    TOUCHLINE_REQUIRE(value >= low && value <= high, "{} {} is not in [{}, {}]", name, value, low, high);
  };
  within("min_score", min_score, 0, 1);
  within("sigma_px", sigma_px, 1e-6, 100);
  within("cauchy_scale", cauchy_scale, 1e-6, 100);
  within("pan_acceleration", pan_acceleration, 1e-9, 100);
  within("zoom_acceleration", zoom_acceleration, 1e-9, 100);
  within("roll_drift", roll_drift, 1e-9, 1);
  within("place_drift_m", place_drift_m, 1e-9, 100);
  within("k1_drift", k1_drift, 1e-9, 1);
  within("min_points", min_points, 2, 32);
  within("jump_frames", jump_frames, 1, 100);
  within("hold_s", hold_s, 0, 10);
  within("forget_s", forget_s, 0, 1000);
  quality.check();
}

geometry::CameraModel camera_model(const PoseStateVector& state) {
  geometry::CameraVector vector;
  std::copy_n(state.begin(), kN, vector.begin());
  return geometry::CameraModel::from_vector(vector);
}

PoseFilter::PoseFilter(int width_px, int height_px, const match::PitchModel& pitch, const PoseFilterOptions& options)
    : width_px_(width_px), height_px_(height_px), pitch_(pitch), options_(options) {
  options.check();
  TOUCHLINE_REQUIRE(width_px > 0 && height_px > 0, "a picture of {} x {} pixels has no area", width_px, height_px);
}

void PoseFilter::cut() {
  belief_.reset();
  step_ = {};
  contradictions_ = 0;
}

PoseFilter::Belief PoseFilter::started(const geometry::CameraEstimate& estimate) {
  step_.carries_on = false;
  Belief belief;
  const auto vector = estimate.camera.vector();
  std::copy(vector.begin(), vector.end(), belief.mean.begin());
  Eigen::Map<Matrix11> covariance(belief.covariance.data());
  const auto inverse = geometry::inverse_spd(estimate.information);
  covariance.topLeftCorner<kN, kN>() =
      inverse ? Matrix8(kInflation * Eigen::Map<const Matrix8>(inverse->data())) : Matrix8(Matrix8::Identity());
  covariance.bottomRightCorner<3, 3>().diagonal().setConstant(kStartSpeed * kStartSpeed);
  return belief;
}

PoseFilter::Belief PoseFilter::predicted(double dt_s) {
  Belief next = *belief_;
  const Matrix11 before = Eigen::Map<const Matrix11>(belief_->covariance.data());
  Eigen::Map<Matrix11> p(next.covariance.data());
  const double carried_s = std::min(dt_s, kLongestStep_s);
  Matrix11 transition = Matrix11::Identity();
  for (std::size_t i = 0; i < 3; ++i) {
    next.mean[kMoving[i]] += carried_s * next.mean[kN + i];
    transition(static_cast<Eigen::Index>(kMoving[i]), static_cast<Eigen::Index>(kN + i)) = carried_s;
  }
  p = transition * before * transition.transpose();
  for (std::size_t i = 0; i < 3; ++i) {
    const double a = kMoving[i] == geometry::kLogFocal ? options_.zoom_acceleration : options_.pan_acceleration;
    const auto place = static_cast<Eigen::Index>(kMoving[i]);
    const auto speed = static_cast<Eigen::Index>(kN + i);
    p(place, place) += a * a * std::pow(dt_s, 4) / 4;
    p(place, speed) += a * a * std::pow(dt_s, 3) / 2;
    p(speed, place) += a * a * std::pow(dt_s, 3) / 2;
    p(speed, speed) += a * a * dt_s * dt_s;
  }
  const auto drift = [&](std::size_t i, double per_root_s) {
    p(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)) += per_root_s * per_root_s * dt_s;
  };
  drift(geometry::kRoll, options_.roll_drift);
  drift(geometry::kPlaceX, options_.place_drift_m);
  drift(geometry::kPlaceY, options_.place_drift_m);
  drift(geometry::kPlaceZ, options_.place_drift_m);
  drift(geometry::kRadial, options_.k1_drift);
  step_.predicted = next.mean;
  // Rauch, Tung, Striebel (1965): covariance before, transition, inverse of the covariance after.
  Eigen::Map<Matrix11>(step_.gain.data()) = p.llt().solve(transition * before).transpose();
  return next;
}

PoseFilter::Belief PoseFilter::corrected(const Belief& prior, const geometry::CameraEstimate& estimate) const {
  Belief next;
  const Eigen::Map<const Matrix11> p(prior.covariance.data());
  Eigen::Map<Matrix11> q(next.covariance.data());
  const auto inverse = geometry::inverse_spd(estimate.information);
  if (!inverse) return prior;
  const Matrix8 before = p.topLeftCorner<kN, kN>();
  const Matrix8 after = Eigen::Map<const Matrix8>(inverse->data());
  const SpeedGain gain = before.llt().solve(p.topRightCorner<kN, 3>()).transpose();
  Vector8 moved;
  const auto vector = estimate.camera.vector();
  for (std::size_t i = 0; i < kN; ++i) {
    next.mean[i] = vector[i];
    moved(static_cast<Eigen::Index>(i)) = vector[i] - prior.mean[i];
  }
  const Eigen::Vector3d speed_change = gain * moved;
  for (std::size_t i = 0; i < 3; ++i) {
    next.mean[kN + i] = prior.mean[kN + i] + speed_change(static_cast<Eigen::Index>(i));
  }
  const SpeedGain cross = gain * after;
  q.topLeftCorner<kN, kN>() = after;
  q.bottomLeftCorner<3, kN>() = cross;
  q.topRightCorner<kN, 3>() = cross.transpose();
  q.bottomRightCorner<3, 3>() = p.bottomRightCorner<3, 3>() - gain * (before - after) * gain.transpose();
  return next;
}

std::optional<PoseFilter::Update> PoseFilter::fitted(const Belief& prior, const geometry::CameraModel& start,
                                                     const SeenPairs& seen) const {
  if (seen.count == 0) return std::nullopt;
  geometry::CameraMatrix covariance;
  const Eigen::Map<const Matrix11> p(prior.covariance.data());
  Eigen::Map<Matrix8>(covariance.data()) = p.topLeftCorner<kN, kN>();
  const auto information = geometry::inverse_spd(covariance);
  if (!information) return std::nullopt;
  geometry::CameraPrior belief;
  std::copy_n(prior.mean.begin(), kN, belief.mean.begin());
  belief.information = *information;
  geometry::CameraFitOptions options;
  options.sigma_px = options_.sigma_px * picture_scale(width_px_, height_px_);
  options.cauchy_scale = options_.cauchy_scale;
  options.tolerance = 0.02;
  options.max_steps = 12;
  const auto estimate = geometry::fit_camera(start, seen.span(), width_px_, height_px_, belief, options);
  if (!estimate) return std::nullopt;
  return Update{*estimate, assess(*estimate, seen.span(), width_px_, height_px_, pitch_, options_.quality)};
}

std::optional<PoseFilter::Belief> PoseFilter::absorbed(const Belief& prior, const std::optional<PoseFit>& fit,
                                                       const SeenPairs& seen, PoseQuality& quality) {
  const auto trusted = [&](const std::optional<Update>& update) {
    return update && update->quality.inliers >= options_.min_points &&
           (!fit || update->quality.inliers >= kMinAgreement * fit->quality.inliers) &&
           is_trusted(update->quality, width_px_, height_px_, options_.quality);
  };
  const geometry::CameraModel start = camera_model(prior.mean);
  auto update = fitted(prior, start, seen);
  if (trusted(update)) {
    quality = update->quality;
    contradictions_ = 0;
    return corrected(prior, update->estimate);
  }
  if (!fit) return std::nullopt;
  Belief freed = prior;
  Eigen::Map<Matrix11> p(freed.covariance.data());
  for (const std::size_t i : kMoving) {
    p(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)) += kFreeSpread * kFreeSpread;
  }
  geometry::CameraModel guess = fit->estimate.camera;
  guess.pan_rad = nearest_turn(guess.pan_rad, start.pan_rad);
  update = fitted(freed, guess, seen);
  if (trusted(update)) {
    quality = update->quality;
    contradictions_ = 0;
    return started(update->estimate);
  }
  if (++contradictions_ < options_.jump_frames) return std::nullopt;
  contradictions_ = 0;
  quality = fit->quality;
  return started(fit->estimate);
}

match::PitchPose PoseFilter::shown(match::PoseState state, const PoseQuality& quality) const {
  match::PitchPose pose;
  const auto model = camera_model(belief_->mean);
  if (!is_plausible(model, width_px_, height_px_, options_.quality)) return pose;
  pose.camera = model.pitch_camera(width_px_, height_px_);
  if (!pose.camera) return pose;
  pose.state = state;
  if (state == match::PoseState::kMeasured) pose.error_px = quality.error_px;
  if (std::isfinite(quality.error_m)) pose.error_m = quality.error_m;
  return pose;
}

match::PitchPose PoseFilter::held() const {
  geometry::CameraMatrix covariance;
  Eigen::Map<Matrix8>(covariance.data()) =
      Eigen::Map<const Matrix11>(belief_->covariance.data()).topLeftCorner<kN, kN>();
  PoseQuality quality;
  quality.error_m = expected_error_m(camera_model(belief_->mean), covariance, width_px_, height_px_, pitch_);
  return shown(match::PoseState::kHeld, quality);
}

match::PitchPose PoseFilter::update(const std::optional<PoseFit>& fit, const match::SeenPoints& points, double pts_s) {
  const SeenPairs seen = seen_pairs(points, pitch_, static_cast<float>(options_.min_score));
  if (belief_ && !(pts_s > last_s_ && pts_s - measured_s_ <= options_.forget_s)) cut();
  step_.carries_on = belief_.has_value();
  PoseQuality quality;
  std::optional<Belief> measured;
  if (belief_) {
    belief_ = predicted(pts_s - last_s_);
    measured = absorbed(*belief_, fit, seen, quality);
  } else if (fit) {
    quality = fit->quality;
    measured = started(fit->estimate);
  }
  last_s_ = pts_s;
  match::PitchPose pose;
  if (measured) {
    belief_ = measured;
    measured_s_ = pts_s;
    pose = shown(match::PoseState::kMeasured, quality);
  } else if (belief_ && pts_s - measured_s_ <= options_.hold_s) {
    pose = held();
  }
  if (belief_) step_.filtered = belief_->mean;
  pose.points = points;
  return pose;
}

}  // namespace touchline::calibrate
