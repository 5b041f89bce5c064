#pragma once

#include <memory>

#include "touchline/image/color.h"
#include "touchline/image/frame.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/overlay/layers.h"

namespace touchline::overlay {

/// Where the radar stands.
enum class RadarPlace { kBottomCenter, kBottomLeft, kBottomRight };

/// What the graphic looks like.
struct OverlayOptions {
  LayerSet layers;
  /// The default pair, blue and amber, differs in lightness and stays apart for all common forms of color blindness.
  image::Rgb team_a_color{54, 140, 255};
  image::Rgb team_b_color{255, 184, 28};
  RadarPlace radar_place = RadarPlace::kBottomCenter;
  double radar_opacity = 0.9;          ///< of the radar's ground, (0, 1]
  double radar_opacity_on_feet = 0.6;  ///< the same while players stand below it, (0, radar_opacity]

  /// Throws Error(kInvalidArgument) with the name and range of an option outside its range.
  void check() const;
};

/// Draws what is known about a frame on its picture: rings and tags of people, ball, radar with pitch control, panel
/// with clock, evaluation bar, control and threat. What is unknown is not drawn. Sizes follow the picture, from 360p
/// to 4K, upright or wide; a tag never covers another person's feet: where no place is free it is left out.
///
/// Remembers, from frame to frame, on which side of a person his tag stands and how far the radar has faded, so frames
/// are drawn in order; a new shot forgets. Allocates nothing after warm-up while the picture's size stays.
/// Not thread-safe; one Overlay per stream.
class Overlay {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  Overlay(const OverlayOptions& options, const match::PitchModel& pitch);
  ~Overlay();
  Overlay(Overlay&&) noexcept;
  Overlay& operator=(Overlay&&) noexcept;

  /// Draws on `picture`; with no layer on, not one byte changes.
  void draw(const image::I420View& picture, const match::MatchFrame& frame);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace touchline::overlay
