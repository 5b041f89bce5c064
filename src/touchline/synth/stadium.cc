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
constexpr double kBoardsToStand_m = 2.2;
constexpr double kOverlap_m = 45;  // the sides run on behind each other, so corners close
constexpr double kClear_m = 0.5;   // an eye closer to a surface than this counts as behind it

// Seats in front of a camera's own place, seen from behind.
constexpr double kSeats_m = 8.5;  // from the pitch's edge
constexpr double kSeatsWall_m = 1.1;
constexpr double kSeatsRise = 0.22;
constexpr double kSeatsDepth_m = 14;
constexpr double kSeatsOverlap_m = 20;
constexpr double kBenches_m = 5.2;  // from the near edge of the pitch
constexpr double kBenchesHigh_m = 1.8;
constexpr int kBenchSurfaces = 4;  // the last of the main stand's
constexpr double kHeads_m = 0.5;   // what must stay free above them

/// True when an eye `out` metres behind the pitch's edge and `high` above the ground sees the edge over those seats.
bool seats_clear(double out, double high) {
  const double end_m = kSeats_m + kSeatsDepth_m;
  if (out < kSeats_m + 3) return false;
  const double over_wall = high * kSeats_m / out;
  const double over_end = out > end_m ? high * end_m / out : high - kSeatsRise * (out - end_m);
  return over_wall > kSeatsWall_m + kHeads_m && over_end > kSeatsWall_m + kSeatsRise * kSeatsDepth_m + kHeads_m;
}

}  // namespace

Stadium::Stadium(const match::PitchModel& pitch, const Look& look, std::uint64_t seed)
    : grass_(paint_grass(pitch, look, seed)),
      boards_(paint_boards(look, seed + 1)),
      crowd_(paint_crowd(look, false, seed + 2)),
      backs_(paint_crowd(look, true, seed + 3)),
      concrete_(paint_concrete(look, seed + 4)),
      roof_(paint_roof(look)),
      apron_(paint_apron(look, seed + 5)),
      half_length_m_(pitch.length_m() / 2),
      half_width_m_(pitch.width_m() / 2),
      rise_(Random(seed ^ 0x57A2DULL).uniform(0.42, 0.55)) {
  Random random(seed ^ 0x57AD1ULL);
  margin_x_m_ = random.uniform(5, 8);
  margin_y_m_ = random.uniform(3.5, 6);
  const double x = pitch.length_m() / 2;
  const double y = pitch.width_m() / 2;
  const double reach_x = x + kGrassMargin_m;
  const double reach_y = y + kGrassMargin_m;
  surfaces_.push_back({{-reach_x, -reach_y, 0}, {1, 0, 0}, {0, 1, 0}, 2 * reach_x, 2 * reach_y, &grass_, 0, true});
  add_boards(x, y, seed);
  add_stands(x, y);
  add_near_side(x, y, seed);
  sky_ = look.weather == Weather::kFloodlight ? yuv(10, 11, 16)
         : look.weather == Weather::kSun      ? yuv(165, 190, 222)
                                              : yuv(190, 196, 202);
}

void Stadium::add_boards(double half_length, double half_width, std::uint64_t seed) {
  const double x = half_length + margin_x_m_;
  const double y = half_width + margin_y_m_;
  const auto shift = static_cast<float>(seed % 7);
  surfaces_.push_back({{-x, y, 0}, {1, 0, 0}, kUp, 2 * x, kBoardHeight_m, &boards_, shift, false, true});
  surfaces_.push_back({{-x, -y, 0}, {0, 1, 0}, kUp, 2 * y, kBoardHeight_m, &boards_, shift + 11, false, true});
  surfaces_.push_back({{x, y, 0}, {0, -1, 0}, kUp, 2 * y, kBoardHeight_m, &boards_, shift + 23, false, true});
}

void Stadium::add_stands(double half_length, double half_width) {
  const double x = half_length + margin_x_m_ + kBoardsToStand_m;
  const double y = half_width + margin_y_m_ + kBoardsToStand_m;
  struct Wing {
    Vec3 corner, along, back;
    double width;
  };
  const Wing sides[3] = {{{-x - kOverlap_m, y, 0}, {1, 0, 0}, {0, 1, 0}, 2 * (x + kOverlap_m)},
                         {{-x, -y - 10, 0}, {0, 1, 0}, {-1, 0, 0}, 2 * y + 10 + kOverlap_m},
                         {{x, y + kOverlap_m, 0}, {0, -1, 0}, {1, 0, 0}, 2 * y + 10 + kOverlap_m}};
  float shift = 0;
  for (const Wing& side : sides) {
    add_stand(surfaces_, side.corner, side.along, side.back, side.width, shift);
    shift += 17;
  }
}

