#include "touchline/teams/kit_feature.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

constexpr int kMaxColumns = 12;  // samples across a shirt at most: larger people are sampled more coarsely
constexpr int kMaxRows = 14;
constexpr int kGrassColumns = 5;  // on either side
constexpr int kGrassRows = 6;
constexpr std::size_t kGrassSamples = 2 * kGrassColumns * kGrassRows;
constexpr float kMinShare = 0.12F;    // of the shirt's samples that must be no grass, or all of it is like grass
constexpr float kOpenShare = 0.5F;    // of a shirt like grass that nobody may hide
constexpr float kGrassyTrust = 0.4F;  // of a shirt like grass: the box may lie beside its person

struct Sample {
  float y = 0;
  float u = 0;
  float v = 0;
};

/// One chroma sample and the mean of its four luma samples; coordinates in chroma samples, clamped to the picture.
Sample sample_at(const image::ConstI420View& picture, int cx, int cy) {
  const int x = 2 * cx;
  const int y = 2 * cy;
  const int x1 = std::min(x + 1, picture.y.width - 1);
  const int y1 = std::min(y + 1, picture.y.height - 1);
  const int sum = picture.y.at(x, y) + picture.y.at(x1, y) + picture.y.at(x, y1) + picture.y.at(x1, y1);
  return {0.25F * static_cast<float>(sum), static_cast<float>(picture.u.at(cx, cy)),
          static_cast<float>(picture.v.at(cx, cy))};
}

/// A rectangle of chroma samples walked in at most `columns` × `rows` steps; empty when it lies outside the picture.
struct Grid {
  int x0 = 0, y0 = 0, columns = 0, rows = 0;
  float step_x = 1, step_y = 1;

  static Grid over(const geometry::BoxPx& area_px, const image::ConstI420View& picture, int max_columns, int max_rows) {
    Grid grid;
    const auto inside = geometry::clipped(area_px, picture.width(), picture.height());
    grid.x0 = static_cast<int>(std::ceil(inside.x0 / 2 - 0.25F));
    grid.y0 = static_cast<int>(std::ceil(inside.y0 / 2 - 0.25F));
    const int width = std::min(static_cast<int>(inside.x1 / 2 + 0.25F), picture.u.width) - grid.x0;
    const int height = std::min(static_cast<int>(inside.y1 / 2 + 0.25F), picture.u.height) - grid.y0;
    if (width <= 0 || height <= 0) return grid;
    grid.columns = std::min(width, max_columns);
    grid.rows = std::min(height, max_rows);
    grid.step_x = static_cast<float>(width) / static_cast<float>(grid.columns);
    grid.step_y = static_cast<float>(height) / static_cast<float>(grid.rows);
    return grid;
  }
  int x(int column) const { return x0 + static_cast<int>((static_cast<float>(column) + 0.5F) * step_x); }
  int y(int row) const { return y0 + static_cast<int>((static_cast<float>(row) + 0.5F) * step_y); }
};

bool covers(const geometry::BoxPx& box, int cx, int cy) {
  const auto x = static_cast<float>(2 * cx + 1);
  const auto y = static_cast<float>(2 * cy + 1);
  return x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1;
}

/// The boxes that hide parts of this one: those that stand nearer to the camera and touch it.
struct InFront {
  std::array<geometry::BoxPx, 8> boxes{};
  std::size_t count = 0;

  InFront(const geometry::BoxPx& box, std::span<const geometry::BoxPx> others) {
    for (const auto& other : others) {
      if (count == boxes.size()) break;
      if (other == box || other.y1 <= box.y1 || geometry::intersection_area(box, other) <= 0) continue;
      boxes[count++] = other;
    }
  }
  bool hides(int cx, int cy) const {
    return std::any_of(boxes.begin(), boxes.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](const auto& box) { return covers(box, cx, cy); });
  }
};

/// Samples of a shirt, those near its middle counting more.
struct Shirt {
  Sample sum;
  float weight = 0;
  int count = 0;

  void add(const Sample& s, float trust) {
    sum = {sum.y + trust * s.y, sum.u + trust * s.u, sum.v + trust * s.v};
    weight += trust;
    ++count;
  }
  std::array<float, 3> lab(const image::ColorSpace& color) const {
    return lab_from_yuv(sum.y / weight, sum.u / weight, sum.v / weight, color);
  }
};

float median(std::array<float, kGrassSamples>& values, std::size_t count) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
  return *middle;
}

/// The colour beside a person's legs, left and right; median, so a neighbour or a line does not matter.
bool local_grass(const image::ConstI420View& picture, const geometry::BoxPx& box, Sample& grass) {
  std::array<float, kGrassSamples> y{};
  std::array<float, kGrassSamples> u{};
  std::array<float, kGrassSamples> v{};
  std::size_t count = 0;
  const float reach = std::max(0.5F * box.width(), 4.0F);
  const float top = box.y0 + 0.55F * box.height();
  for (const bool left : {true, false}) {
    const geometry::BoxPx side = left ? geometry::BoxPx{box.x0 - reach, top, box.x0, box.y1}
                                      : geometry::BoxPx{box.x1, top, box.x1 + reach, box.y1};
    const Grid grid = Grid::over(side, picture, kGrassColumns, kGrassRows);
    for (int row = 0; row < grid.rows; ++row) {
      for (int column = 0; column < grid.columns; ++column) {
        const Sample s = sample_at(picture, grid.x(column), grid.y(row));
        y[count] = s.y;
        u[count] = s.u;
        v[count] = s.v;
        ++count;
      }
    }
  }
  if (count < 4) return false;
  grass = {median(y, count), median(u, count), median(v, count)};
  return true;
}

