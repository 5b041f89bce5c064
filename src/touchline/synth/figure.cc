#include "touchline/synth/figure.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace touchline::synth {
namespace {

// Lengths of a body 1.80 m tall, metres.
constexpr double kThigh = 0.44;
constexpr double kShin = 0.42;
constexpr double kAnkle = 0.07;
constexpr double kTrunk = 0.52;
constexpr double kUpperArm = 0.29;
constexpr double kForearm = 0.25;

constexpr double kBallGlow = 1.3;  // a bright ball spreads over its neighbours in every real camera

/// Directions of a body and the size it is drawn at.
struct Frame {
  Vec3 ahead;
  Vec3 right;
  Vec3 up;
  double size = 1;
  double girth = 1;

  Vec3 at(Vec3 from, double ahead_m, double right_m, double up_m) const {
    return from + (size * ahead_m) * ahead + (size * girth * right_m) * right + (size * up_m) * up;
  }
};

/// Angles of one leg in turns: of the thigh to the vertical, and how far the knee is bent.
struct Leg {
  double thigh = 0;
  double knee = 0;
};

Leg leg_at(double phase, double pace, double run) {
  const double moving = std::min(1.0, pace / 0.8);
  const double swing = moving * mix(0.06, 0.125, run);
  const double bend = moving * mix(0.1, 0.27, run);
  return {swing * sin_turns(phase) + 0.015 * run, 0.012 + 0.02 * run + bend * std::max(0.0, cos_turns(phase + 0.04))};
}

Leg kicking_leg(double kick) {
  if (kick < 0.35) return {mix(0, -0.12, kick / 0.35), mix(0.02, 0.22, kick / 0.35)};
  if (kick < 0.6) return {mix(-0.12, 0.16, (kick - 0.35) / 0.25), mix(0.22, 0.02, (kick - 0.35) / 0.25)};
  return {mix(0.16, 0, (kick - 0.6) / 0.4), 0.02};
}

Vec3 swung(const Frame& f, Vec3 from, double length_m, double turns, double outward) {
  return f.at(from, length_m * sin_turns(turns), outward, -length_m * cos_turns(turns));
}

Limb limb(const Frame& f, Vec3 a, Vec3 b, double ra, double rb, Pixel color_a, Pixel color_b, float seam,
          Limb::Kind kind = Limb::Kind::kPlain) {
  const double thick = f.size * f.girth;
  return {a, b, thick * ra, thick * rb, color_a, color_b, seam, kind, 0, 0};
}

void add_leg(Figure& figure, const Frame& f, const Person& person, Vec3 hip, const Leg& leg, double outward) {
  const Kit& kit = person.kit;
  const Vec3 knee = swung(f, hip, kThigh, leg.thigh, outward);
  const Vec3 ankle = swung(f, knee, kShin, leg.thigh - leg.knee, 0.2 * outward);
  const double pitch = 0.4 * (leg.thigh - leg.knee);  // a lifted foot points down
  const Vec3 toe =
      f.at(ankle, 0.19 * cos_turns(pitch), 0.02 * (outward > 0 ? 1 : -1), -0.035 + 0.19 * sin_turns(pitch));
  figure.limbs.push_back(limb(f, hip, knee, 0.108, 0.066, kit.shorts, person.skin, 0.62F, Limb::Kind::kThigh));
  figure.limbs.push_back(limb(f, knee, ankle, 0.06, 0.045, kit.socks, kit.socks, 1, Limb::Kind::kShin));
  figure.limbs.push_back(limb(f, f.at(ankle, -0.04, 0, -0.03), toe, 0.042, 0.032, person.boots, person.boots, 1));
}

void add_arm(Figure& figure, const Frame& f, const Person& person, Vec3 shoulder, double swing, double bend,
             double outward) {
  const Pixel bare = person.long_sleeves ? person.kit.sleeve : person.skin;
  const Vec3 elbow = swung(f, shoulder, kUpperArm, swing, outward);
  const Vec3 hand = swung(f, elbow, kForearm, swing + bend, -0.5 * outward);
  const Pixel palm = person.gloves ? yuv(225, 225, 220) : person.skin;
  figure.limbs.push_back(limb(f, shoulder, elbow, 0.06, 0.048, person.kit.sleeve, bare, 0.68F, Limb::Kind::kSleeve));
  figure.limbs.push_back(limb(f, elbow, hand, 0.043, 0.034, bare, bare, 1));
  figure.limbs.push_back(limb(f, hand, f.at(hand, 0.02, 0, -0.06), 0.04, 0.03, palm, palm, 1));
}

void add_trunk(Figure& figure, const Frame& f, const Person& person, Vec3 hips, Vec3 chest) {
  const Kit& kit = person.kit;
  figure.limbs.push_back(
      limb(f, f.at(hips, 0, -0.07, 0), f.at(hips, 0, 0.07, 0), 0.115, 0.115, kit.shorts, kit.shorts, 1));
  for (const double side : {-1.0, 0.0, 1.0}) {
    const double waist = 0.055 * side;
    const double top = 0.1 * side;
    Limb part = limb(f, f.at(hips, 0, waist, 0.05), f.at(chest, 0, top, -0.07), 0.1, 0.118, kit.shirt, kit.shirt, 1);
    part.kind = Limb::Kind::kTorso;
    part.side_a_m = static_cast<float>(waist);
    part.side_b_m = static_cast<float>(top);
    figure.limbs.push_back(part);
  }
  const Pixel yoke = kit.pattern == Pattern::kYoke ? kit.second : kit.shirt;
  figure.limbs.push_back(limb(f, f.at(chest, 0, -0.14, 0), f.at(chest, 0, 0.14, 0), 0.072, 0.072, yoke, yoke, 1));
}

void add_head(Figure& figure, const Frame& f, const Person& person, Vec3 chest) {
  const Vec3 head = f.at(chest, 0.03, 0, 0.22);
  figure.limbs.push_back(limb(f, f.at(chest, 0, 0, 0.03), head, 0.056, 0.05, person.skin, person.skin, 1));
  figure.limbs.push_back(limb(f, f.at(head, 0.015, 0, -0.045), f.at(head, 0.005, 0, 0.04), 0.078, 0.096, person.skin,
                              person.skin, 1, Limb::Kind::kHead));
  if (person.bald) return;
  figure.limbs.push_back(
      limb(f, f.at(head, -0.025, 0, 0), f.at(head, -0.012, 0, 0.058), 0.09, 0.098, person.hair, person.hair, 1));
}

}  // namespace

