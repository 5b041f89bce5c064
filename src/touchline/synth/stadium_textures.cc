// What the surfaces of a stadium are painted with.
#include <algorithm>
#include <cmath>

#include "touchline/synth/stadium.h"

namespace touchline::synth {
namespace {

constexpr double kGrassTexels = 6;  // a metre
constexpr double kCrowdTexels = 9;
constexpr double kBoardTexels = 14;
constexpr double kSeat_m = 0.52;
constexpr double kSeatRow_m = 0.85;
constexpr double kAisle_m = 13;  // from one stairway to the next

float f(double v) {
  return static_cast<float>(v);
}

/// −1 … 1: the mowing pattern, with edges a hand wide.
double band(double place_m, double width_m) {
  const double turns = place_m / (2 * width_m);
  const double x = turns - std::floor(turns);
  const double edge = 0.12 / width_m;
  const double up = std::clamp((std::abs(x - 0.5) - 0.25) / edge, -1.0, 1.0);
  return up;
}

/// 0 … 1: how much the grass is worn; goal mouths, penalty spots and the centre suffer most.
double worn(const match::PitchModel& pitch, double x, double y) {
  const double goal = pitch.length_m() / 2;
  const auto spot = [&](double cx, double cy, double rx, double ry) {
    const double d = ((x - cx) / rx) * ((x - cx) / rx) + ((y - cy) / ry) * ((y - cy) / ry);
    return 1 / (1 + d * d);
  };
  const double side = x > 0 ? 1 : -1;
  return std::max({spot(side * (goal - 1.5), 0, 3, 4.5), 0.7 * spot(side * (goal - 11), 0, 3, 3),
                   0.5 * spot(0, 0, 4, 5), 0.5 * spot(side * goal * 0.3, -pitch.width_m() / 2 - 1, 40, 1.2),
                   0.4 * spot(side * goal * 0.3, pitch.width_m() / 2 + 1, 40, 1)});
}

/// An upright ellipse of one colour over a repeating texture, darker toward its lower edge.
void paint_blob(Texture& texture, double u_m, double v_m, double ru_m, double rv_m, Pixel color) {
  const int bottom = std::max(0, static_cast<int>((v_m - rv_m) * kCrowdTexels));
  const int top = std::min(texture.height(), static_cast<int>((v_m + rv_m) * kCrowdTexels) + 1);
  const int left = static_cast<int>(std::floor((u_m - ru_m) * kCrowdTexels));
  const int right = static_cast<int>((u_m + ru_m) * kCrowdTexels) + 1;
  for (int j = bottom; j < top; ++j) {
    for (int i = left; i < right; ++i) {
      const double x = ((i + 0.5) / kCrowdTexels - u_m) / ru_m;
      const double y = ((j + 0.5) / kCrowdTexels - v_m) / rv_m;
      const double cover = std::clamp(1.6 * (1.15 - x * x - y * y), 0.0, 1.0);
      const int at = (i + texture.width()) % texture.width();
      texture.at(at, j) = blend(texture.at(at, j), color * splat(f(0.88 + 0.12 * y)), f(cover));
    }
  }
}

/// Coats: one part in the club's colours, the rest what people wear.
Pixel coat(const Look& look, Random& random) {
  const double taste = random.uniform();
  if (taste < 0.3) return look.crowd[taste < 0.2 ? 0 : 1] * splat(f(random.uniform(0.7, 1.0)));
  const double gray = random.chance(0.6) ? random.uniform(35, 100) : random.uniform(110, 235);
  return yuv(gray * random.uniform(0.8, 1.2), gray * random.uniform(0.85, 1.1), gray * random.uniform(0.85, 1.25));
}

void paint_spectator(Texture& texture, const Look& look, double u, double v, bool from_behind, Random& random) {
  const float tone = f(look.stand_light * random.uniform(0.75, 1.15) * (from_behind ? 0.6 : 1));
  const double size = random.uniform(0.9, 1.1);
  const double lean = random.uniform(-0.05, 0.05);
  const Pixel clothes = coat(look, random);
  const Pixel face = from_behind ? yuv(58, 44, 36) : yuv(196, 148, 122) * splat(f(random.uniform(0.55, 1.05)));
  paint_blob(texture, u, v + 0.42 * size, 0.27 * size, 0.44, clothes * splat(tone));
  paint_blob(texture, u + lean, v + 0.92 * size, 0.13, 0.17, face * splat(tone));
  if (!from_behind) paint_blob(texture, u + lean, v + 1.03 * size, 0.11, 0.07, yuv(50, 40, 32) * splat(tone));
}

}  // namespace

Texture paint_grass(const match::PitchModel& pitch, const Look& look, std::uint64_t seed) {
  const double left = -pitch.length_m() / 2 - kGrassMargin_m;
  const double near = -pitch.width_m() / 2 - kGrassMargin_m;
  Texture texture(static_cast<int>(-2 * left * kGrassTexels), static_cast<int>(-2 * near * kGrassTexels), kGrassTexels,
                  Texture::Edge::kClamp);
  const NoiseTable noise(seed);
  const Pixel straw = yuv(150, 142, 92) * splat(look.grass[0] / 125);
  for (int j = 0; j < texture.height(); ++j) {
    const double y = near + (j + 0.5) / kGrassTexels;
    for (int i = 0; i < texture.width(); ++i) {
      const double x = left + (i + 0.5) / kGrassTexels;
      double mowing = band(look.stripes_across ? x : y, look.stripe_width_m);
      if (look.checkered) mowing = 0.6 * mowing + 0.5 * band(look.stripes_across ? y : x, look.stripe_width_m);
      const bool outside = !pitch.contains({x, y}, 2.2);
      if (outside) mowing = -0.6;
      const double wide = noise.fractal(f(0.05 * x), f(0.05 * y), 3);
      const double patchy = noise.fractal(f(0.6 * x) + 90, f(0.6 * y), 3);
      const double fine = lattice(i, j, seed + 4) - 0.5;
      const double light = 1 + look.stripe_contrast * mowing + 0.045 * wide + 0.035 * patchy + 0.07 * fine;
      const double wear = look.wear * std::clamp(worn(pitch, x, y) * (1.1 + 1.2 * patchy), 0.0, 1.0);
      texture.at(i, j) = blend(look.grass, straw, f(0.75 * wear + 0.04 * (1 + patchy))) * splat(f(light));
    }
  }
  texture.finish();
  return texture;
}

Texture paint_crowd(const Look& look, bool from_behind, std::uint64_t seed) {
  Random random(seed);
  const double width_m = 4 * kAisle_m;
  Texture texture(static_cast<int>(width_m * kCrowdTexels), static_cast<int>(20 * kCrowdTexels), kCrowdTexels,
                  Texture::Edge::kRepeat);
  const float stand_light = f(look.stand_light * (from_behind ? 0.5 : 1));
  for (int j = 0; j < texture.height(); ++j) {
    const double in_row = j / kCrowdTexels / kSeatRow_m - std::floor(j / kCrowdTexels / kSeatRow_m);
    for (int i = 0; i < texture.width(); ++i) {
      const double grain = 0.9 + 0.2 * lattice(i, j, seed);
      texture.at(i, j) = look.stand * splat(stand_light * f(grain * (in_row < 0.35 ? 0.75 : 0.95)));
    }
  }
  const Pixel seat = blend(look.stand, look.crowd[0], 0.6F) * splat(0.8F * stand_light);
  for (int row = static_cast<int>(20 / kSeatRow_m); row >= 0; --row) {
    for (double u = 0.3; u < width_m; u += kSeat_m) {
      if (u - kAisle_m * std::floor(u / kAisle_m) < 1.4) continue;
      paint_blob(texture, u, row * kSeatRow_m + 0.25, 0.2, 0.22, seat);
      if (!random.chance(look.occupancy)) continue;
      const double v = row * kSeatRow_m + random.uniform(-0.08, 0.12);
      paint_spectator(texture, look, u + random.uniform(-0.09, 0.09), v, from_behind, random);
    }
  }
  texture.finish();
  return texture;
}

Texture paint_boards(const Look& look, std::uint64_t seed) {
  Random random(seed);
  constexpr int kPanels = 10;
  constexpr double kPanel_m = 7;
  Texture texture(static_cast<int>(kPanels * kPanel_m * kBoardTexels), static_cast<int>(kBoardTexels), kBoardTexels,
                  Texture::Edge::kRepeat);
  const float shine = look.weather == Weather::kFloodlight ? 1.0F : 0.9F;
  for (int panel = 0; panel < kPanels; ++panel) {
    const double hue = random.uniform();
    const bool dark = random.chance(0.6);
    const double base = dark ? 28 : 215;
    const auto tint = [&](double phase) {
      return base + (dark ? 80 : 30) * sin_turns(hue + phase) * (random.chance(0.7) ? 1 : 0);
    };
    const Pixel back = yuv(tint(0), tint(0.33), tint(0.67)) * splat(shine);
    const Pixel ink = (dark ? yuv(230, 230, 228) : yuv(40, 44, 90)) * splat(shine);
    const double letter_m = random.uniform(0.45, 0.7);
    const double from = random.uniform(0.6, 1.6);
    const double until = random.uniform(4.2, 6.4);
    for (int i = 0; i < static_cast<int>(kPanel_m * kBoardTexels); ++i) {
      const double u = (i + 0.5) / kBoardTexels;
      const int letter = static_cast<int>((u - from) / letter_m);
      const double in_letter = ((u - from) / letter_m - letter) * 4.6;
      for (int j = 0; j < texture.height(); ++j) {
        const double v = (j + 0.5) / kBoardTexels;
        const int line = static_cast<int>((v - 0.22) / 0.56 * 5);
        const bool inside = u > from && u < until && v > 0.22 && v < 0.78 && in_letter < 3.6;
        const bool stroke = inside && lattice(letter * 8 + static_cast<int>(in_letter), line + 16 * panel, seed) < 0.6;
        const bool rim = j == 0 || j + 1 == texture.height();
        const Pixel color = stroke ? ink : back;
        texture.at(static_cast<int>(panel * kPanel_m * kBoardTexels) + i, j) = rim ? color * splat(0.6F) : color;
      }
    }
  }
  texture.finish();
  return texture;
}

Texture paint_concrete(const Look& look, std::uint64_t seed) {
  constexpr double kTexels = 8;
  Texture texture(static_cast<int>(48 * kTexels), static_cast<int>(3 * kTexels), kTexels, Texture::Edge::kRepeat);
  for (int j = 0; j < texture.height(); ++j) {
    for (int i = 0; i < texture.width(); ++i) {
      const double u = i / kTexels;
      const int banner = static_cast<int>(u / 6);
      const bool hung = lattice(banner, 1, seed) < 0.4 && j > 3 && j < texture.height() - 4;
      const Pixel base = hung ? look.crowd[lattice(banner, 2, seed) < 0.5 ? 0 : 1] : look.stand;
      const double grain = 0.85 + 0.25 * lattice(i, j, seed) + 0.15 * value_noise(0.7 * u, 0.3 * j, seed);
      texture.at(i, j) = base * splat(f(0.8 * look.stand_light * grain));
    }
  }
  texture.finish();
  return texture;
}

Texture paint_apron(const Look& look, std::uint64_t seed) {
  Random random(seed);
  constexpr double kTexels = 0.5;
  const int size = static_cast<int>(kApron_m * kTexels);
  Texture texture(size, size, kTexels, Texture::Edge::kClamp);
  const double taste = random.uniform();
  const float light = look.grass[0] / 125;
  const Pixel base = taste < 0.4 ? look.grass * splat(f(random.uniform(0.75, 1.05)))
                                 : (taste < 0.75 ? yuv(96, 97, 100) : yuv(142, 78, 62)) * splat(light);
  const NoiseTable noise(seed);
  for (int j = 0; j < size; ++j) {
    for (int i = 0; i < size; ++i) {
      const double grain = 0.08 * noise.fractal(f(0.3 * i), f(0.3 * j), 3) + 0.06 * (lattice(i, j, seed) - 0.5);
      texture.at(i, j) = base * splat(f(1 + grain));
    }
  }
  texture.finish();
  return texture;
}

Texture paint_roof(const Look& look) {
  constexpr double kTexels = 6;
  Texture texture(static_cast<int>(40 * kTexels), static_cast<int>(9 * kTexels), kTexels, Texture::Edge::kRepeat);
  for (int j = 0; j < texture.height(); ++j) {
    for (int i = 0; i < texture.width(); ++i) {
      const bool rib = i % static_cast<int>(2 * kTexels) == 0;
      const double fade = 0.5 + 0.3 * j / texture.height();
      texture.at(i, j) = look.stand * splat(f(look.stand_light * fade * (rib ? 0.6 : 1)));
    }
  }
  texture.finish();
  return texture;
}

}  // namespace touchline::synth
