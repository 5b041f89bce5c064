#include "touchline/synth/camera_rig.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr double kWideAspect = 16.0 / 9;
constexpr double kBodyHeight_m = 1.8;
constexpr double kOverAim_m =
    0.25;  // cameras look down, if ever so little: what they see of the pitch is below the middle

/// Framing of real main cameras: 60 to 95 m of the halfway line's depth in a 16:9 picture.
Rig main_rig(int shot, const match::PitchModel& pitch, std::uint64_t seed, double aspect) {
  Random random(seed ^ 0x216ULL);
  Rig rig;
  const double near = pitch.width_m() / 2;
  rig.place_m = {random.uniform(-3, 3), -near - random.uniform(26, 40), random.uniform(13, 21)};
  const double away = -rig.place_m.y;
  rig.focal = away / random.uniform(58, 84) * std::min(1.0, 0.3 + 0.7 * aspect / kWideAspect);
  rig.zoom = random.uniform(0.05, 0.3);
  rig.k1 = random.uniform(-0.035, 0.02);
  rig.roll_turns = random.uniform(-0.0012, 0.0012);
  rig.anchor_m.y = random.uniform(-3, 2);
  rig.follow_y = random.uniform(0.12, 0.3);
  rig.delay_s = random.uniform(0.5, 0.9);
  rig.reach_x_m = random.uniform(27, 34);
  Random other(seed ^ (0x5107ULL + static_cast<std::uint64_t>(shot)));
  if (shot % 2 == 0) return rig;
  rig.k1 = other.uniform(-0.03, 0.02);
  const int kind = (shot / 2) % 3;
  if (kind == 0) {  // the same stand, closer
    rig.focal *= other.uniform(1.3, 1.5);
    rig.follow_y = 0.5;
  } else if (kind == 1) {  // level with a penalty area
    rig.place_m = {(other.chance(0.5) ? 1 : -1) * other.uniform(28, 36), rig.place_m.y + 4, other.uniform(11, 17)};
    rig.focal *= other.uniform(1.0, 1.15);
  } else {  // high up, wide
    rig.place_m = {other.uniform(-8, 8), rig.place_m.y - 10, other.uniform(24, 30)};
    rig.focal *= other.uniform(0.95, 1.1);
  }
  return rig;
}

/// Builds the rigs of one shot of the kinds beyond the main stand.
class RigMaker {
 public:
  RigMaker(const RigRequest& request, const match::PitchModel& pitch, const Play& play)
      : random_(request.seed * 0x9E3779B97F4A7C15ULL ^
                (0xF11AULL + 0x1003ULL * static_cast<std::uint64_t>(request.shot))),
        request_(request),
        x_(pitch.length_m() / 2),
        y_(pitch.width_m() / 2),
        moment_(play.at(request.start_s)) {
    rig_.kind = request.kind;
    rig_.k1 = random_.uniform(-0.05, 0.025);
    rig_.roll_turns = random_.uniform(-0.004, 0.004);
    rig_.delay_s = random_.uniform(0.4, 0.8);
    rig_.reach_x_m = x_;
    rig_.reach_y_m = y_;
  }

  Rig goal() {
    const double side = side_of_play();
    const double corner = random_.chance(0.35) ? 0 : random_.uniform(-y_ - 4, y_ + 4);
    const double back = random_.uniform(8, 40);
    // Far back a low camera would see but a line of grass.
    const double least = 3 + 0.12 * (back - 8);
    rig_.place_m = {side * (x_ + back), corner + random_.uniform(-4, 4), random_.uniform(least, 20)};
    rig_.anchor_m = {side * (x_ - random_.uniform(4, 26)), 0.2 * corner, 0};
    rig_.follow_x = random_.uniform(0.2, 0.7);
    rig_.follow_y = random_.uniform(0.3, 0.8);
    rig_.zoom = random_.uniform(0, 0.8);
    frame(random_.uniform(20, 68));
    return rig_;
  }

