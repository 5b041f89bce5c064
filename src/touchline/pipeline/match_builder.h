#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "touchline/analytics/analyst.h"
#include "touchline/calibrate/pose_filter.h"
#include "touchline/calibrate/pose_smoother.h"
#include "touchline/image/frame.h"
#include "touchline/match/match_frame.h"
#include "touchline/pipeline/observation.h"
#include "touchline/pipeline/options.h"
#include "touchline/pipeline/stage_times.h"
#include "touchline/teams/team_assigner.h"
#include "touchline/track/ball_path.h"
#include "touchline/track/fill.h"
#include "touchline/track/tracker.h"

namespace touchline::pipeline {

/// A frame and everything known about it.
struct AnalyzedFrame {
  image::Frame frame;
  match::MatchFrame match;
};

/// The ordered part of the frame path: observations in presentation order → match frames in the same order, each held
/// back until `lookahead_s` of later frames is known, so that what lies between two sightings can be filled.
/// Memory is bounded by the frames inside the look-ahead. Not thread-safe.
class MatchBuilder {
 public:
  using Sink = std::function<void(AnalyzedFrame&&)>;

  /// `times` must outlive the builder.
  MatchBuilder(const AnalyzeOptions& options, StageTimes& times, Sink sink);

  void push(Observation&& observation);

  /// No further frame comes: emits what is held back.
  void finish();

 private:
  void start_shot();
  void see_pictures_of(int width_px, int height_px);
  void order(match::MatchFrame& match, Observation& observation);
  void emit_ready();
  void complete(match::MatchFrame& match);

  const double lookahead_s_;
  const match::PitchModel pitch_;
  StageTimes& times_;
  Sink sink_;
  std::optional<calibrate::PoseFilter> pose_filter_;  ///< of pictures of width_px_ × height_px_
  std::optional<analytics::Analyst> analyst_;         ///< likewise
  int width_px_ = 0;
  int height_px_ = 0;
  calibrate::PoseSmoother pose_smoother_;
  track::Tracker tracker_;
  track::BallPath ball_;
  track::GapFiller filler_;
  teams::TeamAssigner teams_;
  std::deque<image::Frame> frames_;
  std::vector<match::Track> last_tracks_;
  int shot_ = 0;
};

}  // namespace touchline::pipeline
