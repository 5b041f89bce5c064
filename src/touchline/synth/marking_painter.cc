#include "touchline/synth/marking_painter.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr double kHalfLine_m = 0.06;
constexpr double kPiece_m = 1.5;  // long lines are painted in pieces, because lenses bend them
constexpr double kSpot_m = 0.11;
constexpr double kCornerArc_m = 1;

using geometry::PitchPoint;

/// A straight piece of something long and thin in the picture.
struct Strip {
  float ax, ay, bx, by;
  float half_px;
};

/// Calls put(pixel, share) for each pixel the strip covers in part.
template <typename Put>
void for_each_covered(Canvas& canvas, const Strip& s, Put&& put) {
  const float dx = s.bx - s.ax;
  const float dy = s.by - s.ay;
  const float length = std::sqrt(dx * dx + dy * dy);
  const float ux = length > 1e-4F ? dx / length : 1;
  const float uy = length > 1e-4F ? dy / length : 0;
  const float pad = s.half_px + 1;
  const auto clip = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.0F, static_cast<float>(most))); };
  const int top = clip(std::floor(std::min(s.ay, s.by) - pad), canvas.height);
  const int bottom = clip(std::ceil(std::max(s.ay, s.by) + pad), canvas.height);
  for (int y = top; y < bottom; ++y) {
    // Where the strip crosses this row.
    const float qy = static_cast<float>(y) + 0.5F - s.ay;
    float from = std::min(s.ax, s.bx) - pad;
    float to = std::max(s.ax, s.bx) + pad;
    if (std::abs(uy) > 0.05F) {
      const float middle = s.ax + qy * ux / uy;
      const float half = (pad + 0.5F) / std::abs(uy);
      from = std::max(from, middle - half);
      to = std::min(to, middle + half);
    }
    const int left = clip(std::floor(from), canvas.width);
    const int right = clip(std::ceil(to), canvas.width);
    for (int x = left; x < right; ++x) {
      const float qx = static_cast<float>(x) + 0.5F - s.ax;
      const float along = qx * ux + qy * uy;
      const float off = qy * ux - qx * uy;
      const float across = std::min(off + 0.5F, s.half_px) - std::max(off - 0.5F, -s.half_px);
      const float inside = std::min(along + 0.5F, length + 0.5F) - std::max(along - 0.5F, -0.5F);
      const float share = std::clamp(across, 0.0F, 1.0F) * std::clamp(inside, 0.0F, 1.0F);
      if (share > 0) put(canvas.row(y)[x], share);
    }
  }
}

/// The strip between two places in space, half_m thick to either side of `side`; false when it cannot be seen.
bool strip_between(const View& view, const Canvas& canvas, Vec3 a, Vec3 b, Vec3 side, double half_m, Strip& strip) {
  const auto pa = view.project(a);
  const auto pb = view.project(b);
  const auto edge = view.project(mix(a, b, 0.5) + half_m * side);
  const auto middle = view.project(mix(a, b, 0.5));
  if (!pa || !pb || !edge || !middle) return false;
  const double far = 40;
  const auto outside = [&](double v, double w, double most) {
    return (v < -far && w < -far) || (v > most + far && w > most + far);
  };
  if (outside(pa->point_px.x, pb->point_px.x, canvas.width) || outside(pa->point_px.y, pb->point_px.y, canvas.height))
    return false;
  strip = {static_cast<float>(pa->point_px.x), static_cast<float>(pa->point_px.y), static_cast<float>(pb->point_px.x),
           static_cast<float>(pb->point_px.y), 0};
  const double dx = pb->point_px.x - pa->point_px.x;
  const double dy = pb->point_px.y - pa->point_px.y;
  const double long_px = std::max(1e-6, std::sqrt(dx * dx + dy * dy));
  const double ex = edge->point_px.x - middle->point_px.x;
  const double ey = edge->point_px.y - middle->point_px.y;
  strip.half_px = static_cast<float>(std::abs(ex * dy - ey * dx) / long_px);
  return true;
}

void cover_line(Canvas& canvas, const View& view, PitchPoint a, PitchPoint b, double half_m) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length_m = std::sqrt(dx * dx + dy * dy);
  const Vec3 side = {-dy / length_m, dx / length_m, 0};
  const int pieces = std::max(1, static_cast<int>(length_m / kPiece_m));
  for (int i = 0; i < pieces; ++i) {
    const Vec3 from = mix(Vec3{a.x, a.y, 0}, Vec3{b.x, b.y, 0}, static_cast<double>(i) / pieces);
    const Vec3 to = mix(Vec3{a.x, a.y, 0}, Vec3{b.x, b.y, 0}, static_cast<double>(i + 1) / pieces);
    Strip strip{};
    if (!strip_between(view, canvas, from, to, side, half_m, strip)) continue;
    for_each_covered(canvas, strip, [](Pixel& p, float share) { p[3] = std::max(p[3], share); });
  }
}

void paint_pole(Canvas& canvas, const View& view, Vec3 a, Vec3 b, double half_m, Pixel color, float opacity) {
  Strip strip{};
  if (!strip_between(view, canvas, a, b, view.right(), half_m, strip)) return;
  const Vec3 along = b - a;
  if (std::abs(along.z) < 0.5 * length(along)) {
    const auto middle = view.project(mix(a, b, 0.5));
    strip.half_px = static_cast<float>(half_m * middle->px_per_m);
  }
  for_each_covered(canvas, strip, [&](Pixel& p, float share) { p = blend(p, color, share * opacity); });
}

