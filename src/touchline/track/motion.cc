#include "touchline/track/motion.h"

#include <cmath>

namespace touchline::track {
namespace {

double squared(double value) {
  return value * value;
}

}  // namespace

void AxisFilter::predict(double dt_s, double acceleration, double drift) {
  const double power = squared(acceleration);
  place += speed * dt_s;
  var_place += dt_s * (2 * covariance + dt_s * var_speed) + power * dt_s * dt_s * dt_s / 3 + squared(drift) * dt_s;
  covariance += dt_s * var_speed + power * dt_s * dt_s / 2;
  var_speed += power * dt_s;
}

void AxisFilter::correct(double measured, double noise) {
  const double sum = var_place + squared(noise);
  const double gain_place = var_place / sum;
  const double gain_speed = covariance / sum;
  const double surprise = measured - place;
  place += gain_place * surprise;
  speed += gain_speed * surprise;
  var_speed -= gain_speed * covariance;
  covariance -= gain_place * covariance;
  var_place -= gain_place * var_place;
}

BoxMotion::BoxMotion(const geometry::BoxPx& box_px, const MotionOptions& options)
    : width_(box_px.width()), height_(box_px.height()) {
  const auto center = box_px.center();
  const double var_speed = squared(options.start_speed * height_);
  x_ = {center.x, 0, squared(options.noise_x * height_), 0, var_speed};
  y_ = {center.y, 0, squared(options.noise_y * height_), 0, var_speed};
}

void BoxMotion::carry(geometry::ImagePoint foot_px, double scale) {
  for (auto* axis : {&x_, &y_}) {
    axis->speed *= scale;
    axis->var_place *= squared(scale);
    axis->covariance *= squared(scale);
    axis->var_speed *= squared(scale);
  }
  width_ *= scale;
  height_ *= scale;
  x_.place = foot_px.x;
  y_.place = foot_px.y - height_ / 2;
}

void BoxMotion::predict(double dt_s, bool seen_last, const MotionOptions& options) {
  if (!seen_last) {
    const double keep = std::exp(-dt_s / options.speed_memory_s);
    x_.speed *= keep;
    y_.speed *= keep;
  }
  x_.predict(dt_s, options.acceleration * height_, options.drift * height_);
  y_.predict(dt_s, options.acceleration * height_, options.drift * height_);
}

void BoxMotion::correct(const geometry::BoxPx& box_px, const MotionOptions& options) {
  const auto center = box_px.center();
  x_.correct(center.x, options.noise_x * height_);
  y_.correct(center.y, options.noise_y * height_);
  width_ += options.size_gain * (box_px.width() - width_);
  height_ += options.size_gain * (box_px.height() - height_);
}

geometry::BoxPx BoxMotion::box_px() const {
  return {static_cast<float>(x_.place - width_ / 2), static_cast<float>(y_.place - height_ / 2),
          static_cast<float>(x_.place + width_ / 2), static_cast<float>(y_.place + height_ / 2)};
}

}  // namespace touchline::track
