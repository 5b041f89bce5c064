#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "touchline/match/detection.h"
#include "touchline/match/pitch_pose.h"
#include "touchline/match/track.h"
#include "touchline/track/camera_motion.h"
#include "touchline/track/motion.h"

namespace touchline::track {

/// Options of Tracker. Defaults were tuned on 15 football sequences of 4 videos with panning cameras and noisy boxes.
struct TrackerOptions {
  double high_score = 0.3;       ///< detections from here on are associated first and may start a track; 0 … 1
  double low_score = 0.1;        ///< detections below are ignored; 0 … 1
  double birth_score = 0.71;     ///< a lone detection from here on is a person at once; 0 … 1
  int confirm_hits = 3;          ///< weaker ones must be seen in this many frames first; 1 … 100
  double doubt_s = 0.07;         ///< an unconfirmed track may stay unseen for this long, s; 0 … 10
  double memory_s = 8.0;         ///< a person stays known unseen for this long, s; 0 … 60
  double hold_s = 0.0;           ///< an unseen person is still answered (kHeld) for this long, s; 0 … 1
  double gate = 8.0;             ///< largest distance of an association, standard deviations; 0.1 … 100
  double reach_heights = 2.2;    ///< and largest distance whatever the uncertainty, body heights; 0.1 … 20
  double cost_limit = 60;        ///< an association that costs more in all is not made; 0.1 … 1000
  double size_noise = 0.054;     ///< scatter of a box's height about the remembered one, share of it; 0.001 … 10
  double size_cost = 6.0;        ///< what a wrong height costs at most; 0 … 100
  double overlap_weight = 2.5;   ///< what two boxes that do not overlap at all cost; 0 … 100
  double surprise_weight = 1.5;  ///< what the vagueness of an old expectation costs; 0 … 10
  double kit_weight = 0.01;      ///< what one squared unit of Lab colour difference costs at full trust; 0 … 10
  double duplicate_share = 0.8;  ///< a lone detection with this share inside an associated one starts no track; 0 … 1
  int max_tracks = 256;          ///< tracks remembered, seen or not; those longest unseen go first; 64 … 4096
  MotionOptions motion = {};
  CameraMotionOptions camera = {};

  /// Throws Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

/// Gives people identities from frame to frame: ByteTrack's two stages (Zhang et al. 2022: strong detections first,
/// then weak ones for those left), with distances in standard deviations of a motion filter that works in body heights,
/// the camera's motion taken out, kit colour as a tie-breaker and a long memory. Causal: the answer for a frame is
/// final.
///
/// Memory is bounded by max_tracks and by the largest frame; after warm-up nothing but the answer is allocated.
/// Not thread-safe; frames come in order.
class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options = {});
  ~Tracker();
  Tracker(Tracker&&) noexcept;
  Tracker& operator=(Tracker&&) noexcept;

  /// One Track per person seen in this frame, ordered by id: the matched detection's own box, score and kit, the class
  /// by the weighted vote of the whole track and each class's share of it; team, position and speed stay empty. With
  /// hold_s > 0 also people just lost (State::kHeld, the expected box, score 0).
  ///
  /// detections  any number, any order. Boxes that are empty or not finite and scores that are not finite are ignored.
  /// pose        of this frame; used when it and the last frame's are measured. Kits of weight 0 are ignored.
  /// pts_s       time of the frame; a step that is not positive counts as 1 ms
  ///
  /// Throws Error(kInvalidArgument) when pts_s is not finite.
  std::vector<match::Track> update(std::span<const match::Detection> detections, const match::PitchPose& pose,
                                   double pts_s);

  /// A new shot begins: every track ends. Ids go on counting.
  void cut();

  /// Tracks remembered now, seen or not.
  std::size_t remembered() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace touchline::track
