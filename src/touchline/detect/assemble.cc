#include "touchline/detect/assemble.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

using geometry::BoxPx;
using geometry::ImagePoint;

constexpr double kReferenceWidthPx = 1280;
constexpr float kBallIou = 0.6F;            // which candidate is right its path tells
constexpr float kNoParts = 2;               // a ball has none
constexpr float kSameBallIou = 0.2F;        // of candidates made of different peaks and boxes
constexpr double kLonelyBallShare = 0.008;  // of the picture's width, where there is nobody to compare with

Role role_of(const RawBox& raw, std::span<const Role> roles) {
  const auto index = static_cast<std::size_t>(raw.class_index);
  return raw.class_index >= 0 && index < roles.size() ? roles[index] : Role::kNone;
}

match::PersonClass person_class_of(Role role) {
  if (role == Role::kGoalkeeper) return match::PersonClass::kGoalkeeper;
  return role == Role::kReferee ? match::PersonClass::kReferee : match::PersonClass::kPlayer;
}

/// The boxes of one kind, best first, and which of them stays for each.
struct Looks {
  std::vector<RawBox> boxes;
  std::vector<std::uint32_t> owner;

  /// Whether it tells more of the box that stays for it.
  bool counts(std::size_t i) const { return owner[i] == i || boxes[i].score >= kLeastLook; }

  std::vector<RawBox> kept() const {
    std::vector<RawBox> stay;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (owner[i] == i) stay.push_back(boxes[i]);
    }
    return stay;
  }
};

/// Which stays for each of several with a box_px and a score.
template <typename Seen>
std::vector<std::uint32_t> owners_of(std::span<const Seen> all, const NmsOptions& nms) {
  std::vector<BoxPx> boxes;
  std::vector<float> scores;
  for (const Seen& seen : all) {
    boxes.push_back(seen.box_px);
    scores.push_back(seen.score);
  }
  std::vector<std::uint32_t> owner(all.size());
  suppress_overlaps(owner, boxes, scores, nms);
  return owner;
}

/// Of the boxes that pass `belongs`.
template <typename Belongs>
Looks looks_of(std::span<const RawBox> all, const NmsOptions& nms, Belongs belongs) {
  Looks looks;
  std::ranges::copy_if(all, std::back_inserter(looks.boxes), belongs);
  std::ranges::stable_sort(looks.boxes, [](const RawBox& a, const RawBox& b) { return a.score > b.score; });
  looks.owner = owners_of<RawBox>(looks.boxes, nms);
  return looks;
}

/// Class scores of each box that stays: the highest of its own and of the boxes that went for it, for which cell sees
/// the class best varies.
void join_class_scores(Looks& looks) {
  for (std::size_t i = 0; i < looks.boxes.size(); ++i) {
    if (!looks.counts(i)) continue;
    auto& highest = looks.boxes[looks.owner[i]].class_scores;
    std::ranges::transform(highest, looks.boxes[i].class_scores, highest.begin(), std::ranges::max);
  }
}

/// How much of the body that another box frames a box shows, 0 to 1: Note [One box of many].
double body_share(const BoxPx& box, const BoxPx& body) {
  return std::max(0.0, double(geometry::iou(box, body) - kPartIou) / double(1 - kPartIou));
}

/// Each box that stays becomes the mean of all on the same body: Note [One box of many].
void join_boxes(Looks& looks) {
  struct Sum {
    double weight = 0, x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  };
  std::vector<Sum> sums(looks.boxes.size());
  for (std::size_t i = 0; i < looks.boxes.size(); ++i) {
    const RawBox& look = looks.boxes[i];
    if (!looks.counts(i)) continue;
    const std::uint32_t stays = looks.owner[i];
    const double weight = double(look.score) * double(look.score) * body_share(look.box_px, looks.boxes[stays].box_px);
    Sum& sum = sums[stays];
    sum = {sum.weight + weight, sum.x0 + weight * double(look.box_px.x0), sum.y0 + weight * double(look.box_px.y0),
           sum.x1 + weight * double(look.box_px.x1), sum.y1 + weight * double(look.box_px.y1)};
  }
  for (std::size_t i = 0; i < looks.boxes.size(); ++i) {
    const Sum& sum = sums[i];
    if (sum.weight <= 0) continue;
    looks.boxes[i].box_px = {static_cast<float>(sum.x0 / sum.weight), static_cast<float>(sum.y0 / sum.weight),
                             static_cast<float>(sum.x1 / sum.weight), static_cast<float>(sum.y1 / sum.weight)};
  }
}

match::ClassScores class_scores_of(const RawBox& raw, std::span<const Role> roles) {
  match::ClassScores scores{};
  for (std::size_t c = 0; c < std::min(roles.size(), kScoredClasses); ++c) {
    if (roles[c] == Role::kNone || roles[c] == Role::kBall) continue;
    float& score = scores[static_cast<std::size_t>(person_class_of(roles[c]))];
    score = std::max(score, raw.class_scores[c]);
  }
  const float claims = std::reduce(scores.begin(), scores.end());
  if (claims <= 0) return scores;
  const float undivided = std::sqrt(std::min(1.0F, raw.score / claims));
  for (float& score : scores) score *= undivided;
  return scores;
}

