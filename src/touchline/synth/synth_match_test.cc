#include "touchline/synth/synth_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "touchline/base/error.h"

namespace touchline::synth {
namespace {

SynthOptions small(std::uint64_t seed) {
  SynthOptions options;
  options.seed = seed;
  options.width_px = 640;
  options.height_px = 360;
  options.duration_s = 6;
  return options;
}

/// FNV-1a over all samples.
std::uint64_t hash_of(const image::Frame& frame) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const image::ConstPlane& plane : {frame.picture.y, frame.picture.u, frame.picture.v}) {
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) hash = (hash ^ plane.at(x, y)) * 0x100000001B3ULL;
    }
  }
  return hash;
}

int brightest_near(const image::ConstPlane& luma, double x, double y) {
  int most = 0;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const int px = std::clamp(static_cast<int>(std::floor(x)) + dx, 0, luma.width - 1);
      const int py = std::clamp(static_cast<int>(std::floor(y)) + dy, 0, luma.height - 1);
      most = std::max<int>(most, luma.at(px, py));
    }
  }
  return most;
}

/// The middle luma of the square of 21 pixels round a point: the grass.
int median_near(const image::ConstPlane& luma, double x, double y) {
  std::vector<int> values;
  for (int py = std::max(0, static_cast<int>(y) - 10); py < std::min(luma.height, static_cast<int>(y) + 11); ++py) {
    for (int px = std::max(0, static_cast<int>(x) - 10); px < std::min(luma.width, static_cast<int>(x) + 11); ++px) {
      values.push_back(luma.at(px, py));
    }
  }
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

TEST(SynthMatch, EqualOptionsGiveEqualBytes) {
  const SynthMatch a(small(7));
  const SynthMatch b(small(7));
  const auto late = hash_of(a.render(100));
  EXPECT_EQ(hash_of(a.render(3)), hash_of(b.render(3)));
  EXPECT_EQ(hash_of(b.render(100)), late) << "order of rendering matters";
  EXPECT_NE(hash_of(a.render(4)), hash_of(a.render(3)));
}

TEST(SynthMatch, ThreadsRenderWhatOneThreadRenders) {
  const SynthMatch match(small(8));
  std::uint64_t hashes[2] = {};
  {
    std::jthread first([&] { hashes[0] = hash_of(match.render(20)); });
    std::jthread second([&] { hashes[1] = hash_of(match.render(21)); });
  }
  EXPECT_EQ(hashes[0], hash_of(match.render(20)));
  EXPECT_EQ(hashes[1], hash_of(match.render(21)));
}

TEST(SynthMatch, FrameCarriesItsTimeAndForm) {
  SynthOptions options = small(0);
  options.frame_rate = 50;
  const SynthMatch match(options);
  EXPECT_EQ(match.frame_count(), 300);
  const image::Frame frame = match.render(75);
  EXPECT_EQ(frame.index, 75);
  EXPECT_DOUBLE_EQ(frame.pts_s, 1.5);
  EXPECT_EQ(frame.width(), 640);
  EXPECT_EQ(frame.picture.color, image::ColorSpace{});
  EXPECT_DOUBLE_EQ(match.truth(75).pts_s, 1.5);
}

struct Lines {
  int seen = 0;
  int white = 0;
};

/// Of the landmarks that the truth has inside a frame and nobody covers: how many there are, and how many are white.
Lines lines_in(const SynthMatch& match, std::int64_t index) {
  const image::Frame frame = match.render(index);
  const auto truth = match.truth(index);
  const auto people = match.label_map(index);
  const int width = frame.width();
  Lines lines;
  for (const auto& point : truth.pose.points) {
    const double x = point.point_px.x;
    const double y = point.point_px.y;
    if (point.score == 0 || x < 3 || y < 3 || x > width - 4 || y > frame.height() - 4) continue;
    if (people[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)] != 0) continue;
    ++lines.seen;
    const int above = brightest_near(frame.picture.y, x, y) - median_near(frame.picture.y, x, y);
    lines.white += above > 10 ? 1 : 0;
  }
  return lines;
}

class SynthLines : public testing::TestWithParam<int> {};

