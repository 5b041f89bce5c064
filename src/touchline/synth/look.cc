#include "touchline/synth/look.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

struct Rgb {
  double r, g, b;
};

constexpr std::array<Rgb, 14> kShirts = {{{226, 226, 222},
                                          {190, 28, 38},
                                          {30, 52, 140},
                                          {36, 36, 42},
                                          {232, 200, 40},
                                          {110, 160, 215},
                                          {120, 24, 44},
                                          {225, 105, 30},
                                          {90, 40, 120},
                                          {24, 40, 80},
                                          {215, 60, 70},
                                          {200, 200, 205},
                                          {50, 110, 190},
                                          {70, 16, 24}}};
constexpr std::array<Rgb, 7> kKeepers = {
    {{225, 225, 45}, {240, 120, 35}, {60, 200, 210}, {225, 90, 160}, {40, 45, 48}, {170, 120, 210}, {215, 55, 45}}};
constexpr std::array<Rgb, 4> kOfficials = {{{28, 28, 30}, {226, 216, 50}, {105, 190, 225}, {225, 60, 80}}};
constexpr std::array<Rgb, 5> kSkins = {{{222, 178, 150}, {206, 158, 128}, {172, 122, 92}, {120, 80, 58}, {84, 56, 42}}};
constexpr std::array<Rgb, 5> kHairs = {{{34, 26, 22}, {58, 40, 28}, {96, 70, 44}, {168, 134, 84}, {22, 20, 20}}};
constexpr std::array<Rgb, 5> kBoots = {{{30, 30, 32}, {225, 225, 220}, {215, 70, 50}, {210, 215, 60}, {60, 120, 210}}};

constexpr double kLeastKitGap = 75;  // the referee sends a team to change below this

Pixel pixel(Rgb c) {
  return yuv(c.r, c.g, c.b);
}

double contrast(Rgb a, Rgb b) {
  const double dr = a.r - b.r;
  const double dg = a.g - b.g;
  const double db = a.b - b.b;
  return std::sqrt(0.8 * dr * dr + 1.4 * dg * dg + 0.7 * db * db);
}

/// A colour of the palette far from all those already worn.
template <std::size_t N>
Rgb choose(const std::array<Rgb, N>& palette, const std::vector<Rgb>& worn, double least, Random& random) {
  Rgb best = palette[0];
  double best_gap = -1;
  for (int attempt = 0; attempt < 24; ++attempt) {
    const Rgb color = palette[static_cast<std::size_t>(random.pick(static_cast<int>(N)))];
    double gap = 1e9;
    for (const Rgb& other : worn) gap = std::min(gap, contrast(color, other));
    if (gap > best_gap) best = color;
    best_gap = std::max(gap, best_gap);
    if (gap > least) break;
  }
  return best;
}

Rgb darker(Rgb c, double f) {
  return {c.r * f, c.g * f, c.b * f};
}

Kit team_kit(Rgb shirt, Random& random) {
  const bool bright = shirt.r + shirt.g + shirt.b > 420;
  const Rgb second = bright ? Rgb{32, 34, 44} : Rgb{228, 228, 224};
  Kit kit;
  kit.shirt = pixel(shirt);
  kit.second = pixel(second);
  kit.pattern = random.chance(0.5) ? Pattern::kPlain : static_cast<Pattern>(1 + random.pick(5));
  kit.sleeve = random.chance(0.75) ? kit.shirt : kit.second;
  const double lower = random.uniform();
  kit.shorts = lower < 0.4 ? kit.shirt : lower < 0.75 ? kit.second : pixel(darker(shirt, 0.55));
  kit.socks = random.chance(0.6) ? kit.shirt : kit.shorts;
  return kit;
}

/// The shirt's colour from far away.
Pixel mean_shirt(const Kit& kit) {
  switch (kit.pattern) {
    case Pattern::kPlain:
      return kit.shirt;
    case Pattern::kSash:
    case Pattern::kYoke:
      return blend(kit.shirt, kit.second, 0.3F);
    default:
      return blend(kit.shirt, kit.second, 0.5F);
  }
}

/// Distance of two kits as a viewer in the last row tells them apart: by their shirts.
double kit_gap(const Kit& a, const Kit& b) {
  const Pixel shirt = mean_shirt(a) - mean_shirt(b);
  const Pixel square = shirt * shirt;
  return std::sqrt(0.6 * square[0] + 2.5 * (square[1] + square[2]));
}

Kit plain_kit(Rgb shirt, bool dark_shorts) {
  Kit kit;
  kit.shirt = kit.sleeve = pixel(shirt);
  kit.second = pixel(shirt.r + shirt.g + shirt.b > 420 ? Rgb{40, 40, 44} : Rgb{210, 210, 210});
  kit.shorts = kit.socks = dark_shorts ? pixel({30, 30, 33}) : pixel(darker(shirt, 0.92));
  return kit;
}