Figure posed(const Person& person, const PersonState& state, int index) {
  const double pace =
      std::sqrt(state.velocity_mps.x * state.velocity_mps.x + state.velocity_mps.y * state.velocity_mps.y);
  const double run = std::clamp((pace - 1.2) / 4.5, 0.0, 1.0);
  Frame f;
  f.ahead = {state.facing.x, state.facing.y, 0};
  f.right = {state.facing.y, -state.facing.x, 0};
  f.up = {0, 0, 1};
  f.size = person.height_m / 1.8;
  f.girth = person.girth;
  const std::array<Leg, 2> legs = {
      leg_at(state.stride_turns, pace, run),
      state.kick > 0 ? kicking_leg(state.kick) : leg_at(state.stride_turns + 0.5, pace, run)};
  double reach = 0;  // the lower foot stands on the grass
  for (const Leg& leg : legs) {
    reach = std::max(reach, kThigh * cos_turns(leg.thigh) + kShin * cos_turns(leg.thigh - leg.knee));
  }
  const double hop = 0.05 * run * std::max(0.0, sin_turns(2 * state.stride_turns + 0.25));
  const Vec3 hips = {state.place_m.x, state.place_m.y, f.size * (reach + kAnkle + hop)};
  const double lean = 0.012 + 0.035 * run;
  const Vec3 chest = f.at(hips, kTrunk * sin_turns(lean), 0, kTrunk * cos_turns(lean));
  Figure figure;
  figure.right = f.right;
  figure.ahead = f.ahead;
  figure.kit = &person.kit;
  figure.hair = person.hair;
  // Team a wears 1 to 11, team b the odd numbers.
  figure.number = index < kTeamSize ? 1 + index : index < kReferee ? 1 + 2 * (index - kTeamSize) : 0;
  figure.limbs.reserve(20);
  const double stance = 0.035 * (1 - run);
  const double arm_swing = std::min(1.0, pace / 1.2) * mix(0.05, 0.11, run);
  const bool akimbo = pace < 0.6 && index % 5 == 2;
  for (int i = 0; i < 2; ++i) {
    const double side = i == 0 ? -1 : 1;
    const Leg& leg = legs[static_cast<std::size_t>(i)];
    add_leg(figure, f, person, f.at(hips, 0, 0.085 * side, -0.01), leg, stance * side);
    const double swing = -arm_swing * sin_turns(state.stride_turns + 0.5 * i);
    const double bend = akimbo ? 0.12 : mix(0.03, 0.23, run);
    add_arm(figure, f, person, f.at(chest, 0, 0.185 * side, -0.02), akimbo ? -0.06 : swing, bend,
            (akimbo           ? 0.16
             : state.kick > 0 ? 0.2
                              : 0.06) *
                side);
  }
  add_trunk(figure, f, person, hips, chest);
  add_head(figure, f, person, chest);
  return figure;
}

Figure ball_figure(const Moment& moment) {
  Figure figure;
  const double roll = (moment.ball_m.x + moment.ball_m.y) / (6.283185307179586 * kBallRadius_m);
  figure.ahead = {cos_turns(roll), 0, sin_turns(roll)};
  figure.right = {0, 1, 0};
  Limb ball;
  ball.a_m = ball.b_m = moment.ball_m;
  ball.radius_a_m = ball.radius_b_m = kBallGlow * kBallRadius_m;
  ball.color_a = yuv(246, 246, 242);
  ball.color_b = yuv(196, 198, 204);
  ball.kind = Limb::Kind::kBall;
  figure.limbs.push_back(ball);
  return figure;
}

}  // namespace touchline::synth
