#include "touchline/overlay/label_placer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace touchline::overlay {
namespace {

using geometry::BoxPx;

LabelRequest person_at(std::int64_t id, double x, double y, double height, int tag_width, int tag_height) {
  const double radius = 0.33 * height;
  const BoxPx body{float(x - 0.2 * height), float(y - height), float(x + 0.2 * height), float(y)};
  return {id, {{x, y}, radius, 0.34 * radius}, body, tag_width, tag_height};
}

struct Size {
  int width;
  int height;
};

/// 22 people, standing anywhere in the picture, sizes as a main camera shows them.
std::vector<LabelRequest> crowd(const Size& size, unsigned seed, double spread) {
  std::mt19937 random(seed);
  const auto uniform = [&](double from, double to) {
    return from + (to - from) * static_cast<double>(random()) / 4294967296.0;
  };
  std::vector<LabelRequest> people;
  for (int i = 0; i < 22; ++i) {
    const double x = size.width * (0.5 + spread * uniform(-0.5, 0.5));
    const double y = size.height * (0.5 + spread * uniform(-0.48, 0.5));
    const double person = size.height * (0.05 + 0.06 * y / size.height);
    const int tag = std::max(10, size.height / 80);
    people.push_back(person_at(i + 1, x, y, person, i % 3 == 0 ? 3 * tag / 2 : 2 * tag, tag));
  }
  return people;
}

bool intersect(const BoxPx& a, const BoxPx& b) {
  return geometry::intersection_area(a, b) > 0;
}

/// The share of people that got a tag; everything placed must keep the contract.
double check_contract(LabelPlacer& placer, const std::vector<LabelRequest>& people, const Size& size,
                      const std::vector<BoxPx>& blocked) {
  const auto places = placer.place(people, size.width, size.height, blocked);
  EXPECT_EQ(places.size(), people.size());
  int placed = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i]) continue;
    ++placed;
    const BoxPx& tag = *places[i];
    EXPECT_TRUE(tag.x0 >= 0 && tag.y0 >= 0 && tag.x1 <= float(size.width) && tag.y1 <= float(size.height));
    EXPECT_EQ(tag.width(), float(people[i].width_px));
    EXPECT_EQ(tag.x0, std::floor(tag.x0));
    EXPECT_EQ(tag.y0, std::floor(tag.y0));
    for (const LabelRequest& other : people) EXPECT_FALSE(overlaps(tag, other.foot)) << "seen from tag " << i + 1;
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(places[j] && intersect(tag, *places[j]));
    for (const BoxPx& box : blocked) EXPECT_FALSE(intersect(tag, box));
  }
  return static_cast<double>(placed) / static_cast<double>(people.size());
}

class LabelPlacerAtSize : public ::testing::TestWithParam<Size> {};

TEST_P(LabelPlacerAtSize, CoversNoFeetNoTagNoPanelAndStaysInside) {
  const Size size = GetParam();
  const std::vector<BoxPx> panel = {
      {float(0.4 * size.width), float(0.75 * size.height), float(0.6 * size.width), float(0.98 * size.height)}};
  double sum = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    LabelPlacer placer;
    sum += check_contract(placer, crowd(size, seed, 1), size, panel);
  }
  EXPECT_GE(sum / 200, 0.93) << "share of people with a tag";
}

TEST_P(LabelPlacerAtSize, KeepsTheContractInACrowd) {
  const Size size = GetParam();
  double sum = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    LabelPlacer placer;
    sum += check_contract(placer, crowd(size, seed, 0.2), size, {});
  }
  EXPECT_GE(sum / 100, 0.5);
}

INSTANTIATE_TEST_SUITE_P(Sizes, LabelPlacerAtSize,
                         ::testing::Values(Size{640, 360}, Size{1920, 1080}, Size{3840, 2160}, Size{720, 1280}));

TEST(LabelPlacer, AloneEveryPlaceInThePictureHasATag) {
  for (int y = 30; y <= 360; y += 10) {
    for (int x = 0; x <= 640; x += 10) {
      LabelPlacer placer;
      const std::vector<LabelRequest> one = {person_at(1, x, y, 30, 18, 10)};
      EXPECT_TRUE(placer.place(one, 640, 360, {})[0].has_value()) << x << ", " << y;
    }
  }
}

