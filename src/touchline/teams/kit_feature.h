#pragma once

#include <array>
#include <span>

#include "touchline/geometry/box.h"
#include "touchline/image/frame.h"
#include "touchline/match/detection.h"

namespace touchline::teams {

/// Where on a person the shirt is looked for, and what counts as grass.
struct KitFeatureOptions {
  float top = 0.16F;          ///< share of the box's height above the shirt (head); in [0, 1)
  float bottom = 0.50F;       ///< share of the height where the shirt ends; in (top, 1]
  float side = 0.22F;         ///< share of the width left out on either side; in [0, 0.5)
  float grass_distance = 14;  ///< code values: nearer than this to the local grass is grass; in (0, 255]
  float full_samples = 24;    ///< shirt samples (2×2 pixels each) from which the trust is full; in [1, 10000]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// The colour of a shirt, from the picture as decoded (8-bit 4:2:0).
///
/// picture  any size; the box may reach outside
/// box_px   the person
/// others   all boxes of the frame, the person's own among them or not; those standing in front (lower foot) hide what
///          they cover
///
/// The local grass is what lies beside the legs; shirt samples close to it are left out. The rest is averaged, those
/// near the middle counting more, and turned to CIE L*a*b* (sRGB transfer, D65). Where hardly anything is left and
/// nobody stands in front, the shirt is as green as the grass: then all of it is averaged, and trusted less. Weight 0:
/// nothing to see. Throws Error(kInvalidArgument) when options.check() fails. Thread-safe; nothing is allocated.
match::KitFeature kit_feature(const image::ConstI420View& picture, const geometry::BoxPx& box_px,
                              std::span<const geometry::BoxPx> others, const KitFeatureOptions& options = {});

/// One colour of a picture (Y, U, V code values) as CIE L*, a*, b*. Thread-safe.
std::array<float, 3> lab_from_yuv(float y, float u, float v, const image::ColorSpace& color);

}  // namespace touchline::teams
