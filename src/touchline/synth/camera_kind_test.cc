#include "touchline/synth/camera_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/synth/camera_work.h"
#include "touchline/synth/stadium.h"
#include "touchline/synth/synth_match.h"

namespace touchline::synth {
namespace {

constexpr int kShots = 8;

SynthOptions options_of(const std::string& kind, std::uint64_t seed) {
  SynthOptions options;
  options.seed = seed;
  options.width_px = 640;
  options.height_px = 360;
  options.frame_rate = 2;
  options.duration_s = 2 * kShots;
  options.shots = kShots;
  options.camera = parse_camera_kind(kind);
  return options;
}

/// A frame well inside each shot.
std::vector<std::int64_t> one_frame_a_shot(const SynthMatch& match) {
  std::vector<std::int64_t> frames;
  for (const std::int64_t first : match.first_frames()) frames.push_back(first + 1);
  return frames;
}

TEST(CameraKindNames, UnknownOneIsNamedWithTheList) {
  try {
    parse_camera_kind("top");
    FAIL() << "accepted";
  } catch (const base::Error& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("there is no camera 'top'; choose main, goal, beside, tactical, static, close, "
                                   "far_side, or mixed"));
  }
}

TEST(CameraKindNames, MixedDrawsAllKindsInTheirShares) {
  std::map<CameraKind, int> count;
  for (int shot = 0; shot < 40; ++shot) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) ++count[kind_of_shot(CameraKind::kMixed, seed, shot)];
  }
  EXPECT_EQ(count.size(), 7U);
  EXPECT_NEAR(count[CameraKind::kMain], 400, 60);
  EXPECT_NEAR(count[CameraKind::kGoal], 400, 60);
  EXPECT_NEAR(count[CameraKind::kClose], 360, 60);
  EXPECT_NEAR(count[CameraKind::kFarSide], 100, 40);
  EXPECT_EQ(kind_of_shot(CameraKind::kStatic, 3, 5), CameraKind::kStatic);
}

struct Expected {
  const char* name;
  double lowest_m, highest_m;  ///< of the camera
  int least_people;            ///< in any picture
  double mean_people;
  double mean_points;
};

class CamerasOfKind : public testing::TestWithParam<Expected> {};

TEST_P(CamerasOfKind, StandOutsideThePitchAtTheirHeightAndNothingHidesIt) {
  const match::PitchModel pitch;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const SynthOptions options = options_of(GetParam().name, seed);
    const Play play(pitch, options.duration_s, seed);
    const CameraWork work(options, pitch, play);
    const Stadium stadium(pitch, Look(seed), seed);
    for (int shot = 0; shot < kShots; ++shot) {
      const Vec3 eye = work.at(shot, 0).place_m;
      EXPECT_GE(eye.z, GetParam().lowest_m);
      EXPECT_LE(eye.z, GetParam().highest_m);
      EXPECT_FALSE(pitch.contains({eye.x, eye.y}, 2.5)) << eye.x << " " << eye.y;
      for (const Surface& s : stadium.surfaces_round(eye)) {
        if (s.ground) continue;
        const Vec3 normal = cross(s.along, s.up);
        for (const auto& landmark : pitch.landmarks()) {
          const Vec3 ray = Vec3{landmark.x, landmark.y, 0} - eye;
          const double t = dot(normal, s.origin_m - eye) / dot(normal, ray);
          if (!(t > 0 && t < 1)) continue;
          const Vec3 at = eye + t * ray - s.origin_m;
          const double u = dot(s.along, at);
          const double v = dot(s.up, at);
          EXPECT_FALSE(u >= 0 && u <= s.width_m && v >= 0 && v <= s.height_m)
              << "seed " << seed << " shot " << shot << ": landmark " << landmark.x << " " << landmark.y << " hidden";
        }
      }
    }
  }
}