/// Chroma counts fully, luma half: shadows and stripes of the mower change mostly luma.
float squared_distance(const Sample& a, const Sample& b) {
  const float dy = 0.5F * (a.y - b.y);
  const float du = a.u - b.u;
  const float dv = a.v - b.v;
  return dy * dy + du * du + dv * dv;
}

float linear(float srgb) {
  return srgb <= 0.04045F ? srgb / 12.92F : std::pow((srgb + 0.055F) / 1.055F, 2.4F);
}

float lab_curve(float t) {
  return t > 216.0F / 24389 ? std::cbrt(t) : (24389.0F / 27 * t + 16) / 116;
}

}  // namespace

void KitFeatureOptions::check() const {
  TOUCHLINE_REQUIRE(top >= 0 && top < 1, "top {} is not in [0, 1)", top);
  TOUCHLINE_REQUIRE(bottom > top && bottom <= 1, "bottom {} is not in (top, 1]", bottom);
  TOUCHLINE_REQUIRE(side >= 0 && side < 0.5F, "side {} is not in [0, 0.5)", side);
  TOUCHLINE_REQUIRE(grass_distance > 0 && grass_distance <= 255, "grass_distance {} is not in (0, 255]",
                    grass_distance);
  TOUCHLINE_REQUIRE(full_samples >= 1 && full_samples <= 10000, "full_samples {} is not in [1, 10000]", full_samples);
}

std::array<float, 3> lab_from_yuv(float y, float u, float v, const image::ColorSpace& color) {
  const bool limited = color.range == image::ColorRange::kLimited;
  const float luma = limited ? (y - 16) / 219 : y / 255;
  const float pb = (u - 128) / (limited ? 224.0F : 255.0F);
  const float pr = (v - 128) / (limited ? 224.0F : 255.0F);
  const bool hd = color.matrix == image::ColorMatrix::kBt709;
  const float kr = hd ? 0.2126F : 0.299F;
  const float kb = hd ? 0.0722F : 0.114F;
  const float kg = 1 - kr - kb;
  const float red = luma + 2 * (1 - kr) * pr;
  const float blue = luma + 2 * (1 - kb) * pb;
  const float green = (luma - kr * red - kb * blue) / kg;
  const float r = linear(std::clamp(red, 0.0F, 1.0F));
  const float g = linear(std::clamp(green, 0.0F, 1.0F));
  const float b = linear(std::clamp(blue, 0.0F, 1.0F));
  // sRGB primaries to XYZ over the D65 white point (IEC 61966-2-1).
  const float fx = lab_curve((0.4124564F * r + 0.3575761F * g + 0.1804375F * b) / 0.95047F);
  const float fy = lab_curve(0.2126729F * r + 0.7151522F * g + 0.0721750F * b);
  const float fz = lab_curve((0.0193339F * r + 0.1191920F * g + 0.9503041F * b) / 1.08883F);
  return {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
}

match::KitFeature kit_feature(const image::ConstI420View& picture, const geometry::BoxPx& box_px,
                              std::span<const geometry::BoxPx> others, const KitFeatureOptions& options) {
  options.check();
  const float w = box_px.width();
  const float h = box_px.height();
  const geometry::BoxPx shirt = {box_px.x0 + options.side * w, box_px.y0 + options.top * h,
                                 box_px.x1 - options.side * w, box_px.y0 + options.bottom * h};
  const Grid grid = Grid::over(shirt, picture, kMaxColumns, kMaxRows);
  if (!(w > 0 && h > 0) || grid.columns == 0 || grid.rows == 0) return {};
  const InFront in_front(box_px, others);
  Sample grass;
  const bool has_grass = local_grass(picture, box_px, grass);
  const float near_grass = options.grass_distance * options.grass_distance;
  Shirt odd;   // unlike the grass
  Shirt open;  // all that nobody hides
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const int x = grid.x(column);
      const int y = grid.y(row);
      if (in_front.hides(x, y)) continue;
      const Sample s = sample_at(picture, x, y);
      const float off = (2 * static_cast<float>(column) + 1) / static_cast<float>(grid.columns) - 1;
      const float trust = 1 - 0.7F * off * off;
      open.add(s, trust);
      if (!has_grass || squared_distance(s, grass) >= near_grass) odd.add(s, trust);
    }
  }
  const auto all = static_cast<float>(grid.columns * grid.rows);
  const auto enough = [&](int count) { return std::min(1.0F, static_cast<float>(count) / options.full_samples); };
  const float share = static_cast<float>(odd.count) / all;
  if (share >= kMinShare) return {odd.lab(picture.color), std::min(1.0F, share / 0.6F) * enough(odd.count)};
  if (static_cast<float>(open.count) < kOpenShare * all) return {};
  return {open.lab(picture.color), kGrassyTrust * enough(open.count)};
}

}  // namespace touchline::teams
