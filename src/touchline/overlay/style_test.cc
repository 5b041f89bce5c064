#include "touchline/overlay/style.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "touchline/overlay/overlay.h"

namespace touchline::overlay {
namespace {

using image::Rgb;
using Triple = std::array<double, 3>;

Triple linear(Rgb color) {
  const auto one = [](double byte) {
    const double c = byte / 255;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return {one(color.r), one(color.g), one(color.b)};
}

Triple product(const std::array<double, 9>& m, const Triple& v) {
  Triple out{};
  for (int i = 0; i < 3; ++i) {
    out[i] = std::clamp(m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2], 0.0, 1.1);
  }
  return out;
}

Triple lab(const Triple& rgb) {
  Triple xyz =
      product({0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041}, rgb);
  const Triple white = {0.95047, 1, 1.08883};
  Triple f{};
  for (int i = 0; i < 3; ++i) {
    const double t = xyz[i] / white[i];
    f[i] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double difference(const std::array<double, 9>& vision, Rgb a, Rgb b) {
  const Triple p = lab(product(vision, linear(a)));
  const Triple q = lab(product(vision, linear(b)));
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

// Machado, Oliveira, Fernandes 2009: complete loss of one kind of cone, on linear RGB. First: normal vision.
constexpr std::array<std::array<double, 9>, 4> kVisions = {{
    {1, 0, 0, 0, 1, 0, 0, 0, 1},
    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
    {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
    {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
}};

TEST(Palette, TeamsStandOutFromEachOtherGrassAndOfficialsForEveryKindOfVision) {
  const OverlayOptions options;
  const Palette palette{options.team_a_color, options.team_b_color};
  for (const auto& vision : kVisions) {
    EXPECT_GT(difference(vision, palette.team_a, palette.team_b), 60);
    for (const Rgb team : {palette.team_a, palette.team_b}) {
      for (const Rgb grass : {Rgb{78, 116, 44}, Rgb{48, 88, 32}}) EXPECT_GT(difference(vision, team, grass), 30);
      EXPECT_GT(difference(vision, team, palette.referee), 35);
      EXPECT_GT(difference(vision, team, palette.unknown), 25);
    }
  }
}

TEST(Palette, TextReadsOnItsGround) {
  const Palette palette;
  EXPECT_EQ(palette.text_on({255, 255, 0}), palette.ink);
  EXPECT_EQ(palette.text_on({0, 0, 120}), palette.paper);
}

TEST(Palette, RefereesWearNoTeamColor) {
  const Palette palette{{1, 2, 3}, {4, 5, 6}};
  match::Track person;
  person.team.team = match::Team::kA;
  EXPECT_EQ(palette.of(person), palette.team_a);
  person.person_class = match::PersonClass::kReferee;
  EXPECT_EQ(palette.of(person), palette.referee);
  EXPECT_EQ(palette.of(match::Team::kNone), palette.unknown);
}

TEST(Style, ScalesWithTheHeightAndInUprightPicturesWithTheWidth) {
  EXPECT_DOUBLE_EQ(Style::of_picture(1920, 1080).unit_px, 1);
  EXPECT_DOUBLE_EQ(Style::of_picture(3840, 2160).unit_px, 2);
  EXPECT_NEAR(Style::of_picture(640, 360).unit_px, 1.0 / 3, 1e-12);
  EXPECT_NEAR(Style::of_picture(720, 1280).unit_px, 720 * 1.1 / 1080, 1e-12);
  EXPECT_DOUBLE_EQ(Style::of_picture(640, 360).px(3, 2), 2);
  EXPECT_EQ(Style::of_picture(1920, 1080).whole_px(2.6), 3);
}

}  // namespace
}  // namespace touchline::overlay
