#include "touchline/synth/backdrop.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr int kCell = 8;                  // pixels between traced lines of sight; between them surfaces are flat enough
constexpr int kBoardsThinBelow_px = 540;  // picture height; boards may be lower than a cell
constexpr int kEdgeLevel = 1;             // texture level where surfaces meet

float between(float a, float b, int eighth) {
  return a + (b - a) * ((static_cast<float>(eighth) + 0.5F) / kCell);
}

}  // namespace

void Backdrop::face(Vec3 eye) {
  facing_.clear();
  for (const Surface& s : surfaces_) {
    const Vec3 normal = cross(s.along, s.up);
    const Vec3 from_origin = eye - s.origin_m;
    facing_.push_back({normal, -dot(normal, from_origin), dot(s.along, from_origin), dot(s.up, from_origin)});
  }
}

Backdrop::Hit Backdrop::trace(Vec3 ray, std::uint64_t candidates) const {
  Hit hit;
  hit.ray = ray;
  double nearest = 1e9;
  for (std::size_t i = 0; i < surfaces_.size(); ++i) {
    if ((candidates >> i & 1U) == 0) continue;
    const Surface& s = surfaces_[i];
    const Facing& f = facing_[i];
    const double toward = dot(f.normal, ray);
    if (toward == 0) continue;
    const double t = f.distance_m / toward;
    if (t <= 0 || t >= nearest) continue;
    const double u = f.eye_u_m + t * dot(s.along, ray);
    const double v = f.eye_v_m + t * dot(s.up, ray);
    if (u < 0 || v < 0 || u > s.width_m || v > s.height_m) continue;
    nearest = t;
    hit.surface = static_cast<int>(i);
    hit.u = static_cast<float>(u) + s.texture_u_m;
    hit.v = static_cast<float>(v);
  }
  return hit;
}

Pixel Backdrop::color(const Hit& hit) const {
  if (hit.surface < 0) return sky_;
  return surfaces_[static_cast<std::size_t>(hit.surface)].texture->sample(hit.u, hit.v, kEdgeLevel);
}

void Backdrop::trace_corners(const View& view, int columns, int rows) {
  face(view.place_m());
  corners_.resize(static_cast<std::size_t>(columns + 1) * static_cast<std::size_t>(rows + 1));
  for (int j = 0; j <= rows; ++j) {
    for (int i = 0; i <= columns; ++i) {
      const Vec3 ray = view.ray({static_cast<double>(kCell * i), static_cast<double>(kCell * j)});
      corners_[static_cast<std::size_t>(j) * (columns + 1) + i] = trace(ray, ~0ULL);
    }
  }
}

void Backdrop::paint_whole(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const {
  const Texture& texture = *surfaces_[static_cast<std::size_t>(top->surface)].texture;
  const float across = std::abs(top[1].u - top[0].u) + std::abs(top[1].v - top[0].v);
  const float along = std::abs(bottom->u - top->u) + std::abs(bottom->v - top->v);
  const int level = texture.level_for(std::sqrt(across * along) / kCell);
  const int width = std::min(kCell, canvas.width - x0);
  const int height = std::min(kCell, canvas.height - y0);
  for (int j = 0; j < height; ++j) {
    const float u0 = between(top[0].u, bottom[0].u, j);
    const float v0 = between(top[0].v, bottom[0].v, j);
    const float u_step = (between(top[1].u, bottom[1].u, j) - u0) / kCell;
    const float v_step = (between(top[1].v, bottom[1].v, j) - v0) / kCell;
    texture.sample_row(canvas.row(y0 + j) + x0, width, u0 + 0.5F * u_step, v0 + 0.5F * v_step, u_step, v_step, level);
  }
}

void Backdrop::paint_mixed(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const {
  std::uint64_t candidates = canvas.height < kBoardsThinBelow_px ? thin_ : 0;
  for (const Hit* hit : {top, top + 1, bottom, bottom + 1})
    candidates |= hit->surface < 0 ? 0ULL : 1ULL << hit->surface;
  const int width = std::min(kCell, canvas.width - x0);
  const int height = std::min(kCell, canvas.height - y0);
  for (int j = 0; j < height; ++j) {
    Pixel* out = canvas.row(y0 + j) + x0;
    for (int i = 0; i < width; ++i) {
      Pixel sum{};
      for (int part = 0; part < 2; ++part) {
        const double tx = (i + 0.25 + 0.5 * part) / kCell;
        const double ty = (j + 0.25 + 0.5 * part) / kCell;
        sum +=
            color(trace(mix(mix(top[0].ray, top[1].ray, tx), mix(bottom[0].ray, bottom[1].ray, tx), ty), candidates));
      }
      out[i] = splat(0.5F) * sum;
    }
  }
}

void Backdrop::paint(Canvas& canvas, const View& view, std::span<const Surface> surfaces) {
  surfaces_ = surfaces;
  thin_ = 0;
  for (std::size_t i = 0; i < surfaces.size(); ++i) thin_ |= static_cast<std::uint64_t>(surfaces[i].thin) << i;
  const int columns = (canvas.width + kCell - 1) / kCell;
  const int rows = (canvas.height + kCell - 1) / kCell;
  trace_corners(view, columns, rows);
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const Hit* top = &corners_[static_cast<std::size_t>(j) * (columns + 1) + i];
      const Hit* bottom = top + columns + 1;
      const int s = top->surface;
      const bool whole = s >= 0 && top[1].surface == s && bottom[0].surface == s && bottom[1].surface == s;
      if (whole) {
        paint_whole(canvas, kCell * i, kCell * j, top, bottom);
      } else {
        paint_mixed(canvas, kCell * i, kCell * j, top, bottom);
      }
    }
  }
}

}  // namespace touchline::synth
