#include "touchline/synth/stadium.h"

namespace touchline::synth {
namespace {

constexpr Vec3 kUp = {0, 0, 1};
constexpr double kBoardHeight_m = 1.0;
constexpr double kWall_m = 1.3;
constexpr double kLowerTier_m = 15;  // along the slope
constexpr double kFacade_m = 2.6;
constexpr double kUpperTier_m = 19;
constexpr double kBackWall_m = 9;

}  // namespace

Stadium::Stadium(const match::PitchModel& pitch, const Look& look, std::uint64_t seed)
    : grass_(paint_grass(pitch, look, seed)),
      boards_(paint_boards(look, seed + 1)),
      crowd_(paint_crowd(look, false, seed + 2)),
      backs_(paint_crowd(look, true, seed + 3)),
      concrete_(paint_concrete(look, seed + 4)),
      roof_(paint_roof(look)) {
  Random random(seed ^ 0x57AD1ULL);
  margin_x_m_ = random.uniform(5, 8);
  margin_y_m_ = random.uniform(3.5, 6);
  const double x = pitch.length_m() / 2;
  const double y = pitch.width_m() / 2;
  const double reach_x = x + kGrassMargin_m;
  const double reach_y = y + kGrassMargin_m;
  surfaces_.push_back({{-reach_x, -reach_y, 0}, {1, 0, 0}, {0, 1, 0}, 2 * reach_x, 2 * reach_y, &grass_, 0, true});
  add_boards(x, y, seed);
  add_stands(x, y, seed);
  add_near_side(x, y, seed);
  sky_ = look.weather == Weather::kFloodlight ? yuv(10, 11, 16)
         : look.weather == Weather::kSun      ? yuv(165, 190, 222)
                                              : yuv(190, 196, 202);
}

void Stadium::add_boards(double half_length, double half_width, std::uint64_t seed) {
  const double x = half_length + margin_x_m_;
  const double y = half_width + margin_y_m_;
  const auto shift = static_cast<float>(seed % 7);
  surfaces_.push_back({{-x, y, 0}, {1, 0, 0}, kUp, 2 * x, kBoardHeight_m, &boards_, shift, false});
  surfaces_.push_back({{-x, -y, 0}, {0, 1, 0}, kUp, 2 * y, kBoardHeight_m, &boards_, shift + 11, false});
  surfaces_.push_back({{x, y, 0}, {0, -1, 0}, kUp, 2 * y, kBoardHeight_m, &boards_, shift + 23, false});
}

void Stadium::add_stands(double half_length, double half_width, std::uint64_t seed) {
  Random random(seed ^ 0x57A2DULL);
  const double rise = random.uniform(0.42, 0.55);  // tangent of the tiers' slope
  const double c = 1 / std::sqrt(1 + rise * rise);
  const double x = half_length + margin_x_m_ + 2.2;
  const double y = half_width + margin_y_m_ + 2.2;
  struct Side {
    Vec3 corner, along, back;
    double width;
  };
  constexpr double kOverlap = 45;  // the sides run on behind each other, so corners close
  const Side sides[3] = {{{-x - kOverlap, y, 0}, {1, 0, 0}, {0, 1, 0}, 2 * (x + kOverlap)},
                         {{-x, -y - 10, 0}, {0, 1, 0}, {-1, 0, 0}, 2 * y + 10 + kOverlap},
                         {{x, y + kOverlap, 0}, {0, -1, 0}, {1, 0, 0}, 2 * y + 10 + kOverlap}};
  float shift = 0;
  for (const Side& side : sides) {
    const Vec3 slope = c * side.back + (c * rise) * kUp;
    Vec3 at = side.corner;
    surfaces_.push_back({at, side.along, kUp, side.width, kWall_m, &concrete_, shift, false});
    at = at + kWall_m * kUp;
    surfaces_.push_back({at, side.along, slope, side.width, kLowerTier_m, &crowd_, shift, false});
    at = at + kLowerTier_m * slope;
    surfaces_.push_back({at, side.along, kUp, side.width, kFacade_m, &concrete_, shift + 5, false});
    at = at + kFacade_m * kUp;
    surfaces_.push_back({at, side.along, slope, side.width, kUpperTier_m, &crowd_, shift + 9, false});
    at = at + kUpperTier_m * slope;
    surfaces_.push_back({at, side.along, kUp, side.width, kBackWall_m, &roof_, shift, false});
    shift += 17;
  }
}

void Stadium::add_near_side(double half_length, double half_width, std::uint64_t seed) {
  Random random(seed ^ 0xD46ULL);
  const double y = -half_width - 8.5;
  const double x = half_length + 20;
  const Vec3 slope = unit({0, -1, 0.22});
  surfaces_.push_back({{x, y, 0}, {-1, 0, 0}, kUp, 2 * x, 1.1, &concrete_, 3, false});
  surfaces_.push_back({Vec3{x, y, 1.1}, {-1, 0, 0}, slope, 2 * x, 14, &backs_, 0, false});
  // The benches, seen from behind: a back wall and a roof.
  const double from = random.uniform(4, 9);
  const double long_m = random.uniform(8, 13);
  const double bench_y = -half_width - 5.2;
  for (const double left : {from, -from - long_m}) {
    surfaces_.push_back({{left, bench_y - 1.4, 0}, {1, 0, 0}, kUp, long_m, 1.5, &concrete_, 7, false});
    surfaces_.push_back({{left, bench_y - 1.4, 1.5}, {1, 0, 0}, unit({0, 1, 0.18}), long_m, 1.5, &roof_, 12, false});
  }
}

}  // namespace touchline::synth
