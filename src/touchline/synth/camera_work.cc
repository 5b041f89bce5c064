#include "touchline/synth/camera_work.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr double kStep_s = 0.02;
constexpr double kRunIn_s = 3;  // the cameraman follows before his shot begins

/// Where a rig on one of the long sides looks, and how much closer than usual: it pans along the game.
Vec3 panned(const Rig& rig, const Moment& moment, double half_length) {
  const double x = subject_of(rig, moment).x;
  const double out = std::min(1.0, std::abs(x) / half_length);
  return {std::clamp(x, -rig.reach_x_m, rig.reach_x_m), rig.anchor_m.y + rig.follow_y * moment.ball_m.y,
          1 + rig.zoom * out};
}

/// The same for a rig that leaves its anchor some way toward its subject.
Vec3 drawn(const Rig& rig, const Moment& moment) {
  const Vec3 subject = subject_of(rig, moment);
  const double x = mix(rig.anchor_m.x, subject.x, rig.follow_x);
  const double y = mix(rig.anchor_m.y, subject.y, rig.follow_y);
  const Vec3 aim = {std::clamp(x, -rig.reach_x_m, rig.reach_x_m), std::clamp(y, -rig.reach_y_m, rig.reach_y_m),
                    rig.anchor_m.z};
  const double farther = length(aim - rig.place_m) / length(rig.anchor_m - rig.place_m);
  return {aim.x, aim.y, mix(1, farther, rig.zoom)};
}

Vec3 wanted_by(const Rig& rig, const Moment& moment, double half_length) {
  const bool pans = rig.kind == CameraKind::kMain || rig.kind == CameraKind::kFarSide;
  return pans ? panned(rig, moment, half_length) : drawn(rig, moment);
}

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
    const double from_s = static_cast<double>(first_frames_[index]) / options.frame_rate;
    const CameraKind kind = kind_of_shot(options.camera, options.seed, i);
    const double aspect = static_cast<double>(options.width_px) / options.height_px;
    shot.rig = rig_of({kind, i, options.seed, aspect, from_s}, pitch, play);
    const bool last = i + 1 == options.shots;
    const double to_s = (last ? frames : static_cast<double>(first_frames_[index + 1])) / options.frame_rate;
    film(shot, play, from_s, to_s + 0.1, pitch.length_m() / 2);
    shots_.push_back(std::move(shot));
  }
}

void CameraWork::film(Shot& shot, const Play& play, double from_s, double to_s, double half_length) const {
  shot.start_s = from_s;
  const Rig& rig = shot.rig;
  Vec3 aim = {0, rig.anchor_m.y, 1};
  Vec3 motion;
  bool first = true;
  const double stiffness = 1 / (rig.delay_s * rig.delay_s);
  for (double t = from_s - kRunIn_s; t < to_s; t += kStep_s) {
    const Moment moment = play.at(std::max(0.0, t));
    const Vec3 wanted = wanted_by(rig, moment, half_length);
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
  return {s.rig.place_m, {aim.x, aim.y, s.rig.anchor_m.z}, s.rig.focal * aim.z, s.rig.k1, s.rig.roll_turns};
}

}  // namespace touchline::synth
