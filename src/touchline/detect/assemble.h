#pragma once

#include <span>
#include <vector>

#include "touchline/detect/layout.h"
#include "touchline/detect/nms.h"
#include "touchline/detect/raw.h"
#include "touchline/image/letterbox.h"
#include "touchline/match/detection.h"

namespace touchline::detect {

/// Where a picture lay in the network's input, to come back to the picture's own pixels.
struct PictureInNetwork {
  int width_px = 0;   ///< of the original picture
  int height_px = 0;  ///< of the original picture
  image::LetterboxPlacement placement;

  geometry::ImagePoint to_picture(geometry::ImagePoint network_px) const;
  /// Clipped to the picture.
  geometry::BoxPx to_picture(const geometry::BoxPx& network_px) const;
};

/// The people among a network's boxes, in pixels of the original picture, best first, at most match::kMaxPeople.
/// Roles compete: two boxes on one person are one, whatever their classes; its class_scores are the highest of all
/// boxes on him. Boxes outside the picture are left out. roles[class_index] says what a class means. Throws
/// Error(kInvalidArgument) when nms.check() fails. Thread-safe.
std::vector<match::Detection> people_of(std::span<const RawBox> boxes, std::span<const Role> roles,
                                        const NmsOptions& nms, const PictureInNetwork& picture);

/// How candidates for the ball are made.
struct BallOptions {
  float match_px = 8;  ///< network pixels between a heat map's peak and the box that is the same ball. Range 0..64
  float height_share =
      0.14F;          ///< a ball's side as a share of the nearest person's height, where no box says. Range 0..1
  float blur_px = 3;  ///< added to that side, pixels of a picture 1280 wide. Range 0..16
  float min_box_score = 0.25F;  ///< a box without a peak is a candidate from this score on. Range 0..1

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// Candidates for the ball in pixels of the original picture, best first, at most match::kMaxBallCandidates.
///
/// Every peak is one; its box is the best box of role ball whose centre lies within match_px, else a square of a
/// ball's size beside the people there. Boxes without a peak follow with their own score; with no peaks at all (a
/// foreign detector) every box counts. Throws Error(kInvalidArgument) when options.check() fails. Thread-safe.
std::vector<match::BallCandidate> balls_of(std::span<const BallPeak> peaks, std::span<const RawBox> boxes,
                                           std::span<const Role> roles, std::span<const match::Detection> people,
                                           const BallOptions& options, const PictureInNetwork& picture);

}  // namespace touchline::detect
