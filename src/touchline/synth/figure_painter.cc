#include "touchline/synth/figure_painter.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "touchline/synth/figure_details.h"

namespace touchline::synth {
namespace {

constexpr int kGrid = 2;             // samples per pixel, instant and direction
constexpr float kBallLight = 0.85F;  // a glossy ball mirrors the bright sky
constexpr float kFar = std::numeric_limits<float>::max();

/// A limb in the picture: two discs and what lies between.
struct Shape {
  float ax, ay, ra, za;
  float bx, by, rb, zb;
  float px_per_m;
};

std::optional<Shape> shape_of(const View& view, const Limb& limb) {
  const auto a = view.project(limb.a_m);
  const auto b = view.project(limb.b_m);
  if (!a || !b) return std::nullopt;
  const auto f = [](double v) { return static_cast<float>(v); };
  return Shape{f(a->point_px.x), f(a->point_px.y), f(limb.radius_a_m * a->px_per_m), f(a->depth_m),
               f(b->point_px.x), f(b->point_px.y), f(limb.radius_b_m * b->px_per_m), f(b->depth_m),
               f(a->px_per_m)};
}

/// Calls hit(column, row, touch) for each sample the shape covers. Sample (i, j) lies at
/// (x0 + (i + shift_x) · step, y0 + (j + shift_y) · step).
template <typename Hit>
void for_each_sample(const Shape& s, float x0, float y0, float step, float shift_x, float shift_y, int columns,
                     int rows, Hit&& hit) {
  const float inv = 1 / step;
  const auto clip = [](float v, int most) { return static_cast<int>(std::clamp(v, 0.0F, static_cast<float>(most))); };
  const int left = clip((std::min(s.ax - s.ra, s.bx - s.rb) - x0) * inv - shift_x, columns);
  const int right = clip((std::max(s.ax + s.ra, s.bx + s.rb) - x0) * inv - shift_x + 1, columns);
  const int top = clip((std::min(s.ay - s.ra, s.by - s.rb) - y0) * inv - shift_y, rows);
  const int bottom = clip((std::max(s.ay + s.ra, s.by + s.rb) - y0) * inv - shift_y + 1, rows);
  const float dx = s.bx - s.ax;
  const float dy = s.by - s.ay;
  const float squared = dx * dx + dy * dy;
  const float per_length = squared > 1e-6F ? 1 / squared : 0;
  for (int j = top; j < bottom; ++j) {
    const float qy = y0 + (static_cast<float>(j) + shift_y) * step - s.ay;
    for (int i = left; i < right; ++i) {
      const float qx = x0 + (static_cast<float>(i) + shift_x) * step - s.ax;
      const float along = std::clamp((qx * dx + qy * dy) * per_length, 0.0F, 1.0F);
      const float radius = s.ra + (s.rb - s.ra) * along;
      const float ox = qx - along * dx;
      const float oy = qy - along * dy;
      const float off = ox * ox + oy * oy;
      if (off >= radius * radius) continue;
      const float per_radius = 1 / radius;
      const float nx = ox * per_radius;
      const float ny = oy * per_radius;
      hit(i, j, Touch{along, nx, ny, std::sqrt(std::max(0.0F, 1 - nx * nx - ny * ny)), radius});
    }
  }
}

/// A direction of space as the picture's right, down and toward the camera.
struct Seen {
  float x, y, z;
  Seen(const View& view, Vec3 v)
      : x(static_cast<float>(dot(view.right(), v))),
        y(static_cast<float>(dot(view.down(), v))),
        z(static_cast<float>(-dot(view.forward(), v))) {}
  float against(const Touch& t) const { return x * t.nx + y * t.ny + z * t.nz; }
};

/// How figures are lit from one camera.
class Shader {
 public:
  Shader(const Look& look, const View& view, const Figure& figure)
      : look_(look),
        figure_(figure),
        kit_(figure.kit),
        up_(view, {0, 0, 1}),
        right_(view, figure.right),
        ahead_(view, figure.ahead) {
    for (const Light& light : look.lights)
      lights_.push_back({Seen(view, light.toward), static_cast<float>(light.strength)});
  }

