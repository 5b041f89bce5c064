#include "touchline/synth/synth_match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"
#include "touchline/synth/backdrop.h"
#include "touchline/synth/camera_work.h"
#include "touchline/synth/figure_painter.h"
#include "touchline/synth/look.h"
#include "touchline/synth/marking_painter.h"
#include "touchline/synth/play.h"
#include "touchline/synth/sensor.h"
#include "touchline/synth/stadium.h"
#include "touchline/synth/view.h"

namespace touchline::synth {
namespace {

constexpr int kInstants = 4;            // of one exposure
constexpr double kCloseShutter = 0.3;   // of the others' exposure
constexpr double kLeastVisible = 0.25;  // share of a body that must show to be listed
constexpr double kLarge = 1.0 / 400;    // of the picture: who covers more is listed, however little of the body that is
constexpr double kWhole = 0.9;          // from here on the box is that of the whole body
constexpr std::uint8_t kBallLabel = 255;

/// Everyone of one moment as figures, and in which order they hide each other.
struct Cast {
  std::array<Figure, kPeople> people;
  Figure ball;
  std::vector<int> far_to_near;  ///< indices of people; kPeople is the ball
};

Cast cast_of(const Look& look, const Moment& moment, const View& view) {
  Cast cast;
  std::array<double, kPeople + 1> depth{};
  for (int i = 0; i < kPeople; ++i) {
    const auto p = static_cast<std::size_t>(i);
    cast.people[p] = posed(look.people[p], moment.people[p], i);
    const auto place = moment.people[p].place_m;
    depth[p] = dot(view.forward(), Vec3{place.x, place.y, 0.9} - view.place_m());
    cast.far_to_near.push_back(i);
  }
  cast.ball = ball_figure(moment);
  depth[kPeople] = dot(view.forward(), moment.ball_m - view.place_m());
  cast.far_to_near.push_back(kPeople);
  std::sort(cast.far_to_near.begin(), cast.far_to_near.end(),
            [&](int a, int b) { return depth[static_cast<std::size_t>(a)] > depth[static_cast<std::size_t>(b)]; });
  return cast;
}

const Figure& figure_of(const Cast& cast, int index) {
  return index == kPeople ? cast.ball : cast.people[static_cast<std::size_t>(index)];
}

match::PersonClass class_of(int person) {
  if (person >= kReferee) return match::PersonClass::kReferee;
  return is_keeper(person) ? match::PersonClass::kGoalkeeper : match::PersonClass::kPlayer;
}

match::Team team_label_of(int person) {
  if (person >= kReferee) return match::Team::kNone;
  return person < kTeamSize ? match::Team::kA : match::Team::kB;
}

/// What one thread needs while it renders.
struct Workbench {
  Workbench(const SynthOptions& options, const Stadium& stadium, const Look& look)
      : canvas(options.width_px, options.height_px), backdrop(stadium.sky()), figures(look), sensor(look) {}
  Canvas canvas;
  Backdrop backdrop;
  FigurePainter figures;
  Sensor sensor;
};

}  // namespace

struct SynthMatch::Inside {
  explicit Inside(const SynthOptions& o)
      : options(o),
        pitch(o.pitch_length_m, o.pitch_width_m),
        look(o.seed),
        stadium(pitch, look, o.seed),
        play(pitch, o.duration_s, o.seed),
        camera_work(o, pitch, play) {}

  double pts_s(std::int64_t index) const { return static_cast<double>(index) / options.frame_rate; }
  View view(int shot, double time_s) const {
    return View(camera_work.at(shot, time_s), options.width_px, options.height_px);
  }
  void require_frame(std::int64_t index) const;
  std::unique_ptr<Workbench> borrow() const;
  void paint(Workbench& bench, std::int64_t index) const;

