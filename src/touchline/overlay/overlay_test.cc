#include "touchline/overlay/overlay.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/overlay/overlay_scene.h"

namespace touchline::overlay {
namespace {

constexpr std::uint8_t kGuard = 0xA5;
constexpr int kGuardBytes = 64;

/// A gray picture whose rows have guard bytes on both sides, with guard rows above and below.
class GuardedPicture {
 public:
  GuardedPicture(int width, int height) {
    view_.y = add(width, height);
    view_.u = add((width + 1) / 2, (height + 1) / 2);
    view_.v = add((width + 1) / 2, (height + 1) / 2);
    before_ = planes_;
  }

  const image::I420View& view() const { return view_; }
  bool untouched() const { return planes_ == before_; }
  const std::vector<std::uint8_t>& luma() const { return planes_[0]; }
  bool operator==(const GuardedPicture& other) const { return planes_ == other.planes_; }

  bool guards_intact() const {
    const std::array<const image::Plane*, 3> views = {&view_.y, &view_.u, &view_.v};
    for (std::size_t p = 0; p < views.size(); ++p) {
      const image::Plane& plane = *views[p];
      for (std::size_t i = 0; i < planes_[p].size(); ++i) {
        const auto offset = static_cast<std::ptrdiff_t>(i) - (plane.data - planes_[p].data());
        const auto y = offset >= 0 ? offset / plane.stride : -1;
        const auto x = offset >= 0 ? offset % plane.stride : -1;
        const bool inside = offset >= 0 && y < plane.height && x < plane.width;
        if (!inside && planes_[p][i] != kGuard) return false;
      }
    }
    return true;
  }

 private:
  image::Plane add(int width, int height) {
    const std::ptrdiff_t stride = width + kGuardBytes;
    auto& bytes = planes_.emplace_back(static_cast<std::size_t>(stride * (height + 4)), kGuard);
    const image::Plane plane{bytes.data() + 2 * stride + kGuardBytes / 2, width, height, stride};
    for (int y = 0; y < height; ++y) std::fill_n(plane.row(y), width, std::uint8_t{110});
    return plane;
  }

  std::vector<std::vector<std::uint8_t>> planes_ = reserve_three();
  std::vector<std::vector<std::uint8_t>> before_;
  image::I420View view_;

  static std::vector<std::vector<std::uint8_t>> reserve_three() {
    std::vector<std::vector<std::uint8_t>> planes;
    planes.reserve(3);
    return planes;
  }
};

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

TEST(Overlay, SameFramesGiveTheSamePicture) {
  const match::MatchFrame frame = make_scene(640, 360, 4);
  EXPECT_TRUE(drawn(640, 360, frame, kAll) == drawn(640, 360, frame, kAll));
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