TEST_P(CamerasOfKind, ShowPeopleAndPointsThatLieWhereTheTruthSays) {
  const Expected& expected = GetParam();
  double people = 0;
  double points = 0;
  int pictures = 0;
  for (std::uint64_t seed = 20; seed < 23; ++seed) {
    const SynthMatch match(options_of(expected.name, seed));
    for (const std::int64_t index : one_frame_a_shot(match)) {
      const auto truth = match.truth(index);
      ++pictures;
      EXPECT_GE(truth.tracks.size(), static_cast<std::size_t>(expected.least_people))
          << "seed " << seed << " frame " << index;
      people += static_cast<double>(truth.tracks.size());
      for (std::size_t i = 0; i < match::kPitchPointCount; ++i) {
        const auto& point = truth.pose.points[i];
        if (point.score == 0) continue;
        ++points;
        const auto back = truth.pose.camera->pitch_from_image(point.point_px);
        ASSERT_TRUE(back);
        EXPECT_LT(geometry::distance_m(*back, match.pitch().landmarks()[i]), 1e-3);
      }
    }
  }
  EXPECT_GE(people / pictures, expected.mean_people);
  EXPECT_GE(points / pictures, expected.mean_points);
}

TEST_P(CamerasOfKind, WhoeverIsLargeInThePictureIsListed) {
  for (std::uint64_t seed = 30; seed < 32; ++seed) {
    const SynthMatch match(options_of(GetParam().name, seed));
    for (const std::int64_t index : one_frame_a_shot(match)) {
      std::map<int, int> pixels;
      for (const std::uint8_t label : match.label_map(index)) ++pixels[label];
      const auto truth = match.truth(index);
      for (int id = 1; id <= 25; ++id) {
        if (pixels[id] < 640 * 360 / 400) continue;
        EXPECT_TRUE(std::any_of(truth.tracks.begin(), truth.tracks.end(), [&](const auto& t) { return t.id == id; }))
            << "seed " << seed << " frame " << index << " id " << id;
      }
      for (const auto& track : truth.tracks) {
        EXPECT_GE(track.box_px.x0, 0);
        EXPECT_GE(track.box_px.y0, 0);
        EXPECT_LE(track.box_px.x1, 640);
        EXPECT_LE(track.box_px.y1, 360);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, CamerasOfKind,
                         testing::Values(Expected{"goal", 3, 20, 1, 12, 8}, Expected{"beside", 2, 12, 1, 7, 4},
                                         Expected{"tactical", 25, 45, 8, 14, 12}, Expected{"static", 8, 28, 8, 15, 15},
                                         Expected{"close", 0.9, 24, 1, 2, 0}, Expected{"far_side", 7, 36, 4, 12, 5}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(CameraKinds, CloseShowsFiguresFromAFifthToMoreThanThePicture) {
  int cut = 0;
  double tallest = 0;
  double sum = 0;
  int pictures = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const SynthMatch match(options_of("close", seed));
    for (const std::int64_t index : one_frame_a_shot(match)) {
      double tall = 0;
      for (const auto& track : match.truth(index).tracks) {
        tall = std::max<double>(tall, track.box_px.height() / 360);
        cut += track.box_px.y1 > 359.5F || track.box_px.y0 < 0.5F ? 1 : 0;
      }
      tallest = std::max(tallest, tall);
      sum += tall;
      ++pictures;
    }
  }
  EXPECT_GT(sum / pictures, 0.3);
  EXPECT_GT(tallest, 0.9);
  EXPECT_GT(cut, 12);
}

TEST(CameraKinds, StaticDoesNotMove) {
  SynthOptions options = options_of("static", 4);
  options.shots = 1;
  const SynthMatch match(options);
  EXPECT_EQ(match.truth(0).pose.camera->image_from_pitch_matrix(),
            match.truth(match.frame_count() - 1).pose.camera->image_from_pitch_matrix());
}

TEST(CameraKinds, MainIsWhatItWasBeforeThereWereOthers) {
  SynthOptions options;
  options.seed = 7;
  options.width_px = 640;
  options.height_px = 360;
  options.duration_s = 6;
  options.shots = 6;
  const SynthMatch match(options);
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a over the samples of a frame of each shot
  for (const std::int64_t first : match.first_frames()) {
    const image::Frame frame = match.render(first + 2);
    for (const image::ConstPlane& plane : {frame.picture.y, frame.picture.u, frame.picture.v}) {
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) hash = (hash ^ plane.at(x, y)) * 0x100000001B3ULL;
      }
    }
  }
  EXPECT_EQ(hash, 3828613718308945491ULL);
}

}  // namespace
}  // namespace touchline::synth