  SynthOptions options;
  match::PitchModel pitch;
  Look look;
  Stadium stadium;
  Play play;
  CameraWork camera_work;
  mutable image::FramePool pool;
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<Workbench>> benches;  // guarded by mutex
};

void SynthMatch::Inside::require_frame(std::int64_t index) const {
  const auto count = static_cast<std::int64_t>(options.duration_s * options.frame_rate + 0.5);
  TOUCHLINE_REQUIRE(index >= 0 && index < count, "frame {} does not exist; the made-up match has frames 0 to {}", index,
                    count - 1);
}

std::unique_ptr<Workbench> SynthMatch::Inside::borrow() const {
  const std::lock_guard lock(mutex);
  if (benches.empty()) return std::make_unique<Workbench>(options, stadium, look);
  auto bench = std::move(benches.back());
  benches.pop_back();
  return bench;
}

void SynthMatch::Inside::paint(Workbench& bench, std::int64_t index) const {
  const int shot = camera_work.shot_of(index);
  const double now_s = pts_s(index);
  const View middle = view(shot, now_s);
  // Long lenses need short exposures.
  const double shutter_s = look.shutter_s * (camera_work.kind(shot) == CameraKind::kClose ? kCloseShutter : 1);
  std::vector<View> views;
  std::vector<Cast> casts;
  for (int k = 0; k < kInstants; ++k) {
    const double time_s = now_s + shutter_s * ((k + 0.5) / kInstants - 0.5);
    views.push_back(view(shot, time_s));
    casts.push_back(cast_of(look, play.at(time_s), views.back()));
  }
  const bool main = options.camera == CameraKind::kMain;
  const Vec3 eye = middle.place_m();
  bench.backdrop.paint(bench.canvas, middle, main ? stadium.surfaces() : stadium.surfaces_round(eye));
  cover_markings(bench.canvas, middle, pitch);
  const Vec3 aim = middle.place_m() + 60.0 * middle.forward();
  const auto before = views.front().project(aim);
  const auto after = views.back().project(aim);
  const double smear_px = before && after ? (after->point_px.x - before->point_px.x) * kInstants / (kInstants - 1) : 0;
  finish_ground(bench.canvas, look, smear_px);
  const Cast& cast = casts[kInstants / 2];
  for (const int i : cast.far_to_near) bench.figures.paint_shadow(bench.canvas, middle, figure_of(cast, i));
  paint_goals(bench.canvas, middle, pitch, look);
  for (const int i : cast.far_to_near) {
    std::array<Instant, kInstants> instants;
    for (std::size_t k = 0; k < kInstants; ++k) instants[k] = {&views[k], &figure_of(casts[k], i)};
    bench.figures.paint(bench.canvas, instants);
  }
  paint_goal_before(bench.canvas, middle, pitch, look);
}

SynthMatch::SynthMatch(const SynthOptions& options) {
  options.check();
  inside_ = std::make_unique<Inside>(options);
}

SynthMatch::~SynthMatch() = default;

const SynthOptions& SynthMatch::options() const {
  return inside_->options;
}

const match::PitchModel& SynthMatch::pitch() const {
  return inside_->pitch;
}

std::int64_t SynthMatch::frame_count() const {
  return static_cast<std::int64_t>(inside_->options.duration_s * inside_->options.frame_rate + 0.5);
}

const std::vector<std::int64_t>& SynthMatch::first_frames() const {
  return inside_->camera_work.first_frames();
}

image::Frame SynthMatch::render(std::int64_t index) const {
  auto frame = inside_->pool.take(inside_->options.width_px, inside_->options.height_px, {});
  render(frame.view(), index);
  return std::move(frame).finish(inside_->pts_s(index), index);
}

void SynthMatch::render(const image::I420View& out, std::int64_t index) const {
  inside_->require_frame(index);
  TOUCHLINE_REQUIRE(out.width() == inside_->options.width_px && out.height() == inside_->options.height_px,
                    "a picture of {}x{} cannot hold a made-up match of {}x{}", out.width(), out.height(),
                    inside_->options.width_px, inside_->options.height_px);
  auto bench = inside_->borrow();
  inside_->paint(*bench, index);
  bench->sensor.develop(out, bench->canvas,
                        scramble(inside_->options.seed) + static_cast<std::uint64_t>(index) * 0x10001);
  const std::lock_guard lock(inside_->mutex);
  inside_->benches.push_back(std::move(bench));
}

std::vector<std::uint8_t> SynthMatch::label_map(std::int64_t index) const {
  inside_->require_frame(index);
  const SynthOptions& o = inside_->options;
  std::vector<std::uint8_t> map(static_cast<std::size_t>(o.width_px) * static_cast<std::size_t>(o.height_px), 0);
  const View view = inside_->view(inside_->camera_work.shot_of(index), inside_->pts_s(index));
  const Cast cast = cast_of(inside_->look, inside_->play.at(inside_->pts_s(index)), view);
  for (const int i : cast.far_to_near) {
    const auto label = i == kPeople ? kBallLabel : static_cast<std::uint8_t>(i + 1);
    label_figure(map, o.width_px, o.height_px, view, figure_of(cast, i), label);
  }
  return map;
}

namespace {

/// What of one label shows in a map.
struct Extent {
  int pixels = 0;
  int x0 = 1 << 20, y0 = 1 << 20, x1 = -1, y1 = -1;
  geometry::BoxPx box() const {
    return {static_cast<float>(x0), static_cast<float>(y0), static_cast<float>(x1 + 1), static_cast<float>(y1 + 1)};
  }
};

std::array<Extent, 256> extents(const std::vector<std::uint8_t>& map, int width) {
  std::array<Extent, 256> all;
  for (std::size_t at = 0; at < map.size(); ++at) {
    if (map[at] == 0) continue;
    Extent& e = all[map[at]];
    const int x = static_cast<int>(at % static_cast<std::size_t>(width));
    const int y = static_cast<int>(at / static_cast<std::size_t>(width));
    ++e.pixels;
    e.x0 = std::min(e.x0, x);
    e.x1 = std::max(e.x1, x);
    e.y0 = std::min(e.y0, y);
    e.y1 = std::max(e.y1, y);
  }
  return all;
}

match::PitchPose pose_of(const View& view, const match::PitchModel& pitch, int width, int height) {
  match::PitchPose pose;
  pose.state = match::PoseState::kMeasured;
  pose.camera = view.pitch_camera();
  pose.error_px = 0;
  pose.error_m = 0;
  for (std::size_t i = 0; i < match::kPitchPointCount; ++i) {
    const auto point = pose.camera->image_from_pitch(pitch.landmarks()[i]);
    const bool inside = point && point->x >= 0 && point->y >= 0 && point->x < width && point->y < height;
    if (inside) pose.points[i] = {*point, 1};
  }
  return pose;
}

std::optional<match::Ball> ball_of(const Cast& cast, const Moment& moment, const View& view, const Extent& seen,
                                   int width, int height) {
  const auto box = figure_box(view, cast.ball);
  if (!box || seen.pixels == 0) return std::nullopt;
  const geometry::BoxPx inside = geometry::clipped(*box, width, height);
  if (inside.area() < 0.5F * box->area()) return std::nullopt;
  match::Ball ball;
  ball.point_px = view.project(moment.ball_m)->point_px;
  ball.box_px = inside;
  ball.score = 1;
  if (moment.ball_m.z < kBallRadius_m + 0.05) ball.position_m = geometry::PitchPoint{moment.ball_m.x, moment.ball_m.y};
  return ball;
}

std::optional<match::Track> track_of(int person, const Figure& figure, const PersonState& state, const View& view,
                                     const Extent& seen, int width, int height) {
  std::vector<std::uint8_t> nowhere;
  const int whole = label_figure(nowhere, 0, 0, view, figure, 1);
  if (whole == 0 || seen.pixels < std::min(kLeastVisible * whole, kLarge * width * height)) return std::nullopt;
  match::Track track;
  track.id = person + 1;
  track.person_class = class_of(person);
  track.box_px =
      seen.pixels >= kWhole * whole ? geometry::clipped(*figure_box(view, figure), width, height) : seen.box();
  track.score = 1;
  const match::Team team = team_label_of(person);
  track.team = {team, team == match::Team::kNone ? 0.0F : 1.0F};
  track.position_m = state.place_m;
  track.speed_mps =
      std::sqrt(state.velocity_mps.x * state.velocity_mps.x + state.velocity_mps.y * state.velocity_mps.y);
  return track;
}

}  // namespace

match::MatchFrame SynthMatch::truth(std::int64_t index) const {
  inside_->require_frame(index);
  const SynthOptions& o = inside_->options;
  match::MatchFrame frame;
  frame.index = index;
  frame.pts_s = inside_->pts_s(index);
  frame.shot = inside_->camera_work.shot_of(index);
  frame.attack.a = 1;
  const View view = inside_->view(frame.shot, frame.pts_s);
  const Moment moment = inside_->play.at(frame.pts_s);
  const Cast cast = cast_of(inside_->look, moment, view);
  frame.pose = pose_of(view, inside_->pitch, o.width_px, o.height_px);
  const auto seen = extents(label_map(index), o.width_px);
  for (int i = 0; i < kPeople; ++i) {
    const auto p = static_cast<std::size_t>(i);
    if (auto track = track_of(i, cast.people[p], moment.people[p], view, seen[p + 1], o.width_px, o.height_px)) {
      frame.tracks.push_back(*track);
    }
  }
  frame.ball = ball_of(cast, moment, view, seen[kBallLabel], o.width_px, o.height_px);
  if (moment.owner >= 0) frame.possession = moment.owner < kTeamSize ? match::Possession::kA : match::Possession::kB;
  return frame;
}

}  // namespace touchline::synth
