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

/// Boxes below this score say nothing of a person seen by a surer one.
inline constexpr float kLeastLook = 0.05F;

/// A box that overlaps another by less frames a part of that one's body.
inline constexpr float kPartIou = 0.6F;

/// The people among a network's boxes, in pixels of the original picture, best first, at most match::kMaxPeople.
/// Roles compete: two boxes on one person are one, whatever their classes; score and class are the kept box's own. Its
/// class_scores are, of each class, the highest of all boxes on him, times √(score / sum of the three): a person plays
/// one part, so who is claimed for two is neither for sure. His box is the mean of all on the same body. Boxes outside
/// the picture are left out. roles[class_index] says what a class means. Throws Error(kInvalidArgument) when
/// nms.check() fails. Thread-safe.
///
/// Note [All looks at a person]: chosen on the clips to decide by, of what lies between the highest and the mean
/// weighted by squared score, and of the powers 0, ½, ¾, 1 of that share. AP50 there of goalkeeper / player / referee
/// at 736 × 1280, the highest alone: touchline_s .670 / .941 / .846, the touchline_n of that day .502 / .964 / .869;
/// with the root of the share .659 / .963 / .851 and .492 / .973 / .873; halfway to the mean without a share .641 /
/// .946 / .842 and .464 / .965 / .865.
///
/// Note [One box of many]: each box on a person weighs by its squared score and by how much of the whole body it shows:
/// all for the kept one, less the less it overlaps that, none from kPartIou down. Where all from an overlap of 0.7 on
/// weighed alike, a trifle let one in or kept it out whole. On 80 training pictures (1,420 people, 736 × 1280), that
/// limit / this: mean IoU with the labels .8887 / .8895 (touchline_n), .9014 / .9024 (touchline_s); 1 − IoU of a box
/// and the same person's from the 8-bit form, 99 of 100 below .039 / .031, .027 / .024.
std::vector<match::Detection> people_of(std::span<const RawBox> boxes, std::span<const Role> roles,
                                        const NmsOptions& nms, float min_score, const PictureInNetwork& picture);

/// When a picture shows a pitch.
struct PointOptions {
  float sure_score = 0.5F;  ///< from this score on a point is sure. Range 0..1
  int min_sure = 2;         ///< a picture with fewer sure points has none. Range 0..32
  int few_sure = 7;  ///< a large input that shows a pitch but fewer sure points is looked at again at half its size,
                     ///< and the look with more counts: Note [A second look at half size]. Range 0..32; 0: never

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// How many points are seen, and surely. Thread-safe.
int sure_points(const match::SeenPoints& points, const PointOptions& options);

/// A network's pitch points in pixels of the original picture, those of score 0 left as not seen; none at all where
/// fewer than min_sure are sure. Throws Error(kInvalidArgument) when options.check() fails. Thread-safe.
///
/// Note [A pitch has two sure points]: close-ups and stands show single points, of low scores. On the clips to decide
/// by, at 1280 px, the rule takes 3 right points and 5 wrong ones of touchline_s, 4 and 15 of the touchline_n of that
/// day, all of views that show three landmarks or fewer; of the held-out pictures, which show six or more, none.
match::SeenPoints points_of(const match::SeenPoints& points, const PointOptions& options,
                            const PictureInNetwork& picture);

/// How candidates for the ball are made.
struct BallOptions {
  float match_px = 8;  ///< network pixels between a heat map's peak and the box that is the same ball. Range 0..64
  float height_share =
      0.14F;          ///< a ball's side as a share of the nearest person's height, where no box says. Range 0..1
  float blur_px = 3;  ///< added to that side, pixels of a picture 1280 wide. Range 0..16
  float size_spread =
      0.35F;  ///< logarithm of sizes by which a ball seen smaller loses its score. Range 0..10; 0: never
  float max_height_share = 0.4F;   ///< a ball's shorter side as a share of the tallest person's height. Range 0..100
  float min_person_score = 0.25F;  ///< a ball is compared with people from this score on. Range 0..1
  float min_box_score = 0.25F;     ///< a box without a peak is a candidate from this score of its own on. Range 0..1

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// Candidates for the ball in pixels of the original picture, best first, at most match::kMaxBallCandidates.
///
/// Every peak is one; its box is the best box of role ball whose centre lies within match_px, moved to lie around the
/// peak (see Note [The map places a ball]), else a square of a
/// ball's size beside the people there. Only people from min_person_score on are compared with, so that more people
/// with lower scores change no ball. Its score is the mean of the peak's and that box's, 0 where there is no box: see
/// Note [Two looks at a ball]. Boxes without a peak follow from min_box_score on, with half their score. With no peaks
/// at all (a foreign detector) every box counts, with its own score. What is larger than max_height_share allows is
/// left out: see Note [No ball is that large]; what is smaller than a ball beside the people there loses score by
/// exp(-½ (ln(that side / its own) / size_spread)²): see Note [A ball is hardly smaller]. A candidate that overlaps a
/// better one (IoU above 0.2) is a second look at its ball, and none. Throws Error(kInvalidArgument) when
/// options.check() fails. Thread-safe.
///
/// Note [No ball is that large]: an inflatable in the stand, a goalkeeper curled up. Of 616 labelled balls of the
/// training pictures none has a shorter side of more than 0.4 of the tallest person there, 99 % less than 0.22. AP of
/// held-out balls without / with the rule at 736 × 1280: touchline_s at home .738 / .753, broadcasts .725 / .725;
/// the touchline_n of that day .682 / .687 and .673 / .674.
///
/// Note [A ball is hardly smaller]: than one on the grass beside the nearest person. In the air, nearer to the camera,
/// or smeared it is larger, so only what is smaller is doubted: dots of letters, spots, distant boards. Of 609 labelled
/// balls of training pictures one in a hundred has less than 0.67 of that side, one in a hundred more than 2.4. The
/// spread comes of the clips to decide by, where smaller ones gain little more: AP of the ball in single frames without
/// / with the rule touchline_n .818 / .870, touchline_s .870 / .891; a rule for both directions gains less (.848,
/// .858). Held-out broadcasts .683 / .709 and .725 / .727, home .730 / .735 and .753 / .753.
///
/// Note [The map places a ball]: its cells are half as wide as those of the finest boxes. Mean overlap of candidates
/// with their labels, box alone / moved to the peak, 150 pictures of the ball set at 736 × 1280 touchline_n .675 /
/// .706, touchline_s .653 / .688, at 384 × 640 .455 / .509 and .434 / .482; clips to decide by .766 / .755, .745 /
/// .741, .718 / .748, .673 / .697; held-out balls .734 / .745, .729 / .744, .553 / .595, .553 / .594.
///
/// Note [Two looks at a ball]
/// Heat map and boxes come from different heads, and neither ranks balls better everywhere. AP of the ball at IoU 0.5
/// on held-out pictures at 736 × 1280 by boxes alone / peaks alone / the mean: touchline_n of one round at home .592 /
/// .662 / .655, broadcasts .561 / .545 / .578; touchline_s of one round .565 / .647 / .629 and .650 / .668 / .669. So
/// the mean costs a little at home, but on labelled clips it raised recall at precision 0.9 against the peak's score
/// from .57 to .73 (touchline_s, clips to decide by) and from .47 to .56 (touchline_n, reported clips); the other two
/// stayed at .78 and .47.
std::vector<match::BallCandidate> balls_of(std::span<const BallPeak> peaks, std::span<const RawBox> boxes,
                                           std::span<const Role> roles, std::span<const match::Detection> people,
                                           const BallOptions& options, const PictureInNetwork& picture);

}  // namespace touchline::detect
