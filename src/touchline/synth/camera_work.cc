#include "touchline/synth/camera_work.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr double kStep_s = 0.02;
constexpr double kRunIn_s = 3;  // the cameraman follows before his shot begins

}  // namespace

CameraWork::CameraWork(const SynthOptions& options, const match::PitchModel& pitch, const Play& play) {
  Random random(options.seed ^ 0xCA3E5AULL);
  const auto frames = static_cast<double>(static_cast<std::int64_t>(options.duration_s * options.frame_rate + 0.5));
  const double part = frames / options.shots;
  const double play_room = std::max(0.0, part - options.frame_rate);
  for (int i = 0; i < options.shots; ++i) {
    const double jitter = i == 0 ? 0 : random.uniform(-0.3, 0.3) * play_room;
    first_frames_.push_back(static_cast<std::int64_t>(i * part + jitter));
  }
  for (int i = 0; i < options.shots; ++i) {
    const auto index = static_cast<std::size_t>(i);
    Shot shot;
    shot.rig = rig_of(i, pitch, options.seed, static_cast<double>(options.width_px) / options.height_px);
    const double from_s = static_cast<double>(first_frames_[index]) / options.frame_rate;
    const bool last = i + 1 == options.shots;
    const double to_s = (last ? frames : static_cast<double>(first_frames_[index + 1])) / options.frame_rate;
    film(shot, play, from_s, to_s + 0.1, pitch.length_m() / 2);
    shots_.push_back(std::move(shot));
  }
}

CameraWork::Rig CameraWork::rig_of(int shot, const match::PitchModel& pitch, std::uint64_t seed, double aspect) {
  Random random(seed ^ 0x216ULL);
  Rig rig;
  const double near = pitch.width_m() / 2;
  rig.place_m = {random.uniform(-3, 3), -near - random.uniform(26, 40), random.uniform(13, 21)};
  const double away = -rig.place_m.y;
  // Framing of real main cameras: 60 to 95 m of the halfway line's depth in a 16:9 picture.
  rig.focal = away / random.uniform(58, 84) * std::min(1.0, 0.3 + 0.7 * aspect / (16.0 / 9));
  rig.zoom = random.uniform(0.05, 0.3);
  rig.k1 = random.uniform(-0.035, 0.02);
  rig.roll_turns = random.uniform(-0.0012, 0.0012);
  rig.aim_y_m = random.uniform(-3, 2);
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

void CameraWork::film(Shot& shot, const Play& play, double from_s, double to_s, double half_length) const {
  shot.start_s = from_s;
  const Rig& rig = shot.rig;
  Vec3 aim = {0, rig.aim_y_m, 1};
  Vec3 motion;
  bool first = true;
  const double stiffness = 1 / (rig.delay_s * rig.delay_s);
  for (double t = from_s - kRunIn_s; t < to_s; t += kStep_s) {
    const Moment moment = play.at(std::max(0.0, t));
    Vec3 middle;
    for (int p = 0; p < kReferee; ++p) {
      const auto place = moment.people[static_cast<std::size_t>(p)].place_m;
      middle = middle + (1.0 / kReferee) * Vec3{place.x, place.y, 0};
    }
    const double x = 0.75 * moment.ball_m.x + 0.25 * middle.x;
    const double out = std::min(1.0, std::abs(x) / half_length);
    const Vec3 wanted = {std::clamp(x, -rig.reach_x_m, rig.reach_x_m), rig.aim_y_m + rig.follow_y * moment.ball_m.y,
                         1 + rig.zoom * out};
    if (first) aim = wanted;
    first = false;
    motion = motion + kStep_s * (stiffness * (wanted - aim) - 2 / rig.delay_s * motion);
    aim = aim + kStep_s * motion;
    if (t >= from_s - 1e-9) shot.aims.push_back(aim);
  }
  shot.aims.push_back(shot.aims.back());
}

int CameraWork::shot_of(std::int64_t frame) const {
  const auto next = std::upper_bound(first_frames_.begin(), first_frames_.end(), frame);
  return static_cast<int>(next - first_frames_.begin()) - 1;
}

CameraState CameraWork::at(int shot, double time_s) const {
  const Shot& s = shots_[static_cast<std::size_t>(shot)];
  const double step = std::clamp((time_s - s.start_s) / kStep_s, 0.0, static_cast<double>(s.aims.size()) - 1.001);
  const auto i = static_cast<std::size_t>(step);
  const Vec3 aim = mix(s.aims[i], s.aims[i + 1], step - static_cast<double>(i));
  return {s.rig.place_m, {aim.x, aim.y, 0}, s.rig.focal * aim.z, s.rig.k1, s.rig.roll_turns};
}

}  // namespace touchline::synth
