#include "touchline/pipeline/match_builder.h"

#include <algorithm>
#include <utility>

#include "touchline/calibrate/project.h"

namespace touchline::pipeline {
namespace {

track::FillOptions fill_options(double lookahead_s) {
  track::FillOptions options;
  options.lookahead_s = lookahead_s;
  return options;
}

track::BallPathOptions ball_options(double lookahead_s, const match::PitchModel& pitch) {
  track::BallPathOptions options;
  options.lookahead_s = lookahead_s;
  options.pitch = pitch;
  return options;
}

calibrate::PoseSmootherOptions smoother_options(double lookahead_s) {
  calibrate::PoseSmootherOptions options;
  options.max_gap_s = lookahead_s;
  return options;
}

teams::TeamOptions team_options(const match::PitchModel& pitch) {
  teams::TeamOptions options;
  options.roles.pitch = pitch;
  return options;
}

}  // namespace

MatchBuilder::MatchBuilder(const AnalyzeOptions& options, StageTimes& times, Sink sink)
    : lookahead_s_(options.lookahead_s),
      pitch_(options.pitch),
      times_(times),
      sink_(std::move(sink)),
      pose_smoother_(options.pitch, smoother_options(options.lookahead_s)),
      ball_(ball_options(options.lookahead_s, options.pitch)),
      filler_(fill_options(options.lookahead_s)),
      teams_(team_options(options.pitch)) {}

void MatchBuilder::push(Observation&& observation) {
  match::MatchFrame match;
  match.index = observation.frame.index;
  match.pts_s = observation.frame.pts_s;
  match.timings_ms = std::move(observation.timings_ms);
  if (observation.starts_shot) start_shot();
  match.shot = shot_;
  {
    const StageTimer timer(times_, "order", &match.timings_ms);
    order(match, observation);
  }
  frames_.push_back(std::move(observation.frame));
  {
    const StageTimer timer(times_, "fill");
    filler_.push(std::move(match));
  }
  emit_ready();
}

void MatchBuilder::finish() {
  ball_.finish();
  filler_.finish();
  emit_ready();
}

void MatchBuilder::start_shot() {
  ++shot_;
  tracker_.cut();
  ball_.cut();
  teams_.cut();
  last_tracks_.clear();
  if (pose_filter_) pose_filter_->cut();
}

void MatchBuilder::see_pictures_of(int width_px, int height_px) {
  width_px_ = width_px;
  height_px_ = height_px;
  pose_filter_.emplace(width_px, height_px, pitch_);
  analytics::AnalystOptions options;
  options.pitch = pitch_;
  options.width_px = width_px;
  options.height_px = height_px;
  analyst_.emplace(options);
}

void MatchBuilder::order(match::MatchFrame& match, Observation& observation) {
  const int width = observation.frame.width();
  const int height = observation.frame.height();
  if (!pose_filter_ || width != width_px_ || height != height_px_) see_pictures_of(width, height);
  match.pose = pose_filter_->update(observation.fit, observation.detections.points, match.pts_s);
  pose_smoother_.push({pose_filter_->step(), match.pose.state, match.pts_s, shot_, width, height});
  if (observation.sampled) {
    match.tracks = tracker_.update(observation.detections.people, match.pose, match.pts_s);
    calibrate::project_people(match.tracks, match.pose.camera, pitch_);
    teams_.update(match.tracks, match.pose, match.pts_s);
    analyst_->observe(match);
  } else if (lookahead_s_ == 0) {
    match.tracks = last_tracks_;  // nothing will fill this frame: people stay where they were
    for (match::Track& track : match.tracks) {
      track.state = match::State::kHeld;
      track.score = 0;
      track.kit = {};
    }
  }
  match.attack = teams_.attack();
  if (lookahead_s_ == 0) last_tracks_ = match.tracks;
  ball_.push(match.index, observation.detections.balls, match.pose, match.tracks, match.pts_s);
}

void MatchBuilder::emit_ready() {
  while (auto match = filler_.pop_ready()) {
    AnalyzedFrame analyzed{std::move(frames_.front()), std::move(*match)};
    frames_.pop_front();
    {
      const StageTimer timer(times_, "analytics", &analyzed.match.timings_ms);
      complete(analyzed.match);
    }
    sink_(std::move(analyzed));
  }
}

void MatchBuilder::complete(match::MatchFrame& match) {
  match.pose = pose_smoother_.pop(match.pose);
  if (auto decision = ball_.pop_ready()) match.ball = std::move(decision->ball);
  // What was learnt inside the look-ahead holds for the frames before, too.
  std::erase_if(match.tracks, [this](const match::Track& track) { return !teams_.is_person(track.id); });
  if (!match.pose.camera) track::drop_hidden(match.tracks);
  calibrate::project_people(match.tracks, match.pose.camera, pitch_);
  teams_.restamp(match.tracks);
  if (match.shot == shot_ && match.attack.a == 0) match.attack = teams_.attack();
  if (match.ball && match.pose.camera)
    match.ball->position_m = match.pose.camera->pitch_from_image(match.ball->point_px);
  analyst_->update(match);
}

}  // namespace touchline::pipeline