  Pixel color(const Limb& limb, const Shape& shape, const Touch& touch) const {
    Pixel base = touch.along < limb.seam ? limb.color_a : limb.color_b;
    if (limb.kind == Limb::Kind::kTorso && kit_ != nullptr) base = torso(limb, shape, touch);
    if (limb.kind == Limb::Kind::kBall && panel(touch)) base = limb.color_b;
    if (shape.px_per_m > kDetails_px_per_m)
      base = detailed(base, limb, figure_, skinpoint(limb, shape, touch), shape.px_per_m);
    float light = static_cast<float>(look_.ambient) * (0.82F + 0.18F * up_.against(touch));
    if (limb.kind == Limb::Kind::kBall) light = std::max(light, kBallLight);
    for (const Lamp& lamp : lights_) light += lamp.strength * std::max(0.0F, lamp.toward.against(touch));
    return base * splat(light);
  }

 private:
  struct Lamp {
    Seen toward;
    float strength;
  };

  Pixel torso(const Limb& limb, const Shape& shape, const Touch& touch) const {
    const float side = side_of(limb, shape, touch);
    const float up = touch.along;
    const bool back = ahead_.against(touch) < -0.2F;
    if (back && kit_->pattern != Pattern::kStripes && std::abs(side) < 0.085F && up > 0.42F && up < 0.85F) {
      return std::abs(side) > 0.02F ? kit_->second : kit_->shirt;
    }
    bool second = false;
    switch (kit_->pattern) {
      case Pattern::kPlain:
        break;
      case Pattern::kStripes:
        second = (static_cast<int>((side + 1) / 0.075F) & 1) != 0;
        break;
      case Pattern::kHoops:
        second = (static_cast<int>(up * 6) & 1) != 0;
        break;
      case Pattern::kHalves:
        second = side > 0;
        break;
      case Pattern::kSash:
        second = std::abs(side - 0.4F * (up - 0.5F)) < 0.06F;
        break;
      case Pattern::kYoke:
        second = up > 0.74F;
        break;
    }
    return second ? kit_->second : kit_->shirt;
  }

  Skinpoint skinpoint(const Limb& limb, const Shape& shape, const Touch& touch) const {
    const float radius_m = touch.radius / shape.px_per_m;
    const auto rise_m = static_cast<float>(limb.b_m.z - limb.a_m.z);
    return {touch.along, side_of(limb, shape, touch), touch.along * rise_m + up_.against(touch) * radius_m,
            ahead_.against(touch)};
  }

  float side_of(const Limb& limb, const Shape& shape, const Touch& touch) const {
    return limb.side_a_m + (limb.side_b_m - limb.side_a_m) * touch.along +
           right_.against(touch) * touch.radius / shape.px_per_m;
  }

  bool panel(const Touch& touch) const {
    const float a = ahead_.against(touch);
    const float b = right_.against(touch);
    return std::abs(a) > 0.86F || std::abs(b) > 0.88F;
  }