double side_beside_people(ImagePoint point, std::span<const match::Detection> people, const BallOptions& options,
                          int picture_width) {
  const auto distance = [point](const match::Detection& person) {
    return geometry::distance_px(person.box_px.foot(), point);
  };
  const auto nearest = std::ranges::min_element(people, {}, distance);
  if (nearest == people.end()) return kLonelyBallShare * picture_width;
  return double(options.height_share) * double(nearest->box_px.height()) +
         double(options.blur_px) * picture_width / kReferenceWidthPx;
}

/// What is left of a score by the size of a ball's box: nothing is lost by being large, or where there is nobody.
float size_share(const RawBox& raw, std::span<const match::Detection> people, const BallOptions& options,
                 const PictureInNetwork& picture) {
  if (people.empty() || options.size_spread <= 0) return 1;
  // Not the clipped box: half a ball at the picture's edge is as large as a whole one.
  const auto width = static_cast<double>(raw.box_px.width()) / picture.placement.scale_x;
  const auto height = static_cast<double>(raw.box_px.height()) / picture.placement.scale_y;
  const double side = (width + height) / 2;
  if (side <= 0) return 0;
  const double expected =
      side_beside_people(picture.to_picture(raw.box_px.center()), people, options, picture.width_px);
  const double spreads = std::max(0.0, std::log(expected / side)) / double(options.size_spread);
  return static_cast<float>(std::exp(-spreads * spreads / 2));
}

/// The longest that a ball's shorter side may be; any length where there is nobody to compare with.
float longest_side(std::span<const match::Detection> people, const BallOptions& options) {
  const auto height = [](const match::Detection& person) { return person.box_px.height(); };
  const auto tallest = std::ranges::max_element(people, {}, height);
  return tallest == people.end() ? std::numeric_limits<float>::infinity() : options.max_height_share * height(*tallest);
}

std::vector<match::Detection> people_from(std::span<const match::Detection> people, float min_score) {
  std::vector<match::Detection> sure;
  std::ranges::copy_if(people, std::back_inserter(sure), [&](const auto& person) { return person.score >= min_score; });
  return sure;
}

/// What a peak and a box of one ball say together; 0 for the one that is missing.
float joint_score(float peak_score, float box_score) {
  return (peak_score + box_score) / 2;
}

BoxPx moved_to(ImagePoint center, const BoxPx& box) {
  const auto dx = static_cast<float>(center.x - box.center().x);
  const auto dy = static_cast<float>(center.y - box.center().y);
  return {box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy};
}

BoxPx square_around(ImagePoint point, double side, const PictureInNetwork& picture) {
  const BoxPx box{static_cast<float>(point.x - side / 2), static_cast<float>(point.y - side / 2),
                  static_cast<float>(point.x + side / 2), static_cast<float>(point.y + side / 2)};
  return geometry::clipped(box, picture.width_px, picture.height_px);
}

/// Of candidates, best first, those that no better one overlaps.
std::vector<match::BallCandidate> one_a_ball(std::span<const match::BallCandidate> candidates) {
  const auto owner = owners_of(candidates, {.max_iou = kSameBallIou, .min_part_cover = kNoParts});
  std::vector<match::BallCandidate> kept;
  for (std::size_t i = 0; i < candidates.size() && kept.size() < match::kMaxBallCandidates; ++i) {
    if (owner[i] == i) kept.push_back(candidates[i]);
  }
  return kept;
}

}  // namespace

ImagePoint PictureInNetwork::to_picture(ImagePoint network_px) const {
  return {network_px.x / placement.scale_x, network_px.y / placement.scale_y};
}

BoxPx PictureInNetwork::to_picture(const BoxPx& network_px) const {
  const auto x = static_cast<float>(1 / placement.scale_x);
  const auto y = static_cast<float>(1 / placement.scale_y);
  return geometry::clipped({network_px.x0 * x, network_px.y0 * y, network_px.x1 * x, network_px.y1 * y}, width_px,
                           height_px);
}

std::vector<match::Detection> people_of(std::span<const RawBox> boxes, std::span<const Role> roles,
                                        const NmsOptions& nms, float min_score, const PictureInNetwork& picture) {
  auto looks = looks_of(boxes, nms, [&](const RawBox& raw) {
    const Role role = role_of(raw, roles);
    return role != Role::kNone && role != Role::kBall;
  });
  join_class_scores(looks);
  join_boxes(looks);
  std::vector<match::Detection> people;
  for (const RawBox& raw : looks.kept()) {
    const BoxPx box = picture.to_picture(raw.box_px);
    if (raw.score < min_score || box.area() <= 0) continue;
    people.push_back({box, person_class_of(role_of(raw, roles)), raw.score, {}, class_scores_of(raw, roles)});
    if (people.size() == match::kMaxPeople) break;
  }
  return people;
}

