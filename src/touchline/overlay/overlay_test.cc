#include "touchline/overlay/overlay.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "testing/guarded_picture.h"
#include "touchline/base/error.h"
#include "touchline/overlay/overlay_scene.h"

namespace touchline::overlay {
namespace {

using touchline::testing::GuardedPicture;

GuardedPicture drawn(int width, int height, const match::MatchFrame& frame, const std::string& layers) {
  GuardedPicture picture(width, height);
  OverlayOptions options;
  options.layers = LayerSet::parse(layers);
  Overlay(options, match::PitchModel()).draw(picture.view(), frame);
  return picture;
}

constexpr const char* kAll = "boxes,radar,control,threat,bar";

TEST(Overlay, LeavesEveryByteWithoutLayers) {
  EXPECT_TRUE(drawn(640, 360, make_scene(640, 360, 1), "none").untouched());
}

TEST(Overlay, EachLayerAloneChangesThePictureWhereItHasContents) {
  for (const char* layer : {"boxes", "radar", "control", "threat", "bar"}) {
    EXPECT_FALSE(drawn(640, 360, make_scene(640, 360, 1), layer).untouched()) << layer;
  }
}

TEST(Overlay, DrawsNothingOfWhatIsUnknown) {
  const match::MatchFrame nothing;
  EXPECT_TRUE(drawn(640, 360, nothing, "boxes,control,threat").untouched());
  match::MatchFrame no_ball = make_scene(640, 360, 1);
  no_ball.tracks.clear();
  no_ball.ball.reset();
  EXPECT_TRUE(drawn(640, 360, no_ball, "boxes").untouched());
}

TEST(Overlay, NeverTouchesBytesOutsideThePicture) {
  for (const auto& [width, height] : {std::pair{1, 1},
                                      {2, 2},
                                      {3, 1},
                                      {1, 3},
                                      {17, 33},
                                      {64, 48},
                                      {161, 121},
                                      {321, 181},
                                      {361, 641},
                                      {639, 361},
                                      {1279, 719}}) {
    for (unsigned seed = 0; seed < 3; ++seed) {
      const GuardedPicture picture = drawn(width, height, make_scene(width, height, seed), kAll);
      EXPECT_TRUE(picture.guards_intact()) << width << "x" << height;
    }
  }
}

TEST(Overlay, SurvivesBoxesThatMakeNoSense) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  match::MatchFrame frame = make_scene(320, 180, 1);
  const std::vector<geometry::BoxPx> boxes = {
      {kNan, 0, 1, 1},         {0, 0, kInf, 5}, {5, 5, 5, 5}, {9, 9, 2, 2}, {-1e9F, -1e9F, 1e9F, 1e9F},
      {-500, -500, -400, -300}};
  for (std::size_t i = 0; i < boxes.size(); ++i) frame.tracks[i].box_px = boxes[i];
  frame.ball->point_px.x = kNan;
  EXPECT_TRUE(drawn(320, 180, frame, kAll).guards_intact());
}

TEST(Overlay, RadarVanishesWithoutCameraAndPositions) {
  match::MatchFrame frame = make_scene(640, 360, 1);
  frame.pose = {};
  for (match::Track& person : frame.tracks) person.position_m.reset();
  frame.ball->position_m.reset();
  EXPECT_TRUE(drawn(640, 360, frame, "radar,control").same_bytes(drawn(640, 360, frame, "control")));
}

TEST(Overlay, DrawingOneFrameTwiceChangesOnlyWhatFadesWithTime) {
  match::MatchFrame frame = make_scene(640, 360, 4);
  Overlay overlay({}, match::PitchModel());
  GuardedPicture first(640, 360);
  GuardedPicture second(640, 360);
  overlay.draw(first.view(), frame);
  overlay.draw(second.view(), frame);
  EXPECT_TRUE(first.same_bytes(second));
}

TEST(Overlay, PictureMayChangeItsSizeAndColors) {
  Overlay overlay({}, match::PitchModel());
  for (const int width : {640, 322, 1280, 640}) {
    const int height = width * 9 / 16;
    for (const image::ColorRange range : {image::ColorRange::kLimited, image::ColorRange::kFull}) {
      const image::ColorSpace space{image::ColorMatrix::kBt601, range};
      GuardedPicture fresh(width, height, {110, 118, 122}, space);
      GuardedPicture used(width, height, {110, 118, 122}, space);
      match::MatchFrame frame = make_scene(width, height, 2);
      Overlay({}, match::PitchModel()).draw(fresh.view(), frame);
      frame.shot = width * 2 + static_cast<int>(range);
      overlay.draw(used.view(), frame);
      EXPECT_TRUE(used.same_bytes(fresh)) << width;
    }
  }
}

TEST(Overlay, SameFramesGiveTheSamePicture) {
  const match::MatchFrame frame = make_scene(640, 360, 4);
  EXPECT_TRUE(drawn(640, 360, frame, kAll).same_bytes(drawn(640, 360, frame, kAll)));
}

TEST(OverlayOptions, RefusesOpacityOutsideItsRange) {
  OverlayOptions options;
  options.radar_opacity = 0;
  EXPECT_THROW(options.check(), base::Error);
  options.radar_opacity = 0.5;
  options.radar_opacity_on_feet = 0.6;
  EXPECT_THROW(options.check(), base::Error);
  EXPECT_THROW(Overlay(options, match::PitchModel()), base::Error);
}

TEST(LayerSet, ParsesNamesAndRefusesOthers) {
  EXPECT_EQ(LayerSet::parse("boxes,bar"), (LayerSet{true, false, false, false, true}));
  EXPECT_EQ(LayerSet::parse(kAll), LayerSet{});
  EXPECT_FALSE(LayerSet::parse("none").any());
  for (const char* text : {"", "boxes,", ",bar", "boxes,none", "Boxes", "passes", "boxes radar"}) {
    EXPECT_THROW(LayerSet::parse(text), base::Error) << text;
  }
}

}  // namespace
}  // namespace touchline::overlay
