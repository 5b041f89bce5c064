#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "touchline/synth/color.h"
#include "touchline/synth/fixed_math.h"
#include "touchline/synth/play.h"

namespace touchline::synth {

enum class Weather { kSun, kOvercast, kFloodlight };
enum class Pattern { kPlain, kStripes, kHoops, kHalves, kSash, kYoke };

/// Clothes of one side.
struct Kit {
  Pixel shirt{};
  Pixel second{};  ///< of the pattern, collar and numbers
  Pixel sleeve{};
  Pixel shorts{};
  Pixel socks{};
  Pattern pattern = Pattern::kPlain;
};

/// One body.
struct Person {
  Kit kit;
  Pixel skin{};
  Pixel hair{};
  Pixel boots{};
  double height_m = 1.8;
  double girth = 1;  ///< width against the average
  bool bald = false;
  bool long_sleeves = false;
  bool gloves = false;
};

/// A distant light: where it shines from, and how strong its direct light and its shadow are.
struct Light {
  Vec3 toward;            ///< unit vector to the light
  double shade = 0.5;     ///< share of the grass's light that is missing in its shadow
  double strength = 0.5;  ///< on bodies that face it
};

/// Everything about a match that can be seen and does not move. By seed.
struct Look {
  Look(std::uint64_t seed);

  Weather weather = Weather::kSun;
  std::vector<Light> lights;
  double ambient = 0.6;
  Pixel grass{};
  double stripe_contrast = 0.06;
  double stripe_width_m = 5.5;
  bool stripes_across = true;  ///< bands parallel to the goal lines (else along the touchlines)
  bool checkered = false;
  double wear = 0.3;
  double line_cover = 0.9;       ///< how much of the grass the paint hides
  Pixel stand{};                 ///< concrete
  std::array<Pixel, 2> crowd{};  ///< the crowd's favourite colours
  double occupancy = 0.8;
  double stand_light = 0.7;
  double noise = 1.2;  ///< of the sensor, 8-bit steps
  double sharpening = 0.6;
  double contrast = 1;
  double shutter_s = 0.008;
  std::array<Person, kPeople> people;
};

}  // namespace touchline::synth
