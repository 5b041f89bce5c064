#include "touchline/overlay/control_field.h"

#include <gtest/gtest.h>

#include "testing/guarded_picture.h"
#include "touchline/base/error.h"

namespace touchline::overlay {
namespace {

using touchline::testing::GuardedPicture;

constexpr image::Rgb kBlue{54, 140, 255};
constexpr image::Rgb kAmber{255, 184, 28};

match::PitchControl control_of(int columns, int rows, std::vector<float> values) {
  match::PitchControl control;
  control.columns = columns;
  control.rows = rows;
  control.control_a = std::move(values);
  return control;
}

TEST(ControlField, SureTeamsShowTheirColorAndTheMiddleIsClear) {
  GuardedPicture picture(40, 20, {60, 128, 128});
  ControlField field(kBlue, kAmber, 1);
  field.paint(picture.view(), 0, 0, 40, 20, control_of(2, 1, {1, 0}));
  const image::Yuv blue = yuv_from_rgb(kBlue, {});
  const image::Yuv amber = yuv_from_rgb(kAmber, {});
  EXPECT_EQ(picture.view().y.at(0, 10), blue.y);
  EXPECT_EQ(picture.view().u.at(0, 5), blue.u);
  EXPECT_EQ(picture.view().v.at(19, 5), amber.v);
  EXPECT_EQ(picture.view().y.at(39, 10), amber.y);
  EXPECT_NEAR(picture.view().y.at(19, 10), 60, 20) << "half way both are equally near";
  EXPECT_TRUE(picture.guards_intact());
}

TEST(ControlField, RowZeroIsAtTheBottom) {
  GuardedPicture picture(8, 8, {60, 128, 128});
  ControlField field(kBlue, kAmber, 1);
  field.paint(picture.view(), 0, 0, 8, 8, control_of(1, 2, {1, 0}));
  EXPECT_EQ(picture.view().u.at(2, 3), yuv_from_rgb(kBlue, {}).u);
  EXPECT_EQ(picture.view().u.at(2, 0), yuv_from_rgb(kAmber, {}).u);
}

TEST(ControlField, StaysInItsRectangle) {
  GuardedPicture picture(20, 20, {60, 128, 128});
  ControlField field(kBlue, kAmber, 0.5);
  field.paint(picture.view(), 4, 6, 8, 10, control_of(1, 1, {1}));
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) {
      const bool inside = x >= 4 && x < 12 && y >= 6 && y < 16;
      EXPECT_EQ(picture.view().y.at(x, y) != 60, inside) << x << ", " << y;
    }
  }
}

TEST(ControlField, RefusesAGridThatDoesNotFit) {
  GuardedPicture picture(8, 8);
  ControlField field(kBlue, kAmber, 1);
  EXPECT_THROW(field.paint(picture.view(), 0, 0, 8, 8, control_of(3, 2, {1, 0})), base::Error);
  EXPECT_THROW(field.paint(picture.view(), 0, 0, 8, 8, control_of(0, 0, {})), base::Error);
}

}  // namespace
}  // namespace touchline::overlay
