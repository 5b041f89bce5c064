#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "touchline/match/match_frame.h"

namespace touchline::track {

/// Options of GapFiller.
struct FillOptions {
  double lookahead_s =
      1.0;              ///< frames are kept this long before they are final; gaps up to this long are filled; 0 … 10
  double hold_s = 0.2;  ///< frames without anybody keep the people of the last frame for this long, s; 0 … 1
  int least_witnesses = 3;      ///< people seen throughout a gap that are needed to bend its straight line; 1 … 64
  double close_up_s = 0.5;      ///< without places, nobody who was missed for longer than this is filled in; 0 … 10
  double close_up_heights = 1;  ///< nor who was missed and moved farther than so many heights of his box; 0 … 100

  /// Throws Error(kInvalidArgument) naming the first value out of its range.
  void check() const;
};

/// Gives a place to people in the frames between two sightings: those the tracker missed, and those the network skipped
/// (`--stride`), whose frames carry no tracks at all.
///
/// The newest frame of the ring is looked at: each track detected there and last detected in an earlier frame of the
/// same shot, at most options.lookahead_s before, gets a box in every frame between (State::kInterpolated, score 0, the
/// newest team and class); a held box there is replaced. Boxes run straight from one sighting to the other, bent by how
/// much the people seen throughout left their own straight lines (median): a camera that pans unevenly moves everyone
/// alike. Where both sightings have position_m, the places between get one too; where neither has, as in close-ups,
/// long gaps and wide ones stay gaps (options.close_up_s, close_up_heights) if frames between showed that he was
/// missed, for what is filled in there is mostly nobody. Tracks stay ordered by id.
///
/// ring  in order of time, newest last; the tracks of each frame ordered by id
void fill_people(std::deque<match::MatchFrame>& ring, const FillOptions& options = {});

/// Takes away whoever is not seen but lies on the body of somebody seen (match::kSameBodyIou). For frames without a
/// camera: what is filled in there is mostly a second box around somebody seen, and no place on the pitch is lost with
/// it. Thread-safe.
void drop_hidden(std::vector<match::Track>& tracks);

/// A ring of frames that waits for the future: frames go in as they are tracked and come out final, gaps filled. Frames
/// that stay without anybody (skipped ones at the end of a shot) keep the last people as kHeld for hold_s. Memory is
/// bounded by the frames of lookahead_s. Not thread-safe.
class GapFiller {
 public:
  explicit GapFiller(const FillOptions& options = {});

  /// The next frame in order of time. Sightings are its tracks with State::kDetected.
  void push(match::MatchFrame&& frame);

  /// The oldest frame once nothing later can change it: when a frame at least lookahead_s later was pushed, or after
  /// finish(). Empty while there is none.
  std::optional<match::MatchFrame> pop_ready();

  /// The input ended: everything inside is final.
  void finish();

  /// The frames inside, oldest first; for the filling of other things (cameras), before they come out.
  std::deque<match::MatchFrame>& frames() { return ring_; }

 private:
  void hold(match::MatchFrame& frame);

  FillOptions options_;
  std::deque<match::MatchFrame> ring_;
  bool finished_ = false;
  match::MatchFrame last_;  // that had people; of the frame only time, shot and tracks
};

}  // namespace touchline::track