  const Look& look_;
  const Figure& figure_;
  const Kit* kit_;
  Seen up_;
  Seen right_;
  Seen ahead_;
  std::vector<Lamp> lights_;
};

void grow(geometry::BoxPx& box, const Shape& s) {
  box.x0 = std::min({box.x0, s.ax - s.ra, s.bx - s.rb});
  box.y0 = std::min({box.y0, s.ay - s.ra, s.by - s.rb});
  box.x1 = std::max({box.x1, s.ax + s.ra, s.bx + s.rb});
  box.y1 = std::max({box.y1, s.ay + s.ra, s.by + s.rb});
}

/// Whole pixels that hold a box.
struct Patch {
  int x0, y0, width, height;
};

Patch patch_round(const geometry::BoxPx& box) {
  const int x0 = static_cast<int>(std::floor(box.x0));
  const int y0 = static_cast<int>(std::floor(box.y0));
  return {x0, y0, static_cast<int>(std::ceil(box.x1)) - x0, static_cast<int>(std::ceil(box.y1)) - y0};
}

/// Adds one limb's shadow, 0 … 1 with a soft rim, to a mask of the patch. Discs are ellipses `squash` as high as wide:
/// drawn as discs, row by row, in a picture stretched in height.
void mask_shadow(std::vector<float>& mask, const Patch& patch, Shape s, float squash) {
  constexpr float kSoftRim_px = 0.4F;
  s.ay /= squash;
  s.by /= squash;
  s.ra += kSoftRim_px;
  s.rb += kSoftRim_px;
  for (int j = 0; j < patch.height; ++j) {
    const float y = (static_cast<float>(patch.y0 + j) + 0.5F) / squash;
    float* row = &mask[static_cast<std::size_t>(j) * patch.width];
    for_each_sample(s, static_cast<float>(patch.x0), y - 0.5F, 1, 0.5F, 0.5F, patch.width, 1,
                    [&](int i, int, const Touch& touch) { row[i] = std::max(row[i], std::min(1.0F, 2 * touch.nz)); });
  }
}

}  // namespace

std::optional<geometry::BoxPx> figure_box(const View& view, const Figure& figure) {
  geometry::BoxPx box{kFar, kFar, -kFar, -kFar};
  for (const Limb& limb : figure.limbs) {
    const auto shape = shape_of(view, limb);
    if (!shape) return std::nullopt;
    grow(box, *shape);
  }
  return box;
}

int label_figure(std::vector<std::uint8_t>& map, int width, int height, const View& view, const Figure& figure,
                 std::uint8_t label) {
  const auto box = figure_box(view, figure);
  if (!box) return 0;
  const int x0 = static_cast<int>(std::floor(box->x0));
  const int y0 = static_cast<int>(std::floor(box->y0));
  const int columns = static_cast<int>(std::ceil(box->x1)) - x0;
  const int rows = static_cast<int>(std::ceil(box->y1)) - y0;
  std::vector<std::uint8_t> own(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
  int covered = 0;
  for (const Limb& limb : figure.limbs) {
    const auto shape = shape_of(view, limb);
    for_each_sample(*shape, static_cast<float>(x0), static_cast<float>(y0), 1, 0.5F, 0.5F, columns, rows,
                    [&](int i, int j, const Touch&) {
                      std::uint8_t& seen = own[static_cast<std::size_t>(j) * columns + i];
                      covered += seen == 0;
                      seen = 1;
                      if (x0 + i < 0 || x0 + i >= width || y0 + j < 0 || y0 + j >= height) return;
                      map[static_cast<std::size_t>(y0 + j) * width + (x0 + i)] = label;
                    });
  }
  return covered;
}

void FigurePainter::expose(const Instant& instant, int x0, int y0, int width, int height, int index) {
  const int columns = kGrid * width;
  const int rows = kGrid * height;
  const auto count = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
  samples_.assign(count, {kFar, -1, {}});
  // Each instant has its own place in the sample's square, so together they make a finer grid.
  const float shift_x = 0.25F + 0.5F * static_cast<float>(index & 1);
  const float shift_y = 0.25F + 0.5F * static_cast<float>((index >> 1) & 1);
  std::vector<Shape> shapes;
  const auto& limbs = instant.figure->limbs;
  for (const Limb& limb : limbs) {
    const auto shape = shape_of(*instant.view, limb);
    if (!shape) return;
    const auto part = static_cast<int>(shapes.size());
    shapes.push_back(*shape);
    const float m_per_px = 1 / shape->px_per_m;
    for_each_sample(*shape, static_cast<float>(x0), static_cast<float>(y0), 1.0F / kGrid, shift_x, shift_y, columns,
                    rows, [&](int i, int j, const Touch& touch) {
                      const float bulge = touch.nz * touch.radius * m_per_px;
                      const float depth = shape->za + (shape->zb - shape->za) * touch.along - bulge;
                      Sample& sample = samples_[static_cast<std::size_t>(j) * columns + i];
                      if (depth < sample.depth) sample = {depth, part, touch};
                    });
  }
  const Shader shader(*look_, *instant.view, *instant.figure);
  for (int j = 0; j < rows; ++j) {
    Pixel* sums = &sums_[static_cast<std::size_t>(j / kGrid) * width];
    const Sample* row = &samples_[static_cast<std::size_t>(j) * columns];
    for (int i = 0; i < columns; ++i) {
      if (row[i].limb < 0) continue;
      const auto part = static_cast<std::size_t>(row[i].limb);
      Pixel color = shader.color(limbs[part], shapes[part], row[i].touch);
      color[3] = 1;
      sums[i / kGrid] += color;
    }
  }
}

void FigurePainter::paint(Canvas& canvas, std::span<const Instant> instants) {
  geometry::BoxPx box{kFar, kFar, -kFar, -kFar};
  for (const Instant& instant : instants) {
    const auto one = figure_box(*instant.view, *instant.figure);
    if (!one) return;
    box = {std::min(box.x0, one->x0), std::min(box.y0, one->y0), std::max(box.x1, one->x1), std::max(box.y1, one->y1)};
  }
  box = geometry::clipped(box, canvas.width, canvas.height);
  const int x0 = static_cast<int>(std::floor(box.x0));
  const int y0 = static_cast<int>(std::floor(box.y0));
  const int width = static_cast<int>(std::ceil(box.x1)) - x0;
  const int height = static_cast<int>(std::ceil(box.y1)) - y0;
  if (width <= 0 || height <= 0) return;
  sums_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), splat(0));
  int index = 0;
  for (const Instant& instant : instants) expose(instant, x0, y0, width, height, index++);
  const float share = 1.0F / (kGrid * kGrid * static_cast<float>(instants.size()));
  for (int j = 0; j < height; ++j) {
    Pixel* out = canvas.row(y0 + j) + x0;
    for (int i = 0; i < width; ++i) {
      const Pixel sum = sums_[static_cast<std::size_t>(j) * width + i] * splat(share);
      if (sum[3] > 0) out[i] = out[i] * splat(1 - sum[3]) + sum;
    }
  }
}

