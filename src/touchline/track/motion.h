#pragma once

#include "touchline/geometry/box.h"
#include "touchline/geometry/point.h"

namespace touchline::track {

/// How people are expected to move in the picture. Lengths are in body heights, so nothing depends on the picture's
/// size.
struct MotionOptions {
  double noise_x = 0.053;        ///< scatter of a detected box's middle, heights; 0.001 … 1
  double noise_y = 0.037;        ///< scatter of a detected box's middle height, heights; 0.001 … 1
  double acceleration = 0.43;    ///< what a person's speed changes by in a second, heights/s; 0.01 … 100
  double drift = 0.057;          ///< scatter that one second of camera motion adds to a place, heights; 0 … 10
  double start_speed = 1.05;     ///< spread of the speed of a person just found, heights/s; 0.01 … 100
  double speed_memory_s = 0.67;  ///< an unseen person's speed fades with this time constant, s; 0.01 … 100
  double size_gain = 0.32;       ///< share of a new box's size that the remembered size takes over; 0.01 … 1

  /// Throws Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

/// Place and speed along one axis: the Kalman filter of a body pushed by white-noise acceleration.
struct AxisFilter {
  double place = 0;
  double speed = 0;
  double var_place = 0;
  double covariance = 0;
  double var_speed = 0;

  void predict(double dt_s, double acceleration, double drift);
  void correct(double measured, double noise);
};

/// Where one person's box is and will be: its center by filter, width and height by a slow mean. The center and not the
/// foot: an occluder cuts feet off, and a wrong height moves the foot by all of its error and the center by half. All
/// in pixels of the original picture. A value; not thread-safe.
class BoxMotion {
 public:
  BoxMotion(const geometry::BoxPx& box_px, const MotionOptions& options);

  /// The camera turned or zoomed: the person's foot is now at `foot_px`, everything is `scale` times as large.
  void carry(geometry::ImagePoint foot_px, double scale);

  /// Time passes; an unseen person slows down.
  void predict(double dt_s, bool seen_last, const MotionOptions& options);

  void correct(const geometry::BoxPx& box_px, const MotionOptions& options);

  geometry::ImagePoint center_px() const { return {x_.place, y_.place}; }
  geometry::ImagePoint foot_px() const { return {x_.place, y_.place + height_ / 2}; }
  double width_px() const { return width_; }
  double height_px() const { return height_; }
  geometry::BoxPx box_px() const;
  /// Variances of the center's place, px².
  double variance_x() const { return x_.var_place; }
  double variance_y() const { return y_.var_place; }
  double speed_x() const { return x_.speed; }
  double speed_y() const { return y_.speed; }

 private:
  AxisFilter x_;
  AxisFilter y_;
  double width_;
  double height_;
};

}  // namespace touchline::track