TEST(LabelPlacer, StandsBelowTheFeetWhenFreeAndAboveAtTheBottom) {
  LabelPlacer placer;
  const std::vector<LabelRequest> middle = {person_at(1, 320, 180, 40, 20, 10)};
  const BoxPx below = *placer.place(middle, 640, 360, {})[0];
  EXPECT_GT(below.y0, 180);
  EXPECT_EQ(below.center().x, 320);
  const std::vector<LabelRequest> bottom = {person_at(2, 320, 358, 40, 20, 10)};
  EXPECT_LE(placer.place(bottom, 640, 360, {})[0]->y1, 318);
}

TEST(LabelPlacer, GivesNoPlaceWhereNoneIsFree) {
  LabelPlacer placer;
  const std::vector<LabelRequest> one = {person_at(1, 320, 180, 40, 20, 10)};
  const std::vector<BoxPx> everywhere = {{0, 0, 640, 360}};
  EXPECT_FALSE(placer.place(one, 640, 360, everywhere)[0].has_value());
  EXPECT_FALSE(placer.place(one, 8, 8, {})[0].has_value());
  const std::vector<LabelRequest> no_tag = {person_at(1, 320, 180, 40, 0, 0)};
  EXPECT_FALSE(placer.place(no_tag, 640, 360, {})[0].has_value());
  EXPECT_TRUE(placer.place({}, 640, 360, {}).empty());
}

TEST(LabelPlacer, KeepsItsSideWhileItIsFree) {
  LabelPlacer placer;
  // Another one's feet below push tag 1 off its first choice; when they go, it stays where it is.
  std::vector<LabelRequest> two = {person_at(1, 320, 180, 40, 20, 10), person_at(2, 320, 192, 40, 20, 10)};
  const BoxPx pushed = *placer.place(two, 640, 360, {})[0];
  two[1] = person_at(2, 500, 300, 40, 20, 10);
  EXPECT_EQ(*placer.place(two, 640, 360, {})[0], pushed);
  placer.forget();
  EXPECT_NE(*placer.place(two, 640, 360, {})[0], pushed);
}

TEST(LabelPlacer, DoesNotJitterWhenPeopleWalk) {
  const Size size{1280, 720};
  std::vector<LabelRequest> people = crowd(size, 7, 0.8);
  std::mt19937 random(11);
  std::vector<double> speed;
  for (std::size_t i = 0; i < 2 * people.size(); ++i) {
    speed.push_back(static_cast<double>(random()) / 4294967296.0 * 3 - 1.5);
  }
  LabelPlacer placer;
  std::vector<std::optional<geometry::ImagePoint>> before(people.size());
  int jumps = 0;
  int seen = 0;
  for (int frame = 0; frame < 250; ++frame) {
    for (std::size_t i = 0; i < people.size(); ++i) {
      const geometry::ImagePoint at = people[i].foot.center_px;
      const double noise = static_cast<double>(random()) / 4294967296.0 - 0.5;
      people[i] =
          person_at(people[i].id, at.x + speed[2 * i] + noise, at.y + 0.4 * speed[2 * i + 1] + noise, 60, 22, 14);
    }
    const auto places = placer.place(people, size.width, size.height, {});
    for (std::size_t i = 0; i < people.size(); ++i) {
      std::optional<geometry::ImagePoint> offset;
      if (places[i]) {
        offset = {places[i]->center().x - people[i].foot.center_px.x,
                  places[i]->center().y - people[i].foot.center_px.y};
        ++seen;
        if (before[i] && geometry::distance_px(*offset, *before[i]) > 4) ++jumps;
      }
      before[i] = offset;
    }
  }
  EXPECT_GT(seen, 3000);
  EXPECT_LT(jumps, seen / 100) << "fewer than one change of side per 100 tags";
}

TEST(Overlaps, IsExactForBoxAndEllipse) {
  const Footprint foot{{100, 100}, 20, 8};
  EXPECT_TRUE(overlaps({90, 95, 110, 105}, foot));
  EXPECT_TRUE(overlaps({120, 90, 130, 110}, foot));
  EXPECT_FALSE(overlaps({120.01F, 90, 130, 110}, foot));
  EXPECT_FALSE(overlaps({115, 106, 130, 110}, foot)) << "beside the ellipse, though inside its bounding box";
  EXPECT_TRUE(overlaps({112, 106, 130, 110}, foot));  // (12/20)² + (6/8)² = 0.92
  EXPECT_FALSE(overlaps({90, 95, 110, 105}, {{100, 100}, 0, 0})) << "no radius, no feet";
}

}  // namespace
}  // namespace touchline::overlay
