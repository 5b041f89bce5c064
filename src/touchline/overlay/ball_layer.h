#pragma once

#include "touchline/image/draw/painter.h"
#include "touchline/match/track.h"
#include "touchline/overlay/style.h"

namespace touchline::overlay {

/// The ball's marker: a triangle that points down at it and a thin ring around it; hollow where the ball was not
/// detected in this frame. Not thread-safe.
class BallLayer {
 public:
  explicit BallLayer(const Palette& palette) : palette_(palette) {}

  void draw(image::draw::Painter& painter, const match::Ball& ball, const Style& style);

 private:
  Palette palette_;
  image::draw::Path path_;
};

}  // namespace touchline::overlay