  Rig beside() {
    const double side = side_of_play();
    const double near = random_.chance(0.75) ? -1 : 1;
    rig_.place_m = {side * (x_ - random_.uniform(-7, 18)), near * (y_ + random_.uniform(3.5, 18)),
                    random_.uniform(2, 12)};
    rig_.anchor_m = {side * (x_ - random_.uniform(6, 22)), near * random_.uniform(-4, 12), 0};
    rig_.follow_x = random_.uniform(0.3, 0.8);
    rig_.follow_y = random_.uniform(0.3, 0.7);
    rig_.zoom = random_.uniform(0, 0.8);
    frame(random_.uniform(16, 58));
    return rig_;
  }

  Rig tactical() {
    const double side = random_.chance(0.5) ? 1 : -1;
    const double high = random_.uniform(25, 45);
    if (random_.chance(0.6)) {
      rig_.place_m = {side * (x_ + random_.uniform(14, 45)), random_.uniform(-16, 16), high};
    } else {
      rig_.place_m = {side * (x_ + random_.uniform(4, 26)), sign() * (y_ + random_.uniform(4, 22)), high};
    }
    rig_.anchor_m = {side * random_.uniform(0, 24), random_.uniform(-4, 4), 0};
    rig_.follow_x = random_.uniform(0.25, 0.6);
    rig_.follow_y = random_.uniform(0.1, 0.4);
    rig_.zoom = random_.uniform(0, 0.6);
    frame(random_.uniform(54, 96));
    return rig_;
  }

  Rig unmoved() {
    const double place = random_.uniform();
    const double high = random_.uniform(8, 28);
    if (place < 0.6) {
      rig_.place_m = {random_.uniform(-8, 8), -y_ - random_.uniform(14, 38), high};
    } else if (place < 0.8) {
      rig_.place_m = {random_.uniform(-34, 34), sign() * (y_ + random_.uniform(12, 32)), high};
    } else {
      rig_.place_m = {sign() * (x_ + random_.uniform(4, 24)), sign() * (y_ + random_.uniform(2, 20)), high};
    }
    rig_.anchor_m = {0.25 * rig_.place_m.x + random_.uniform(-4, 4), random_.uniform(-10, 4), 0};
    rig_.k1 = random_.uniform(-0.18, 0.02);
    frame(random_.uniform(78, 122));
    rig_.focal = std::max(rig_.focal, 0.36);
    return rig_;
  }

  Rig far_side() {
    Rig rig = main_rig(request_.shot, match::PitchModel(2 * x_, 2 * y_), request_.seed, request_.aspect);
    rig.kind = CameraKind::kFarSide;
    rig.place_m.x = random_.uniform(-30, 30);
    rig.place_m.y *= -random_.uniform(0.8, 1.05);
    rig.place_m.z += random_.uniform(-6, 6);
    rig.focal *= random_.uniform(0.9, 1.5);
    rig.anchor_m.y *= -1;
    return rig;
  }

  Rig close() {
    const double taste = random_.uniform();
    rig_.subject = taste < 0.25 ? Rig::kBallPlayers : taste < 0.65 ? nearest_to_ball() : random_.pick(kPeople);
    const double share = figure_share(rig_.subject == Rig::kBallPlayers);
    const Vec3 subject = subject_of(rig_, moment_);
    // Large figures are framed from the knees or the chest up.
    const double lift = share > 0.8 ? random_.uniform(0.95, 1.45) : random_.uniform(0.5, 1.1);
    rig_.anchor_m = {subject.x, subject.y, lift};
    place_close(lift);
    rig_.follow_x = rig_.follow_y = 1;
    rig_.zoom = 1;
    rig_.reach_x_m = x_ + 8;
    rig_.reach_y_m = y_ + 8;
    const double frame_m = kBodyHeight_m / share * request_.aspect;
    rig_.focal = distance(rig_.anchor_m) / frame_m;
    rig_.delay_s = std::clamp(frame_m / 40, 0.06, 0.5);
    rig_.roll_turns = random_.uniform(-0.006, 0.006);
    return rig_;
  }

 private:
  double sign() { return random_.chance(0.5) ? 1 : -1; }

  /// Mostly the half where the ball is.
  double side_of_play() {
    const double here = moment_.ball_m.x < 0 ? -1 : 1;
    return random_.chance(0.75) ? here : -here;
  }