TEST_P(SynthLines, LandmarksOfTheTruthAreWhiteInThePicture) {
  SynthOptions options = small(static_cast<std::uint64_t>(GetParam()));
  options.width_px = 1280;
  options.height_px = 720;
  const Lines lines = lines_in(SynthMatch(options), 60);
  EXPECT_GE(lines.seen, 6);
  EXPECT_GE(lines.white, lines.seen - 1);  // one may lie behind a goal post or a board
}

INSTANTIATE_TEST_SUITE_P(Seeds, SynthLines, testing::Range(0, 20));

class SynthLinesOfKind : public testing::TestWithParam<CameraKind> {};

TEST_P(SynthLinesOfKind, LandmarksOfTheTruthAreWhiteInThePicture) {
  Lines sum;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    SynthOptions options = small(seed);
    options.width_px = 1280;
    options.height_px = 720;
    options.shots = 6;
    options.camera = GetParam();
    const SynthMatch match(options);
    for (const std::int64_t first : match.first_frames()) {
      const Lines lines = lines_in(match, first + 10);
      sum.seen += lines.seen;
      sum.white += lines.white;
    }
  }
  EXPECT_GE(sum.seen, 60);
  EXPECT_GE(sum.white, 0.93 * sum.seen);  // far ones, seen from low down, are less than a pixel high
}

INSTANTIATE_TEST_SUITE_P(Kinds, SynthLinesOfKind,
                         testing::Values(CameraKind::kGoal, CameraKind::kBeside, CameraKind::kTactical,
                                         CameraKind::kStatic, CameraKind::kFarSide));

class SynthOfSeed : public testing::TestWithParam<int> {
 protected:
  SynthMatch match_{small(static_cast<std::uint64_t>(GetParam()))};
};

TEST_P(SynthOfSeed, BoxesHoldWhatShows) {
  for (const std::int64_t index : {0, 70, 149}) {
    const auto truth = match_.truth(index);
    const auto map = match_.label_map(index);
    std::map<int, geometry::BoxPx> seen;
    for (int y = 0; y < 360; ++y) {
      for (int x = 0; x < 640; ++x) {
        const int id = map[static_cast<std::size_t>(y) * 640 + static_cast<std::size_t>(x)];
        if (id == 0) continue;
        const auto fx = static_cast<float>(x);
        const auto fy = static_cast<float>(y);
        auto [at, fresh] = seen.try_emplace(id, geometry::BoxPx{fx, fy, fx + 1, fy + 1});
        geometry::BoxPx& box = at->second;
        box = {std::min(box.x0, fx), std::min(box.y0, fy), std::max(box.x1, fx + 1), std::max(box.y1, fy + 1)};
      }
    }
    EXPECT_GE(truth.tracks.size(), 12U);
    for (const auto& track : truth.tracks) {
      ASSERT_TRUE(seen.contains(static_cast<int>(track.id)));
      const auto& shown = seen[static_cast<int>(track.id)];
      EXPECT_GT(geometry::iou(shown, track.box_px), 0.5F) << "id " << track.id;
      EXPECT_LE(track.box_px.x0, shown.x0 + 0.75F);
      EXPECT_LE(track.box_px.y0, shown.y0 + 0.75F);
      EXPECT_GE(track.box_px.x1, shown.x1 - 0.75F);
      EXPECT_GE(track.box_px.y1, shown.y1 - 0.75F);
    }
  }
}