Person body(Random& random) {
  Person person;
  const auto tone = static_cast<std::size_t>(random.pick(static_cast<int>(kSkins.size())));
  person.skin = pixel(kSkins[tone]);
  const auto hair = tone > 2 ? 4U : static_cast<unsigned>(random.pick(static_cast<int>(kHairs.size())));
  person.hair = pixel(kHairs[hair]);
  person.boots = pixel(kBoots[static_cast<std::size_t>(random.pick(static_cast<int>(kBoots.size())))]);
  person.height_m = random.uniform(1.73, 1.92);
  person.girth = random.uniform(1.02, 1.2);
  person.bald = random.chance(0.08);
  person.long_sleeves = random.chance(0.15);
  return person;
}

void dress(std::array<Person, kPeople>& people, Random& random) {
  std::vector<Rgb> worn = {{70, 125, 60}};  // nobody plays in grass green
  const Rgb a = choose(kShirts, worn, 90, random);
  worn.push_back(a);
  const Rgb b = choose(kShirts, worn, 150, random);
  worn.push_back(b);
  const Kit kit_a = team_kit(a, random);
  Kit kit_b = team_kit(b, random);
  for (int attempt = 0; attempt < 8 && kit_gap(kit_a, kit_b) < kLeastKitGap; ++attempt) kit_b = team_kit(b, random);
  if (kit_gap(kit_a, kit_b) < kLeastKitGap) kit_b.pattern = Pattern::kPlain;
  std::array<Kit, 2> keeper_kits;
  for (Kit& kit : keeper_kits) {
    const Rgb color = choose(kKeepers, worn, 120, random);
    worn.push_back(color);
    kit = plain_kit(color, false);
  }
  worn.resize(3);  // officials may share a keeper's colour, never a team's
  const Kit official = plain_kit(choose(kOfficials, worn, 120, random), true);
  for (int i = 0; i < kPeople; ++i) {
    Person& person = people[static_cast<std::size_t>(i)];
    person = body(random);
    const bool keeper = is_keeper(i);
    if (keeper) {
      person.kit = keeper_kits[i == 0 ? 0 : 1];
      person.gloves = person.long_sleeves = true;
      person.height_m += 0.06;
    } else {
      person.kit = i < kTeamSize ? kit_a : i < kReferee ? kit_b : official;
    }
  }
}

Light light(double azimuth_turns, double rise, double shade, double strength) {
  return {unit({cos_turns(azimuth_turns), sin_turns(azimuth_turns), rise}), shade, strength};
}

}  // namespace

Look::Look(std::uint64_t seed) {
  Random random(seed ^ 0x100CULL);
  const double kind = random.uniform();
  weather = kind < 0.3 ? Weather::kSun : kind < 0.6 ? Weather::kOvercast : Weather::kFloodlight;
  double bright = 1;
  if (weather == Weather::kSun) {
    // The main stand has the sun at its back: it comes from the camera's side.
    lights = {light(random.uniform(0.55, 0.95), random.uniform(0.6, 1.4), random.uniform(0.38, 0.5), 0.55)};
    ambient = 0.52;
    bright = random.uniform(1.0, 1.12);
  } else if (weather == Weather::kOvercast) {
    lights = {light(random.uniform(0.6, 0.9), 3.5, 0.16, 0.25)};
    ambient = 0.8;
    bright = random.uniform(0.9, 1.02);
  } else {
    for (int i = 0; i < 4; ++i) {
      lights.push_back(light(0.125 + 0.25 * i + random.uniform(-0.04, 0.04), random.uniform(0.75, 1.0), 0.11, 0.2));
    }
    ambient = 0.6;
    bright = random.uniform(0.92, 1.05);
  }
  const double yellow = random.uniform(0, 1);
  grass = yuv(bright * mix(74, 106, yellow), bright * mix(124, 138, yellow), bright * mix(66, 60, yellow));
  stripe_contrast = random.uniform(0.035, 0.1);
  stripe_width_m = random.uniform(4.6, 6.6);
  stripes_across = random.chance(0.8);
  checkered = random.chance(0.15);
  wear = random.uniform(0.1, 0.6);
  line_cover = random.uniform(0.86, 0.98);
  const double gray = random.uniform(90, 140);
  stand = yuv(gray, gray * 1.01, gray * 1.03);
  for (Pixel& color : crowd) {
    const Pixel club = pixel(kShirts[static_cast<std::size_t>(random.pick(static_cast<int>(kShirts.size())))]);
    color = blend(club, yuv(110, 110, 112), 0.3F);
  }
  occupancy = random.uniform(0.6, 0.97);
  stand_light = weather == Weather::kFloodlight ? random.uniform(0.5, 0.8) : random.uniform(0.8, 1.15);
  noise = weather == Weather::kFloodlight ? random.uniform(1.2, 2.0) : random.uniform(0.7, 1.4);
  sharpening = random.uniform(0.4, 0.9);
  contrast = random.uniform(0.88, 1.0);
  shutter_s = weather == Weather::kSun ? 0.003 : random.uniform(0.006, 0.012);
  dress(people, random);
}

}  // namespace touchline::synth