  double distance(Vec3 aim) const { return length(aim - rig_.place_m); }

  /// Sets the focal length so that a 16:9 picture is `wide_m` across at the anchor; a narrower one is its middle.
  void frame(double wide_m) {
    const double narrow = std::min(1.0, request_.aspect / kWideAspect);
    rig_.focal = std::clamp(distance(rig_.anchor_m) / (wide_m * narrow), 0.3, 8.0);
  }

  /// A figure's height / the picture's; small ones more often than huge ones.
  double figure_share(bool several) {
    if (several) return random_.uniform(0.18, 0.5);
    const double r = random_.uniform();
    return 0.2 + 0.45 * r + 1.1 * r * r * r;
  }

  int nearest_to_ball() const {
    int best = 0;
    double least = 1e9;
    for (int i = 0; i < kPeople; ++i) {
      const auto place = moment_.people[static_cast<std::size_t>(i)].place_m;
      const double away = geometry::distance_m(place, {moment_.ball_m.x, moment_.ball_m.y});
      if (away < least) best = i;
      least = std::min(least, away);
    }
    return best;
  }

  /// At the edge of the pitch or in a stand, on any side.
  void place_close(double aim_height_m) {
    const bool on_grass = random_.chance(0.45);
    const double out = on_grass ? random_.uniform(4, 7) : random_.uniform(12, 40);
    const double high = on_grass ? random_.uniform(0.7, 2.4) : 1.5 + out * random_.uniform(0.15, 0.55);
    const double pick = random_.uniform();
    Vec3& place = rig_.place_m;
    if (pick < 0.55) {
      place = {random_.uniform(-x_, x_), -y_ - out, high};
    } else if (pick < 0.7) {
      place = {random_.uniform(-x_, x_), y_ + out, high};
    } else {
      place = {sign() * (x_ + out), random_.uniform(-y_, y_), high};
    }
    place.z = std::max(place.z, aim_height_m + kOverAim_m);
  }

  Random random_;
  RigRequest request_;
  double x_;
  double y_;
  Moment moment_;
  Rig rig_;
};

}  // namespace

Rig rig_of(const RigRequest& request, const match::PitchModel& pitch, const Play& play) {
  RigMaker maker(request, pitch, play);
  switch (request.kind) {
    case CameraKind::kGoal:
      return maker.goal();
    case CameraKind::kBeside:
      return maker.beside();
    case CameraKind::kTactical:
      return maker.tactical();
    case CameraKind::kStatic:
      return maker.unmoved();
    case CameraKind::kClose:
      return maker.close();
    case CameraKind::kFarSide:
      return maker.far_side();
    case CameraKind::kMain:
    case CameraKind::kMixed:
      break;
  }
  return main_rig(request.shot, pitch, request.seed, request.aspect);
}

Vec3 subject_of(const Rig& rig, const Moment& moment) {
  if (rig.subject >= 0) {
    const auto place = moment.people[static_cast<std::size_t>(rig.subject)].place_m;
    return {place.x, place.y, 0};
  }
  if (rig.subject == Rig::kBallPlayers) {
    Vec3 sum = {moment.ball_m.x, moment.ball_m.y, 0};
    double weights = 1;
    for (int p = 0; p < kReferee; ++p) {
      const auto place = moment.people[static_cast<std::size_t>(p)].place_m;
      const double away = geometry::distance_m(place, {moment.ball_m.x, moment.ball_m.y});
      const double weight = 1 / (1 + away * away / 16);
      sum = sum + weight * Vec3{place.x, place.y, 0};
      weights += weight;
    }
    return (1 / weights) * sum;
  }
  Vec3 middle;
  for (int p = 0; p < kReferee; ++p) {
    const auto place = moment.people[static_cast<std::size_t>(p)].place_m;
    middle = middle + (1.0 / kReferee) * Vec3{place.x, place.y, 0};
  }
  return {0.75 * moment.ball_m.x + 0.25 * middle.x, moment.ball_m.y, 0};
}

}  // namespace touchline::synth