TEST_P(SynthOfSeed, FeetAreWhereTheTruthSaysTheyAre) {
  const auto truth = match_.truth(33);
  for (const auto& track : truth.tracks) {
    const auto foot = truth.pose.camera->image_from_pitch(*track.position_m);
    ASSERT_TRUE(foot);
    if (track.box_px.y1 > 355 || track.box_px.x0 < 5 || track.box_px.x1 > 635) continue;
    EXPECT_GT(foot->x, track.box_px.x0 - 0.3 * track.box_px.height()) << "id " << track.id;
    EXPECT_LT(foot->x, track.box_px.x1 + 0.3 * track.box_px.height()) << "id " << track.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SynthOfSeed, testing::Values(0, 7, 13));

TEST(SynthMatch, PeopleKeepIdClassAndTeam) {
  SynthOptions options = small(5);
  options.shots = 3;
  const SynthMatch match(options);
  std::map<std::int64_t, std::pair<match::PersonClass, match::Team>> known;
  std::set<match::PersonClass> classes;
  for (std::int64_t i = 0; i < match.frame_count(); i += 5) {
    std::set<std::int64_t> here;
    for (const auto& track : match.truth(i).tracks) {
      EXPECT_TRUE(here.insert(track.id).second) << "twice in frame " << i;
      const auto [at, fresh] = known.try_emplace(track.id, track.person_class, track.team.team);
      EXPECT_EQ(at->second, std::make_pair(track.person_class, track.team.team));
      EXPECT_LT(*track.speed_mps, 9);
      classes.insert(track.person_class);
    }
  }
  EXPECT_LE(known.size(), 25U);
  EXPECT_GE(known.size(), 22U);
  EXPECT_EQ(classes.size(), 3U);
}

TEST(SynthMatch, BallHasAPlaceOnThePitchOnlyOnTheGround) {
  const SynthMatch match(small(2));
  int ground = 0;
  for (std::int64_t i = 0; i < match.frame_count(); i += 2) {
    const auto truth = match.truth(i);
    if (!truth.ball || !truth.ball->position_m) continue;
    ++ground;
    const auto below = truth.pose.camera->image_from_pitch(*truth.ball->position_m);
    EXPECT_NEAR(below->x, truth.ball->point_px.x, 1.5);
    EXPECT_GT(below->y, truth.ball->point_px.y - 0.5);  // the ball's middle is above the grass
    EXPECT_LT(below->y, truth.ball->point_px.y + 6);
  }
  EXPECT_GT(ground, 20);
}

TEST(SynthMatch, CutsAreWhereTheyAreAnnounced) {
  SynthOptions options = small(1);
  options.shots = 4;
  const SynthMatch match(options);
  ASSERT_EQ(match.first_frames().size(), 4U);
  EXPECT_EQ(match.first_frames()[0], 0);
  for (std::size_t shot = 1; shot < 4; ++shot) {
    const std::int64_t cut = match.first_frames()[shot];
    EXPECT_GE(cut - match.first_frames()[shot - 1], 25);
    EXPECT_EQ(match.truth(cut - 1).shot, static_cast<int>(shot) - 1);
    EXPECT_EQ(match.truth(cut).shot, static_cast<int>(shot));
    const auto far = [&](std::int64_t a, std::int64_t b) {
      const auto pa = match.truth(a).pose.camera->pitch_from_image({320, 300});
      const auto pb = match.truth(b).pose.camera->pitch_from_image({320, 300});
      return geometry::distance_m(*pa, *pb);
    };
    EXPECT_GT(far(cut - 1, cut), 2);
    EXPECT_LT(far(cut - 2, cut - 1), 1.5);
    EXPECT_LT(far(cut, cut + 1), 1.5);
  }
}

TEST(SynthMatch, OddSizesAndOtherFormats) {
  for (const auto& [width, height] : {std::pair{161, 91}, {203, 360}, {333, 187}}) {
    SynthOptions options = small(4);
    options.width_px = width;
    options.height_px = height;
    options.duration_s = 0.2;
    const SynthMatch match(options);
    const image::Frame frame = match.render(match.frame_count() - 1);
    EXPECT_EQ(frame.width(), width);
    EXPECT_EQ(frame.picture.u.width, (width + 1) / 2);
    EXPECT_EQ(frame.picture.v.height, (height + 1) / 2);
    EXPECT_GT(frame.picture.y.at(width / 2, height * 3 / 4), 16);
  }
}

TEST(SynthMatch, RefusesWhatIsNotPossibleInOneSentence) {
  const auto refused = [](auto change) {
    SynthOptions options = small(0);
    change(options);
    try {
      const SynthMatch match(options);
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refused([](SynthOptions& o) { o.width_px = 8; }), testing::HasSubstr("8x360"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.height_px = 0; }), testing::HasSubstr("640x0"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.frame_rate = 0; }), testing::HasSubstr("frame rate"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.duration_s = 0; }), testing::HasSubstr("clip"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.duration_s = std::nan(""); }), testing::HasSubstr("clip"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.shots = 0; }), testing::HasSubstr("shots"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.shots = 7; }), testing::HasSubstr("7 shots"));
  EXPECT_THAT(refused([](SynthOptions& o) { o.pitch_length_m = 10; }), testing::HasSubstr("pitch"));
  const SynthMatch match(small(0));
  EXPECT_THROW(match.render(-1), base::Error);
  EXPECT_THROW(match.truth(match.frame_count()), base::Error);
}

}  // namespace
}  // namespace touchline::synth