void FigurePainter::paint_shadow(Canvas& canvas, const View& view, const Figure& figure) {
  // The camera looks at the grass at a low angle: discs on it are flat ellipses.
  const auto squash = static_cast<float>(std::clamp(dot(view.forward(), {0, 0, -1}), 0.12, 1.0));
  for (const Light& light : look_->lights) {
    const auto cast = [&](Vec3 p) { return p - (p.z / light.toward.z) * light.toward; };
    geometry::BoxPx box{kFar, kFar, -kFar, -kFar};
    std::vector<Shape> shapes;
    for (const Limb& limb : figure.limbs) {
      Limb flat = limb;
      flat.a_m = cast(limb.a_m);
      flat.b_m = cast(limb.b_m);
      const auto shape = shape_of(view, flat);
      if (!shape) return;
      shapes.push_back(*shape);
      grow(box, *shape);
    }
    box = geometry::clipped({box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1}, canvas.width, canvas.height);
    const Patch patch = patch_round(box);
    if (patch.width <= 0 || patch.height <= 0) continue;
    mask_.assign(static_cast<std::size_t>(patch.width) * static_cast<std::size_t>(patch.height), 0);
    for (const Shape& shape : shapes) mask_shadow(mask_, patch, shape, squash);
    const auto shade = static_cast<float>(light.shade);
    for (int j = 0; j < patch.height; ++j) {
      Pixel* out = canvas.row(patch.y0 + j) + patch.x0;
      for (int i = 0; i < patch.width; ++i) {
        const float m = mask_[static_cast<std::size_t>(j) * patch.width + i];
        if (m > 0) out[i] *= splat(1 - shade * m);
      }
    }
  }
}

}  // namespace touchline::synth