void Stadium::add_stand(std::vector<Surface>& to, Vec3 corner, Vec3 along, Vec3 back, double width_m,
                        float shift_m) const {
  const double c = 1 / std::sqrt(1 + rise_ * rise_);
  const Vec3 slope = c * back + (c * rise_) * kUp;
  Vec3 at = corner;
  to.push_back({at, along, kUp, width_m, kWall_m, &concrete_, shift_m, false});
  at = at + kWall_m * kUp;
  to.push_back({at, along, slope, width_m, kLowerTier_m, &crowd_, shift_m, false});
  at = at + kLowerTier_m * slope;
  to.push_back({at, along, kUp, width_m, kFacade_m, &concrete_, shift_m + 5, false});
  at = at + kFacade_m * kUp;
  to.push_back({at, along, slope, width_m, kUpperTier_m, &crowd_, shift_m + 9, false});
  at = at + kUpperTier_m * slope;
  to.push_back({at, along, kUp, width_m, kBackWall_m, &roof_, shift_m, false});
}

void Stadium::add_near_side(double half_length, double half_width, std::uint64_t seed) {
  Random random(seed ^ 0xD46ULL);
  const double y = -half_width - kSeats_m;
  const double x = half_length + kSeatsOverlap_m;
  const Vec3 slope = unit({0, -1, kSeatsRise});
  surfaces_.push_back({{x, y, 0}, {-1, 0, 0}, kUp, 2 * x, kSeatsWall_m, &concrete_, 3, false});
  surfaces_.push_back({Vec3{x, y, kSeatsWall_m}, {-1, 0, 0}, slope, 2 * x, kSeatsDepth_m, &backs_, 0, false});
  // The benches, seen from behind: a back wall and a roof.
  const double from = random.uniform(4, 9);
  const double long_m = random.uniform(8, 13);
  const double bench_y = -half_width - kBenches_m;
  for (const double left : {from, -from - long_m}) {
    surfaces_.push_back({{left, bench_y - 1.4, 0}, {1, 0, 0}, kUp, long_m, 1.5, &concrete_, 7, false});
    surfaces_.push_back({{left, bench_y - 1.4, 1.5}, {1, 0, 0}, unit({0, 1, 0.18}), long_m, 1.5, &roof_, 12, false});
  }
}

void Stadium::add_seats_before(std::vector<Surface>& to, const Side& side) const {
  const Vec3 corner = (side.edge_m + kSeats_m) * side.back - (side.half_along_m + kSeatsOverlap_m) * side.along;
  const double width_m = 2 * (side.half_along_m + kSeatsOverlap_m);
  to.push_back({corner, side.along, kUp, width_m, kSeatsWall_m, &concrete_, side.shift_m, false});
  to.push_back({corner + kSeatsWall_m * kUp, side.along, unit(side.back + kSeatsRise * kUp), width_m, kSeatsDepth_m,
                &backs_, side.shift_m, false});
}

std::vector<Surface> Stadium::surfaces_round(Vec3 eye) const {
  std::vector<Surface> seen = {surfaces_.front()};
  seen.push_back({{-kApron_m / 2, -kApron_m / 2, -0.02}, {1, 0, 0}, {0, 1, 0}, kApron_m, kApron_m, &apron_, 0, true});
  const double x = half_length_m_;
  const double y = half_width_m_;
  const Side sides[4] = {{{1, 0, 0}, {0, 1, 0}, x, y, margin_y_m_, 0},
                         {{0, 1, 0}, {-1, 0, 0}, y, x, margin_x_m_, 17},
                         {{0, -1, 0}, {1, 0, 0}, y, x, margin_x_m_, 34},
                         {{-1, 0, 0}, {0, -1, 0}, x, y, margin_y_m_, 51}};
  for (const Side& side : sides) {
    const double out = dot(eye, side.back) - side.edge_m;
    const double end_m = side.half_along_m + (side.half_along_m == x ? margin_x_m_ : margin_y_m_);
    if (out < side.margin_m - kClear_m) {
      seen.push_back({(side.edge_m + side.margin_m) * side.back - end_m * side.along, side.along, kUp, 2 * end_m,
                      kBoardHeight_m, &boards_, side.shift_m, false, true});
    }
    const double front_m = side.margin_m + kBoardsToStand_m;
    if (out < front_m - kClear_m) {
      const double width_m = end_m + kBoardsToStand_m + kOverlap_m;
      add_stand(seen, (side.edge_m + front_m) * side.back - width_m * side.along, side.along, side.back, 2 * width_m,
                side.shift_m);
    } else if (seats_clear(out, eye.z)) {
      add_seats_before(seen, side);
      const bool benches = side.back.y < 0 && eye.z * kBenches_m / out > kBenchesHigh_m + kHeads_m;
      if (benches) seen.insert(seen.end(), surfaces_.end() - kBenchSurfaces, surfaces_.end());
    }
  }
  return seen;
}

}  // namespace touchline::synth
