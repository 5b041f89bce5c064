#include "touchline/match/pitch_model.h"

#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>

#include "touchline/base/error.h"

namespace touchline::match {
namespace {

// Laws of the Game, law 1, metres.
constexpr double kCircleRadius = 9.15;
constexpr double kPenaltyDepth = 16.5;
constexpr double kPenaltyHalfWidth = 20.16;
constexpr double kGoalAreaDepth = 5.5;
constexpr double kGoalAreaHalfWidth = 9.16;
constexpr double kPenaltySpot = 11;
const double kArcHalfWidth = std::sqrt(kCircleRadius * kCircleRadius - 5.5 * 5.5);  // 7.312: the arc meets the box
constexpr int kCirclePoints = 72;
constexpr int kArcPoints = 24;

using geometry::PitchPoint;
using Polyline = std::vector<PitchPoint>;

/// The landmarks in the labels' axes: metres from the far-left corner, y toward the main camera.
std::array<PitchPoint, kPitchPointCount> corner_landmarks(double l, double w) {
  const double h = w / 2;
  return {{{0, 0},
           {0, h - kPenaltyHalfWidth},
           {0, h - kGoalAreaHalfWidth},
           {0, h + kGoalAreaHalfWidth},
           {0, h + kPenaltyHalfWidth},
           {0, w},
           {kGoalAreaDepth, h - kGoalAreaHalfWidth},
           {kGoalAreaDepth, h + kGoalAreaHalfWidth},
           {kPenaltySpot, h},
           {kPenaltyDepth, h - kPenaltyHalfWidth},
           {kPenaltyDepth, h - kArcHalfWidth},
           {kPenaltyDepth, h + kArcHalfWidth},
           {kPenaltyDepth, h + kPenaltyHalfWidth},
           {l / 2, 0},
           {l / 2, h - kCircleRadius},
           {l / 2, h + kCircleRadius},
           {l / 2, w},
           {l - kPenaltyDepth, h - kPenaltyHalfWidth},
           {l - kPenaltyDepth, h - kArcHalfWidth},
           {l - kPenaltyDepth, h + kArcHalfWidth},
           {l - kPenaltyDepth, h + kPenaltyHalfWidth},
           {l - kPenaltySpot, h},
           {l - kGoalAreaDepth, h - kGoalAreaHalfWidth},
           {l - kGoalAreaDepth, h + kGoalAreaHalfWidth},
           {l, 0},
           {l, h - kPenaltyHalfWidth},
           {l, h - kGoalAreaHalfWidth},
           {l, h + kGoalAreaHalfWidth},
           {l, h + kPenaltyHalfWidth},
           {l, w},
           {l / 2 - kCircleRadius, h},
           {l / 2 + kCircleRadius, h}}};
}

Polyline arc(PitchPoint center, double from_rad, double to_rad, int points) {
  Polyline line;
  for (int i = 0; i < points; ++i) {
    const double angle = from_rad + (to_rad - from_rad) * i / (points - 1);
    line.push_back({center.x + kCircleRadius * std::cos(angle), center.y + kCircleRadius * std::sin(angle)});
  }
  return line;
}

/// The markings of one half; side = −1 for the left goal, +1 for the right one.
void add_half(std::vector<Polyline>& lines, double half_length, double half_width, double side) {
  const double goal_line = side * half_length;
  const auto box = [&](double depth, double half) {
    const double front = goal_line - side * depth;
    lines.push_back({{goal_line, -half}, {front, -half}});
    lines.push_back({{front, -half}, {front, half}});
    lines.push_back({{front, half}, {goal_line, half}});
  };
  lines.push_back({{goal_line, -half_width}, {goal_line, half_width}});
  box(kPenaltyDepth, kPenaltyHalfWidth);
  box(kGoalAreaDepth, kGoalAreaHalfWidth);
  const double half_angle = std::asin(kArcHalfWidth / kCircleRadius);
  const double facing = side > 0 ? std::numbers::pi : 0;
  lines.push_back(arc({goal_line - side * kPenaltySpot, 0}, facing - half_angle, facing + half_angle, kArcPoints));
}

}  // namespace

const std::array<int, kPitchPointCount> kMirroredLandmark = {24, 25, 26, 27, 28, 29, 22, 23, 21, 17, 18,
                                                             19, 20, 13, 14, 15, 16, 9,  10, 11, 12, 8,
                                                             6,  7,  0,  1,  2,  3,  4,  5,  31, 30};

PitchModel::PitchModel(double length_m, double width_m) : length_m_(length_m), width_m_(width_m) {
  TOUCHLINE_REQUIRE(length_m >= 90 && length_m <= 120 && width_m >= 45 && width_m <= 90,
                    "a pitch of {} x {} m is outside the Laws of the Game (90 to 120 m by 45 to 90 m)", length_m,
                    width_m);
  landmarks_ = corner_landmarks(length_m, width_m);
  for (auto& p : landmarks_) p = {p.x - length_m / 2, width_m / 2 - p.y};
}

PitchModel PitchModel::parse(const std::string& text) {
  double length = 0;
  double width = 0;
  char rest = 0;
  TOUCHLINE_REQUIRE(std::sscanf(text.c_str(), "%lfx%lf%c", &length, &width, &rest) == 2,
                    "pitch '{}' is not of the form LENGTHxWIDTH in metres, for instance 105x68", text);
  return PitchModel(length, width);
}

std::vector<Polyline> PitchModel::markings() const {
  const double x = length_m_ / 2;
  const double y = width_m_ / 2;
  std::vector<Polyline> lines = {{{-x, -y}, {x, -y}}, {{-x, y}, {x, y}}, {{0, -y}, {0, y}}};
  lines.push_back(arc({0, 0}, 0, 2 * std::numbers::pi, kCirclePoints + 1));
  add_half(lines, x, y, -1);
  add_half(lines, x, y, 1);
  return lines;
}

bool PitchModel::contains(geometry::PitchPoint point_m, double margin_m) const {
  return std::abs(point_m.x) <= length_m_ / 2 + margin_m && std::abs(point_m.y) <= width_m_ / 2 + margin_m;
}

}  // namespace touchline::match