void paint_net(Canvas& canvas, const View& view, Vec3 origin, Vec3 across, Vec3 up, int columns, int rows) {
  const Pixel thread = yuv(205, 208, 205);
  constexpr double kThread_m = 0.012;
  for (int i = 0; i <= columns; ++i) {
    const Vec3 from = origin + (static_cast<double>(i) / columns) * across;
    paint_pole(canvas, view, from, from + up, kThread_m, thread, 0.75F);
  }
  for (int j = 0; j <= rows; ++j) {
    const Vec3 from = origin + (static_cast<double>(j) / rows) * up;
    paint_pole(canvas, view, from, from + across, kThread_m, thread, 0.75F);
  }
}

void paint_goal(Canvas& canvas, const View& view, double line_m, double side, const Look& look) {
  constexpr double kHalf = match::kHalfGoal_m;
  constexpr double kHeight = 2.44;
  constexpr double kDepth = 2.0;
  constexpr double kPost = 0.06;
  const double back = line_m + side * kDepth;
  const Vec3 near_post = {line_m, -kHalf, 0};
  const Vec3 width = {0, 2 * kHalf, 0};
  const Vec3 up = {0, 0, kHeight};
  const Vec3 deep = {side * kDepth, 0, 0};
  paint_net(canvas, view, {back, -kHalf, 0}, width, up, 36, 12);
  paint_net(canvas, view, near_post + up, width, deep, 36, 9);
  paint_net(canvas, view, near_post + width, deep, up, 9, 12);
  paint_net(canvas, view, near_post, deep, up, 9, 12);
  const Pixel white = yuv(235, 236, 235) * splat(static_cast<float>(std::min(1.0, look.ambient + 0.3)));
  paint_pole(canvas, view, near_post + width, near_post + width + up, kPost, white, 1);
  paint_pole(canvas, view, near_post + up, near_post + up + width, kPost, white, 1);
  paint_pole(canvas, view, near_post, near_post + up, kPost, white, 1);
}

}  // namespace

void cover_markings(Canvas& canvas, const View& view, const match::PitchModel& pitch) {
  for (const auto& line : pitch.markings()) {
    for (std::size_t i = 1; i < line.size(); ++i) cover_line(canvas, view, line[i - 1], line[i], kHalfLine_m);
  }
  const double x = pitch.length_m() / 2;
  const double y = pitch.width_m() / 2;
  for (const double spot : {-x + 11, 0.0, x - 11}) {
    cover_line(canvas, view, {spot - 0.5 * kSpot_m, 0}, {spot + 0.5 * kSpot_m, 0}, kSpot_m);
  }
  constexpr int kArcPieces = 6;
  for (int corner = 0; corner < 4; ++corner) {
    const double sx = corner % 2 == 0 ? -1 : 1;
    const double sy = corner < 2 ? -1 : 1;
    for (int i = 0; i < kArcPieces; ++i) {
      const auto at = [&](int k) {
        const double turns = 0.25 * k / kArcPieces;
        return PitchPoint{sx * (x - kCornerArc_m * cos_turns(turns)), sy * (y - kCornerArc_m * sin_turns(turns))};
      };
      cover_line(canvas, view, at(i), at(i + 1), kHalfLine_m);
    }
  }
}

void finish_ground(Canvas& canvas, const Look& look, double smear_px) {
  const float white = static_cast<float>(222 / look.grass[0]);
  const Pixel paint = {white, 0.1F * white, 0.1F * white, 0};
  const auto cover = static_cast<float>(look.line_cover);
  const int taps = std::clamp(static_cast<int>(std::abs(smear_px) + 0.5), 1, 16);
  std::vector<Pixel> smeared(static_cast<std::size_t>(canvas.width));
  for (int y = 0; y < canvas.height; ++y) {
    Pixel* row = canvas.row(y);
    for (int x = 0; x < canvas.width; ++x) {
      const float share = cover * row[x][3];
      if (share > 0) row[x] = row[x] * splat(1 - share) + row[x] * paint * splat(share);
      row[x][3] = 0;
    }
    if (taps < 2) continue;
    const auto at = [&](int x) { return row[std::clamp(x, 0, canvas.width - 1)]; };
    Pixel sum{};
    for (int k = 0; k < taps; ++k) sum += at(k - taps / 2);
    for (int x = 0; x < canvas.width; ++x) {
      smeared[static_cast<std::size_t>(x)] = sum * splat(1.0F / static_cast<float>(taps));
      sum += at(x + 1 + (taps - 1) - taps / 2) - at(x - taps / 2);
    }
    std::copy(smeared.begin(), smeared.end(), row);
  }
}

void paint_goals(Canvas& canvas, const View& view, const match::PitchModel& pitch, const Look& look) {
  const double x = pitch.length_m() / 2;
  const double y = pitch.width_m() / 2;
  for (const double side : {-1.0, 1.0}) {
    if (side * view.place_m().x <= x) paint_goal(canvas, view, side * x, side, look);
  }
  for (int corner = 0; corner < 4; ++corner) {
    const Vec3 foot = {corner % 2 == 0 ? -x : x, corner < 2 ? -y : y, 0};
    paint_pole(canvas, view, foot, foot + Vec3{0, 0, 1.5}, 0.025, yuv(225, 222, 200), 1);
    paint_pole(canvas, view, foot + Vec3{0.2, 0, 1.05}, foot + Vec3{0.2, 0, 1.48}, 0.2, yuv(226, 120, 40), 1);
  }
}

void paint_goal_before(Canvas& canvas, const View& view, const match::PitchModel& pitch, const Look& look) {
  const double x = pitch.length_m() / 2;
  for (const double side : {-1.0, 1.0}) {
    if (side * view.place_m().x > x) paint_goal(canvas, view, side * x, side, look);
  }
}

}  // namespace touchline::synth
