#pragma once

#include <deque>
#include <optional>

#include "touchline/image/frame.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// Structure (cut_structure.h), and mean Y, U, V of 16 × 9 equal cells of the picture, in stored values (0..255). At
/// least eight rows of every cell are read, or all it has. Pictures smaller than 16 × 9 repeat their samples.
/// Thread-safe.
match::CutSignature cut_signature(const image::Frame& frame);

/// When two neighbouring frames belong to different shots: their light and colours lie far apart, or their structures
/// do not agree (two cameras on the same grass). Distances are per cell: half the luma difference plus both chroma
/// differences, in stored values; a frame's distance is the median over the cells.
struct CutOptions {
  float min_distance = 4.5F;    ///< two frames nearer than this are one shot. Range 0..255
  float min_ratio = 2.5F;       ///< a cut is this many times farther than any recent pair of frames. Range 1..100
  double recent_s = 0.5;        ///< how far back "recent" reaches, seconds. Range 0..10
  float max_agreement = 0.65F;  ///< structures of two shots agree less (cut_structure.h). Range 0..1
  float min_drop = 0.12F;       ///< and so much less than those of any recent pair. Range 0..1
  double max_blackout_s = 0.2;  ///< black or white for longer than this ends the shot, seconds. Range 0..10
  float blackout_spread = 10;   ///< a picture whose cells' luma differs by less shows nothing. Range 0..255

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// How far two pictures are apart when the second may be the first moved by a pan (up to 3 cells sideways, 1 up or
/// down) under other light (one gain and one offset of luma for the whole picture).
float cut_distance(const match::CutSignature& a, const match::CutSignature& b);

/// Finds hard cuts in a sequence of frames. Pans, zooms, graphics on less than half of the picture and flashes are no
/// cuts; a dip to black or white is one when it is long, or when the picture after it is another. A shot has two frames
/// or lasts longer than options.recent_s: what moves so much that no frame is like the one before is one shot.
/// Dissolves are not recognized. Not thread-safe.
class CutDetector {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails.
  explicit CutDetector(const CutOptions& options = {});

  /// Takes the next frame. True when a new shot begins with it; never for the first frame.
  bool update(const match::CutSignature& signature, double pts_s);

 private:
  struct Pair {
    double pts_s;
    float distance;
    float agreement;
  };

  bool stands_out(const Pair& pair);

  CutOptions options_;
  std::optional<match::CutSignature> last_;  // of the last frame that showed something
  std::optional<double> blackout_since_s_;   // start of the blackout the frames are in
  std::deque<Pair> recent_;                  // of this shot
  std::optional<double> cut_s_;              // start of this shot, if it is not the first one
};

}  // namespace touchline::detect
