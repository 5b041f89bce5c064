#include "touchline/synth/figure_details.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr float kAll_px_per_m = 220;  // from here on details have their full strength

// The number on the back: heights as shares of the torso, widths in metres.
constexpr float kNumberFrom = 0.38F;
constexpr float kNumberTo = 0.86F;
constexpr float kDigit_m = 0.075F;
constexpr float kStroke = 0.31F;  // of the digit's width

/// Bars of a seven-segment digit: top, upper left, upper right, middle, lower left, lower right, bottom.
constexpr std::array<unsigned, 10> kBars = {0b1110111, 0b0100100, 0b1011101, 0b1101101, 0b0101110,
                                            0b1101011, 0b1111011, 0b0100101, 0b1111111, 0b1101111};

/// x from left to right, y from bottom to top, both 0 … 1.
bool inked(int digit, float x, float y) {
  const auto bar = [&](unsigned index) { return (kBars[static_cast<std::size_t>(digit)] >> index & 1U) != 0; };
  const float flat = 0.45F * kStroke;
  if (y > 1 - flat && bar(0)) return true;
  if (y < flat && bar(6)) return true;
  if (std::abs(y - 0.5F) < 0.5F * flat && bar(3)) return true;
  if (x < kStroke) return bar(y > 0.5F ? 1 : 4);
  if (x > 1 - kStroke) return bar(y > 0.5F ? 2 : 5);
  return false;
}

bool on_number(int number, const Skinpoint& at) {
  const float y = (at.along - kNumberFrom) / (kNumberTo - kNumberFrom);
  if (y < 0 || y > 1) return false;
  constexpr float kGap_m = 0.012F;
  if (number < 10) {
    const float x = at.side_m / kDigit_m + 0.5F;
    return x >= 0 && x <= 1 && inked(number, x, y);
  }
  const bool left = at.side_m < 0;
  const float x = (at.side_m + (left ? kDigit_m + 0.5F * kGap_m : -0.5F * kGap_m)) / kDigit_m;
  return x >= 0 && x <= 1 && inked(left ? number / 10 : number % 10, x, y);
}

/// The face on the front of a head; heights above the chin's middle.
Pixel face(Pixel skin, Pixel hair, const Skinpoint& at) {
  const float x = std::abs(at.side_m);
  const float y = at.up_m;
  if (at.ahead < 0.25F) {
    const float ear_x = (at.ahead - 0.02F) / 0.16F;
    const float ear_y = (y - 0.03F) / 0.03F;
    return ear_x * ear_x + ear_y * ear_y < 1 ? skin * splat(0.85F) : skin;
  }
  const float eye_x = (x - 0.033F) / 0.015F;
  const float eye_y = (y - 0.045F) / 0.008F;
  if (eye_x * eye_x + eye_y * eye_y < 1) return std::abs(x - 0.033F) < 0.007F ? yuv(42, 34, 28) : yuv(214, 208, 202);
  if (std::abs(y - 0.063F) < 0.005F && x > 0.016F && x < 0.052F) return blend(skin, hair, 0.8F);
  if (std::abs(y + 0.027F) < 0.006F && x < 0.026F) return skin * splat(0.62F) + yuv(22, 0, 0);
  if (x < 0.012F && y > -0.004F && y < 0.012F) return skin * splat(0.78F);
  if (x < 0.009F && y > 0.01F && y < 0.045F) return skin * splat(1.08F);
  if (x < 0.05F && y > 0.03F && y < 0.058F) return skin * splat(0.86F);  // the hollows of the eyes
  return skin;
}

/// −1 … 1: light and shade of cloth that hangs and stretches.
float fold(const Limb& limb, const Skinpoint& at) {
  const auto seed = static_cast<std::uint64_t>(limb.kind) * 31 + 7;
  const double wide = value_noise(14.0 * at.side_m + 5, 3.2 * at.along + 2.2 * at.side_m, seed);
  const double fine = value_noise(38.0 * at.side_m, 9.0 * at.along - 6.0 * at.side_m, seed + 1);
  return static_cast<float>(0.7 * wide + 0.3 * fine);
}

}  // namespace

Pixel detailed(Pixel base, const Limb& limb, const Figure& figure, const Skinpoint& at, float px_per_m) {
  const float strength = std::clamp((px_per_m - kDetails_px_per_m) / (kAll_px_per_m - kDetails_px_per_m), 0.0F, 1.0F);
  if (strength <= 0 || figure.kit == nullptr) return base;
  const Kit& kit = *figure.kit;
  Pixel near = base;
  bool cloth = true;
  switch (limb.kind) {
    case Limb::Kind::kTorso:
      if (figure.number > 0 && at.ahead < -0.05F && std::abs(at.side_m) < 0.1F && at.along > 0.36F &&
          at.along < 0.88F) {
        near = on_number(figure.number, at) ? kit.second : kit.shirt;
      }
      break;
    case Limb::Kind::kHead:
      near = face(base, figure.hair, at);
      cloth = false;
      break;
    case Limb::Kind::kSleeve:
    case Limb::Kind::kThigh:
      cloth = at.along < limb.seam;
      if (cloth && at.along > limb.seam - 0.07F) near = blend(base, kit.second, 0.8F);
      break;
    case Limb::Kind::kShin:
      if (at.along < 0.2F && at.along > 0.1F) near = blend(base, kit.second, 0.8F);
      break;
    case Limb::Kind::kPlain:
    case Limb::Kind::kBall:
      cloth = false;
      break;
  }
  if (cloth) near = near * splat(1 + 0.16F * fold(limb, at));
  return blend(base, near, strength);
}

}  // namespace touchline::synth
