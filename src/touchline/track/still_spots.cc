#include "touchline/track/still_spots.h"

#include <algorithm>
#include <cstddef>

#include "touchline/track/picture_motion.h"

namespace touchline::track {
namespace {

constexpr std::size_t kMostSpots = 32;
constexpr double kForgotten_s = 3.0;
constexpr double kFollow = 0.1;        // a place on the grass follows its sightings: motion estimates drift
constexpr double kPictureShare = 0.4;  // of the radius: what is painted stands stiller than what lies on the grass

}  // namespace

void StillSpots::reset() {
  grass_.clear();
  picture_.clear();
}

void StillSpots::advance(const geometry::Mat3& now_from_before, double dt_s) {
  const auto forgotten = [dt_s](Spot& spot) {
    spot.unseen_s += dt_s;
    return spot.unseen_s > kForgotten_s;
  };
  std::erase_if(grass_, forgotten);
  std::erase_if(picture_, forgotten);
  for (auto& spot : grass_) {
    spot.point_px = moved(now_from_before, spot.point_px);
    spot.pending += dt_s;
  }
  for (auto& spot : picture_) {
    spot.pending += geometry::distance_px(spot.point_px, moved(now_from_before, spot.point_px));
  }
}

StillSpots::Spot& StillSpots::find(std::vector<Spot>& spots, geometry::ImagePoint point_px, double radius_px) {
  const auto farther = [&](const Spot& a, const Spot& b) {
    return geometry::distance_px(a.point_px, point_px) < geometry::distance_px(b.point_px, point_px);
  };
  const auto nearest = std::min_element(spots.begin(), spots.end(), farther);
  if (nearest != spots.end() && geometry::distance_px(nearest->point_px, point_px) <= radius_px) return *nearest;
  if (spots.size() >= kMostSpots) {
    spots.erase(std::max_element(spots.begin(), spots.end(),
                                 [](const Spot& a, const Spot& b) { return a.unseen_s < b.unseen_s; }));
  }
  spots.push_back({.point_px = point_px});
  return spots.back();
}

Stillness StillSpots::see(geometry::ImagePoint point_px, double radius_px) {
  const auto count = [](Spot& spot) {
    spot.still += spot.pending;
    spot.pending = 0;
    spot.unseen_s = 0;
    return spot.still;
  };
  auto& grass = find(grass_, point_px, radius_px);
  grass.point_px.x += kFollow * (point_px.x - grass.point_px.x);
  grass.point_px.y += kFollow * (point_px.y - grass.point_px.y);
  const double on_grass_s = count(grass);
  return {on_grass_s, count(find(picture_, point_px, kPictureShare * radius_px))};
}

}  // namespace touchline::track
