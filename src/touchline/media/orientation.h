#pragma once

#include "touchline/image/frame.h"

namespace touchline::media {

/// How a stored picture is turned for display: first rows and columns change places (transpose), then left and right
/// (flip_x), then top and bottom (flip_y).
struct Orientation {
  bool transpose = false;
  bool flip_x = false;
  bool flip_y = false;

  bool identity() const { return !transpose && !flip_x && !flip_y; }
  friend bool operator==(const Orientation&, const Orientation&) = default;
};

/// The nearest of the eight orientations to a display matrix as containers store it: 9 numbers, row-major,
/// (x', y') = (m[0]·x + m[3]·y, m[1]·x + m[4]·y) with y down; only signs and relative sizes count. Null → identity.
Orientation orientation_of(const int* display_matrix);

/// Copies `source` into `target`, turned.
///
/// target  width and height of the source, exchanged where orientation.transpose
///
/// Throws Error(kInvalidArgument) when the sizes do not fit. Thread-safe.
void orient(const image::I420View& target, const image::ConstI420View& source, Orientation orientation);

}  // namespace touchline::media
