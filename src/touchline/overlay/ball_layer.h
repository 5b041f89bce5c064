#pragma once

#include "touchline/geometry/box.h"
#include "touchline/image/draw/painter.h"
#include "touchline/match/track.h"
#include "touchline/overlay/style.h"

namespace touchline::overlay {

/// The ball's marker: a triangle that points down at it and a thin ring around it; hollow where the ball was not
/// detected in this frame. Not thread-safe.
class BallLayer {
 public:
  explicit BallLayer(const Palette& palette) : palette_(palette) {}

  /// The box around the marker, for others to keep clear of; empty where the ball's place is not finite.
  static geometry::BoxPx place(const match::Ball& ball, const Style& style);

  void draw(image::draw::Painter& painter, const match::Ball& ball, const Style& style);

 private:
  Palette palette_;
  image::draw::Path path_;
};

}  // namespace touchline::overlay
