#include "touchline/overlay/eval_bar.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "testing/guarded_picture.h"
#include "touchline/overlay/overlay.h"

namespace touchline::overlay {
namespace {

using touchline::testing::GuardedPicture;

TEST(ClockText, CountsMinutesSecondsTenths) {
  EXPECT_EQ(clock_text(0), "00:00.0");
  EXPECT_EQ(clock_text(0.04), "00:00.0");
  EXPECT_EQ(clock_text(59.96), "00:59.9") << "cut, not rounded: a clock never shows a time that is still to come";
  EXPECT_EQ(clock_text(754.5), "12:34.5");
  EXPECT_EQ(clock_text(0.3), "00:00.3") << "0.3 · 10 is a little below 3";
  EXPECT_EQ(clock_text(6000), "100:00.0");
  EXPECT_EQ(clock_text(-1.5), "−00:01.5");
}

/// How many columns of the bar (46 to 64 rows below the panel's top) are blue or amber, close to its lower edge, where
/// no letter of the number reaches.
int columns_of(const GuardedPicture& picture, const geometry::BoxPx& panel, bool blue) {
  const image::I420View& view = picture.view();
  const int cy = (static_cast<int>(panel.y0) + 61) / 2;
  int count = 0;
  for (int cx = 0; cx < view.u.width; ++cx) count += blue ? view.u.at(cx, cy) > 150 : view.u.at(cx, cy) < 100;
  return 2 * count;
}

struct Drawn {
  GuardedPicture picture{1920, 1080};
  geometry::BoxPx panel;

  explicit Drawn(const match::MatchFrame& frame) {
    const OverlayOptions options;
    Palette palette;
    palette.team_a = options.team_a_color;
    palette.team_b = options.team_b_color;
    EvalPanel bar(LayerSet::parse("bar"), palette);
    const Style style = Style::of_picture(1920, 1080);
    panel = bar.place(frame, style);
    image::draw::Painter painter;
    painter.begin(picture.view());
    bar.draw(painter, frame, style);
  }
};

TEST(EvalPanel, FillsTheBarInProportion) {
  for (const double value : {-100.0, -40.0, 0.0, 18.2, 75.0, 100.0}) {
    match::MatchFrame frame;
    frame.eval = match::EvalBar{value, 1, {}};
    const Drawn drawn(frame);
    const double bar = 396;  // 420 less 12 at either end
    EXPECT_NEAR(columns_of(drawn.picture, drawn.panel, true), bar * (0.5 + value / 200), 6) << value;
    EXPECT_NEAR(columns_of(drawn.picture, drawn.panel, false), bar * (0.5 - value / 200), 6) << value;
  }
}

TEST(EvalPanel, UnknownOrUnsureValuesHaveNoFilling) {
  const Drawn unknown{match::MatchFrame{}};
  EXPECT_EQ(columns_of(unknown.picture, unknown.panel, true), 0);
  match::MatchFrame unsure;
  unsure.eval = match::EvalBar{60, 0, {}};
  const Drawn drawn(unsure);
  EXPECT_EQ(columns_of(drawn.picture, drawn.panel, true), 0);
}

TEST(EvalPanel, HasNoPlaceWithoutContentsOrRoom) {
  const Style style = Style::of_picture(1920, 1080);
  match::MatchFrame frame;
  EXPECT_EQ(EvalPanel(LayerSet::parse("control,threat"), Palette{}).place(frame, style), geometry::BoxPx{});
  frame.threat = match::Threat{0.1, 0.2};
  EXPECT_GT(EvalPanel(LayerSet::parse("threat"), Palette{}).place(frame, style).area(), 0);
  EXPECT_EQ(EvalPanel(LayerSet::parse("control"), Palette{}).place(frame, style), geometry::BoxPx{});
  EXPECT_EQ(EvalPanel(LayerSet{}, Palette{}).place(frame, Style::of_picture(100, 100)), geometry::BoxPx{});
  for (const auto& [width, height] : {std::pair{640, 360}, {1920, 1080}, {3840, 2160}, {720, 1280}}) {
    const geometry::BoxPx panel = EvalPanel(LayerSet{}, Palette{}).place(frame, Style::of_picture(width, height));
    EXPECT_GT(panel.area(), 0);
    EXPECT_TRUE(panel.x0 >= 0 && panel.y0 >= 0 && panel.x1 <= float(width) && panel.y1 <= 0.2F * float(height));
  }
}

}  // namespace
}  // namespace touchline::overlay