void PointOptions::check() const {
  TOUCHLINE_REQUIRE(sure_score >= 0 && sure_score <= 1, "the score of a sure pitch point must lie in [0, 1], not {}",
                    sure_score);
  TOUCHLINE_REQUIRE(min_sure >= 0 && min_sure <= static_cast<int>(match::kPitchPointCount),
                    "a picture's sure pitch points must be 0 to 32, not {}", min_sure);
  TOUCHLINE_REQUIRE(few_sure >= 0 && few_sure <= static_cast<int>(match::kPitchPointCount),
                    "few sure pitch points must be 0 to 32, not {}", few_sure);
}

int sure_points(const match::SeenPoints& points, const PointOptions& options) {
  const auto is_sure = [&](const match::SeenPoint& p) { return p.score > 0 && p.score >= options.sure_score; };
  return static_cast<int>(std::ranges::count_if(points, is_sure));
}

match::SeenPoints points_of(const match::SeenPoints& points, const PointOptions& options,
                            const PictureInNetwork& picture) {
  options.check();
  match::SeenPoints found{};
  if (sure_points(points, options) < options.min_sure) return found;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].score > 0) found[i] = {picture.to_picture(points[i].point_px), points[i].score};
  }
  return found;
}

void BallOptions::check() const {
  TOUCHLINE_REQUIRE(match_px >= 0 && match_px <= 64, "a ball's match distance must lie in [0, 64] px, not {}",
                    match_px);
  TOUCHLINE_REQUIRE(height_share >= 0 && height_share <= 1, "a ball's share of a height must lie in [0, 1], not {}",
                    height_share);
  TOUCHLINE_REQUIRE(max_height_share >= 0 && max_height_share <= 100,
                    "a ball's largest share of a height must lie in [0, 100], not {}", max_height_share);
  TOUCHLINE_REQUIRE(blur_px >= 0 && blur_px <= 16, "a ball's blur must lie in [0, 16] px, not {}", blur_px);
  TOUCHLINE_REQUIRE(size_spread >= 0 && size_spread <= 10, "the spread of a ball's size must lie in [0, 10], not {}",
                    size_spread);
  TOUCHLINE_REQUIRE(min_person_score >= 0 && min_person_score <= 1,
                    "the score of people beside a ball must lie in [0, 1], not {}", min_person_score);
  TOUCHLINE_REQUIRE(min_box_score >= 0 && min_box_score <= 1, "a ball's box score must lie in [0, 1], not {}",
                    min_box_score);
}

std::vector<match::BallCandidate> balls_of(std::span<const BallPeak> peaks, std::span<const RawBox> boxes,
                                           std::span<const Role> roles, std::span<const match::Detection> people,
                                           const BallOptions& options, const PictureInNetwork& picture) {
  options.check();
  const auto sure = people_from(people, options.min_person_score);
  const NmsOptions whole_boxes{.max_iou = kBallIou, .min_part_cover = kNoParts};
  const auto is_ball = [&](const RawBox& raw) { return role_of(raw, roles) == Role::kBall; };
  auto balls = looks_of(boxes, whole_boxes, is_ball).kept();
  std::vector<match::BallCandidate> candidates;
  for (const BallPeak& peak : peaks) {
    const auto box = std::ranges::find_if(balls, [&](const RawBox& raw) {
      return geometry::distance_px(raw.box_px.center(), peak.point_px) <= double(options.match_px);
    });
    const ImagePoint point = picture.to_picture(peak.point_px);
    if (box != balls.end()) {
      const float score = joint_score(peak.score, box->score) * size_share(*box, sure, options, picture);
      candidates.push_back({point, picture.to_picture(moved_to(peak.point_px, box->box_px)), score});
      balls.erase(box);
    } else {
      const double side = side_beside_people(point, sure, options, picture.width_px);
      candidates.push_back({point, square_around(point, side, picture), joint_score(peak.score, 0)});
    }
  }
  for (const RawBox& raw : balls) {
    if (!peaks.empty() && raw.score < options.min_box_score) continue;
    const float seen = peaks.empty() ? raw.score : joint_score(0, raw.score);
    const float score = seen * size_share(raw, sure, options, picture);
    candidates.push_back({picture.to_picture(raw.box_px.center()), picture.to_picture(raw.box_px), score});
  }
  std::erase_if(candidates, [longest = longest_side(sure, options)](const match::BallCandidate& ball) {
    return ball.box_px.area() <= 0 || std::min(ball.box_px.width(), ball.box_px.height()) > longest;
  });
  std::ranges::stable_sort(candidates, [](const auto& a, const auto& b) { return a.score > b.score; });
  return one_a_ball(candidates);
}

}  // namespace touchline::detect
