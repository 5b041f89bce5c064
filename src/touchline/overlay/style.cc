#include "touchline/overlay/style.h"

#include <algorithm>
#include <cmath>

namespace touchline::overlay {
namespace {

/// WCAG 2 relative luminance.
double luminance(image::Rgb color) {
  const auto linear = [](std::uint8_t byte) {
    const double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

double contrast(image::Rgb a, image::Rgb b) {
  const double la = luminance(a) + 0.05;
  const double lb = luminance(b) + 0.05;
  return std::max(la, lb) / std::min(la, lb);
}

}  // namespace

image::Rgb Palette::of(match::Team team) const {
  if (team == match::Team::kA) return team_a;
  if (team == match::Team::kB) return team_b;
  return unknown;
}

image::Rgb Palette::of(const match::Track& person) const {
  return person.person_class == match::PersonClass::kReferee ? referee : of(person.team.team);
}

image::Rgb Palette::text_on(image::Rgb ground) const {
  return contrast(ground, ink) >= contrast(ground, paper) ? ink : paper;
}

Style Style::of_picture(int width_px, int height_px) {
  return {width_px, height_px, std::min<double>(height_px, 1.1 * width_px) / 1080};
}

double Style::px(double at_1080, double least_px) const {
  return std::max(at_1080 * unit_px, least_px);
}

int Style::whole_px(double at_1080, int least_px) const {
  return std::max(static_cast<int>(std::lround(at_1080 * unit_px)), least_px);
}

double opacity_of(match::State state) {
  switch (state) {
    case match::State::kDetected:
      return 1;
    case match::State::kInterpolated:
      return 0.75;
    case match::State::kHeld:
      return 0.5;
  }
  return 1;
}

}  // namespace touchline::overlay
