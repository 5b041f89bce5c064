#include "touchline/overlay/eval_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "touchline/image/draw/text.h"

namespace touchline::overlay {
namespace {

using geometry::BoxPx;
using image::draw::Face;
using image::draw::Painter;
using image::draw::TextStyle;

// The panel at 1080p, pixels.
constexpr double kWidth = 420;
constexpr double kTop = 22;
constexpr double kPad = 12;
constexpr double kClockRow = 24;
constexpr double kBarHeight = 18;
constexpr double kGap = 10;
constexpr double kSharesRow = 13;
constexpr double kClockCap = 17;
constexpr double kSmallCap = 11;
constexpr double kPanelOpacity = 0.8;
constexpr double kRounding = 0.3;  ///< of the bar's corners, by its height
constexpr double kLeastUnit_px = 0.55;

enum class Align { kLeft, kCenter, kRight };

void draw_text(Painter& painter, const std::string& text, double x, double middle_y, double cap_px, Face face,
               Align align, const image::draw::Ink& ink) {
  const TextStyle style{std::round(cap_px), face};
  const double width = image::draw::text_width_px(text, style);
  const double left = align == Align::kLeft ? x : align == Align::kRight ? x - width : x - width / 2;
  painter.text(text, {left, std::round(middle_y + style.cap_height_px / 2)}, style, ink);
}

BoxPx box_of(double x0, double y0, double x1, double y1) {
  return {float(std::round(x0)), float(std::round(y0)), float(std::round(x1)), float(std::round(y1))};
}

/// A box whose left or right corners are round.
void add_filling(image::draw::Path& path, const BoxPx& box, double left_radius_px, double right_radius_px) {
  const double l = left_radius_px;
  const double r = right_radius_px;
  path.move_to({box.x0 + l, box.y0});
  path.line_to({box.x1 - r, box.y0});
  path.quad_to({box.x1, box.y0}, {box.x1, box.y0 + r});
  path.line_to({box.x1, box.y1 - r});
  path.quad_to({box.x1, box.y1}, {box.x1 - r, box.y1});
  path.line_to({box.x0 + l, box.y1});
  path.quad_to({box.x0, box.y1}, {box.x0, box.y1 - l});
  path.line_to({box.x0, box.y0 + l});
  path.quad_to({box.x0, box.y0}, {box.x0 + l, box.y0});
}

}  // namespace

std::string clock_text(double pts_s) {
  const long tenths = std::lround(std::floor(std::abs(pts_s) * 10 + 1e-6));
  return fmt::format("{}{:02}:{:02}.{}", pts_s < 0 && tenths > 0 ? "−" : "", tenths / 600, tenths / 10 % 60,
                     tenths % 10);
}

EvalPanel::Rows EvalPanel::rows(const match::MatchFrame& frame, const Style& style) const {
  Rows rows;
  rows.unit_px = std::max(style.unit_px, kLeastUnit_px);
  rows.shares = (layers_.control && frame.control) || (layers_.threat && frame.threat);
  double height = 2 * kPad;
  if (layers_.bar) height += kClockRow + kGap + kBarHeight;
  if (layers_.bar && rows.shares) height += kGap;
  if (rows.shares) height += kSharesRow;
  const double width = kWidth * rows.unit_px;
  if ((!layers_.bar && !rows.shares) || width + 8 > style.width_px || height * rows.unit_px * 2.5 > style.height_px) {
    return rows;
  }
  const double top = kTop * style.unit_px;
  rows.panel = box_of((style.width_px - width) / 2, top, (style.width_px + width) / 2, top + height * rows.unit_px);
  return rows;
}

BoxPx EvalPanel::place(const match::MatchFrame& frame, const Style& style) const {
  return rows(frame, style).panel;
}

/// A pill with the team's letter; a white ball beside it, toward the clock, while it has the ball.
void EvalPanel::draw_team(Painter& painter, const BoxPx& box, bool is_a, bool has_ball) {
  const image::Rgb ground = is_a ? palette_.team_a : palette_.team_b;
  const double height = box.height();
  path_.clear();
  path_.add_rounded_box(box, 0.25 * height);
  painter.fill(path_, {ground, 1});
  const geometry::ImagePoint middle = box.center();
  draw_text(painter, is_a ? "A" : "B", middle.x, middle.y, 0.55 * height, Face::kBold, Align::kCenter,
            {palette_.text_on(ground), 1});
  if (!has_ball) return;
  path_.clear();
  path_.add_ellipse({is_a ? box.x1 + 0.6 * height : box.x0 - 0.6 * height, middle.y}, 0.22 * height, 0.22 * height);
  painter.fill(path_, {palette_.ball, 1});
}

void EvalPanel::draw_clock(Painter& painter, const match::MatchFrame& frame, const Rows& rows) {
  const double u = rows.unit_px;
  const BoxPx& panel = rows.panel;
  const double top = panel.y0 + kPad * u;
  const double bottom = top + kClockRow * u;
  draw_text(painter, clock_text(frame.pts_s), panel.center().x, 0.5 * (top + bottom), kClockCap * u, Face::kBold,
            Align::kCenter, {palette_.paper, 1});
  const double pill = 1.5 * kClockRow * u;
  draw_team(painter, box_of(panel.x0 + kPad * u, top, panel.x0 + kPad * u + pill, bottom), true,
            frame.possession == match::Possession::kA);
  draw_team(painter, box_of(panel.x1 - kPad * u - pill, top, panel.x1 - kPad * u, bottom), false,
            frame.possession == match::Possession::kB);
}

void EvalPanel::draw_bar(Painter& painter, const match::MatchFrame& frame, const Rows& rows) {
  const double u = rows.unit_px;
  const BoxPx& panel = rows.panel;
  const double top = panel.y0 + (kPad + kClockRow + kGap) * u;
  const BoxPx track = box_of(panel.x0 + kPad * u, top, panel.x1 - kPad * u, top + kBarHeight * u);
  path_.clear();
  path_.add_rounded_box(track, kRounding * double(track.height()));
  painter.fill(path_, {palette_.paper, 0.14});
  const double middle = track.center().x;
  if (frame.eval) {
    const double value = std::clamp(frame.eval->value, -100.0, 100.0);
    const double opacity = std::clamp(frame.eval->confidence, 0.0, 1.0);
    const double split = track.x0 + double(track.width()) * (0.5 + value / 200);
    const double radius = kRounding * double(track.height());
    path_.clear();
    add_filling(path_, {track.x0, track.y0, float(split), track.y1}, std::min(radius, split - track.x0), 0);
    painter.fill(path_, {palette_.team_a, opacity});
    path_.clear();
    add_filling(path_, {float(split), track.y0, track.x1, track.y1}, 0, std::min(radius, track.x1 - split));
    painter.fill(path_, {palette_.team_b, opacity});
    draw_value(painter, track, *frame.eval);
  }
  path_.clear();
  path_.add_line({middle, track.y0 - 2 * u}, {middle, track.y1 + 2 * u}, std::max(1.0, 2 * u));
  painter.fill(path_, {palette_.paper, 0.9});
}

/// The number stands at the end of the team it favors.
void EvalPanel::draw_value(Painter& painter, const BoxPx& track, const match::EvalBar& eval) {
  const long value = std::lround(std::clamp(eval.value, -100.0, 100.0));
  if (value == 0) return;
  const double inset = 0.45 * double(track.height());
  const bool is_a = value > 0;
  const image::Rgb ground = eval.confidence > 0.5 ? (is_a ? palette_.team_a : palette_.team_b) : palette_.ink;
  draw_text(painter, fmt::format("+{}", std::abs(value)), is_a ? track.x0 + inset : track.x1 - inset, track.center().y,
            0.56 * double(track.height()), Face::kBold, is_a ? Align::kLeft : Align::kRight,
            {palette_.text_on(ground), 1});
}

/// "54  CONTROL  46" and "0.21  THREAT  0.17", side by side where both are shown.
void EvalPanel::draw_shares(Painter& painter, const match::MatchFrame& frame, const Rows& rows) {
  const double u = rows.unit_px;
  const BoxPx& panel = rows.panel;
  const double middle_y = panel.y1 - (kPad + kSharesRow / 2) * u;
  const bool control = layers_.control && frame.control;
  const bool threat = layers_.threat && frame.threat;
  const double inner = double(panel.width()) - 2 * kPad * u;
  const double width = control && threat ? (inner - 3 * kPad * u) / 2 : inner;
  const auto draw = [&](double left, const std::string& a, const char* name, const std::string& b) {
    draw_text(painter, a, left, middle_y, kSmallCap * u, Face::kBold, Align::kLeft, {palette_.team_a, 1});
    draw_text(painter, name, left + width / 2, middle_y, kSmallCap * u, Face::kRegular, Align::kCenter,
              {palette_.paper, 0.8});
    draw_text(painter, b, left + width, middle_y, kSmallCap * u, Face::kBold, Align::kRight, {palette_.team_b, 1});
  };
  const double left = panel.x0 + kPad * u;
  if (control) {
    const long a = std::lround(100 * std::clamp(frame.control->share_a, 0.0, 1.0));
    draw(left, fmt::format("{}%", a), "control", fmt::format("{}%", 100 - a));
  }
  if (control && threat) {
    path_.clear();
    path_.add_line({panel.center().x, middle_y - 0.5 * kSharesRow * u},
                   {panel.center().x, middle_y + 0.5 * kSharesRow * u}, std::max(1.0, u));
    painter.fill(path_, {palette_.paper, 0.35});
  }
  if (threat) {
    draw(control ? left + inner - width : left, fmt::format("{:.2f}", frame.threat->a), "threat",
         fmt::format("{:.2f}", frame.threat->b));
  }
}

void EvalPanel::draw(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  const Rows shown = rows(frame, style);
  if (shown.panel.width() <= 0) return;
  path_.clear();
  path_.add_rounded_box(shown.panel, 12 * shown.unit_px);
  painter.fill(path_, {palette_.ink, kPanelOpacity});
  if (layers_.bar) {
    draw_clock(painter, frame, shown);
    draw_bar(painter, frame, shown);
  }
  if (shown.shares) draw_shares(painter, frame, shown);
}

}  // namespace touchline::overlay
