#pragma once

namespace touchline::match {

/// Where a person's or the ball's place in one frame comes from.
enum class State {
  kDetected,      ///< seen by the network in this frame
  kInterpolated,  ///< between two frames where it was seen
  kHeld,          ///< carried on from the last frame where it was seen
};

/// Where a frame's camera comes from.
enum class PoseState {
  kMeasured,      ///< fitted to this frame's own points
  kInterpolated,  ///< between two measured frames
  kHeld,          ///< carried on from the last measured frame
  kNone,          ///< unknown; nothing is projected
};

}  // namespace touchline::match
