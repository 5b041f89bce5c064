#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "touchline/image/frame.h"
#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/synth/synth_options.h"

namespace touchline::synth {

/// A made-up match: pictures of it, and the exact truth about them. Equal options give equal bytes on every machine.
/// Immutable after construction and thread-safe: frames may be rendered in any order and by several threads at once.
class SynthMatch {
 public:
  /// Paints the stadium and plays the match (a fraction of a second).
  /// Throws base::Error(kInvalidArgument) when options.check() fails.
  explicit SynthMatch(const SynthOptions& options);
  ~SynthMatch();
  SynthMatch(const SynthMatch&) = delete;
  SynthMatch& operator=(const SynthMatch&) = delete;

  const SynthOptions& options() const;
  const match::PitchModel& pitch() const;
  std::int64_t frame_count() const;

  /// The first frame of each shot: 0, then the frames right after the cuts.
  const std::vector<std::int64_t>& first_frames() const;

  /// What is true in a frame, in the record's form: shot, camera (kMeasured, its 32 points where they lie in the
  /// picture, score 1), people, ball, attack direction.
  ///
  /// A person is listed when at least a quarter of the body shows, inside the picture and not behind others, or when
  /// it covers a 400th of the picture. box_px is tight round what shows. The id is the same in all frames (1 to 11 team
  /// a, 12 to 22 team b, 23 to 25 the officials; 1 and 12 keep goal), team a attacks +x. position_m is the middle of
  /// the body on the ground, speed_mps its pace. The ball is listed when it is inside the picture and not hidden; its
  /// position_m is given only while it is on the ground, its point and box are where it is seen, in the air too. Throws
  /// base::Error(kInvalidArgument) unless 0 ≤ index < frame_count().
  match::MatchFrame truth(std::int64_t index) const;

  /// The picture of a frame: BT.709, limited range, pts_s = index / frame_rate.
  /// Throws base::Error(kInvalidArgument) unless 0 ≤ index < frame_count().
  image::Frame render(std::int64_t index) const;

  /// The same into memory of the caller, of the size the options say.
  void render(const image::I420View& out, std::int64_t index) const;

  /// Who covers each pixel, row-major: 0 nobody, else the id; 255 the ball. For tests of pictures against the truth.
  std::vector<std::uint8_t> label_map(std::int64_t index) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace touchline::synth
