#pragma once

#include "touchline/synth/figure.h"

namespace touchline::synth {

/// A place on a body's surface, in the body's own directions.
struct Skinpoint {
  float along = 0;   ///< of the limb, 0 at a, 1 at b
  float side_m = 0;  ///< to the body's right: of a torso from its middle, of another limb from the limb's
  float up_m = 0;    ///< above the limb's a (upright limbs only)
  float ahead = 0;   ///< of the surface's normal, −1 … 1
};

/// Below this size a body shows no details: no face, no number, no folds.
inline constexpr float kDetails_px_per_m = 130;

/// The colour of a place on a body seen from near: `base` with the face, the shirt's number, cuffs, hems and the folds
/// of cloth, which come in gradually with px_per_m.
Pixel detailed(Pixel base, const Limb& limb, const Figure& figure, const Skinpoint& at, float px_per_m);

}  // namespace touchline::synth
