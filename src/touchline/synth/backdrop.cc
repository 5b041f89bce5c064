#include "touchline/synth/backdrop.h"

#include <algorithm>
#include <cmath>

namespace touchline::synth {
namespace {

constexpr int kCell = 8;  // pixels between traced lines of sight; between them surfaces are flat enough

float at_eighth(float a, float b, int eighth) {
  return a + (b - a) * ((static_cast<float>(eighth) + 0.5F) / kCell);
}

}  // namespace

bool Backdrop::meets(const Surface& surface, Vec3 eye, Vec3 ray, double& nearest, Hit& hit) const {
  const Vec3 normal = cross(surface.along, surface.up);
  const double toward = dot(normal, ray);
  if (toward == 0) return false;
  const double t = dot(normal, surface.origin_m - eye) / toward;
  if (t <= 0 || t >= nearest) return false;
  const Vec3 at = eye + t * ray - surface.origin_m;
  const double u = dot(surface.along, at);
  const double v = dot(surface.up, at);
  if (u < 0 || v < 0 || u > surface.width_m || v > surface.height_m) return false;
  nearest = t;
  hit.u = static_cast<float>(u) + surface.texture_u_m;
  hit.v = static_cast<float>(v);
  return true;
}

Backdrop::Hit Backdrop::trace(Vec3 eye, Vec3 ray) const {
  return trace(eye, ray, ~0U);
}

Backdrop::Hit Backdrop::trace(Vec3 eye, Vec3 ray, unsigned candidates) const {
  Hit hit;
  hit.ray = ray;
  double nearest = 1e9;
  const auto& surfaces = stadium_->surfaces();
  for (std::size_t i = 0; i < surfaces.size(); ++i) {
    if ((candidates >> i & 1U) != 0 && meets(surfaces[i], eye, ray, nearest, hit)) hit.surface = static_cast<int>(i);
  }
  return hit;
}

Pixel Backdrop::color(const Hit& hit, int level) const {
  if (hit.surface < 0) return stadium_->roof();
  return stadium_->surfaces()[static_cast<std::size_t>(hit.surface)].texture->sample(hit.u, hit.v, level);
}

void Backdrop::trace_corners(const View& view, int columns, int rows) {
  corners_.resize(static_cast<std::size_t>(columns + 1) * static_cast<std::size_t>(rows + 1));
  for (int j = 0; j <= rows; ++j) {
    for (int i = 0; i <= columns; ++i) {
      const Vec3 ray = view.ray({static_cast<double>(kCell * i), static_cast<double>(kCell * j)});
      corners_[static_cast<std::size_t>(j) * (columns + 1) + i] = trace(view.place_m(), ray);
    }
  }
}

void Backdrop::paint_whole(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom) const {
  const Texture& texture = *stadium_->surfaces()[static_cast<std::size_t>(top->surface)].texture;
  const float across = std::abs(top[1].u - top[0].u) + std::abs(top[1].v - top[0].v);
  const float along = std::abs(bottom->u - top->u) + std::abs(bottom->v - top->v);
  const int level = texture.level_for(std::sqrt(across * along) / kCell);
  const int width = std::min(kCell, canvas.width - x0);
  const int height = std::min(kCell, canvas.height - y0);
  for (int j = 0; j < height; ++j) {
    const float u0 = at_eighth(top[0].u, bottom[0].u, j);
    const float u1 = at_eighth(top[1].u, bottom[1].u, j);
    const float v0 = at_eighth(top[0].v, bottom[0].v, j);
    const float v1 = at_eighth(top[1].v, bottom[1].v, j);
    Pixel* out = canvas.row(y0 + j) + x0;
    for (int i = 0; i < width; ++i) out[i] = texture.sample(at_eighth(u0, u1, i), at_eighth(v0, v1, i), level);
  }
}

void Backdrop::paint_mixed(Canvas& canvas, int x0, int y0, const Hit* top, const Hit* bottom, Vec3 eye) const {
  unsigned candidates = 0b1110;  // boards are thinner than a cell in small pictures
  for (const Hit* hit : {top, top + 1, bottom, bottom + 1}) candidates |= hit->surface < 0 ? 0U : 1U << hit->surface;
  const int width = std::min(kCell, canvas.width - x0);
  const int height = std::min(kCell, canvas.height - y0);
  for (int j = 0; j < height; ++j) {
    Pixel* out = canvas.row(y0 + j) + x0;
    for (int i = 0; i < width; ++i) {
      Pixel sum{};
      for (int part = 0; part < 2; ++part) {
        const double tx = (i + 0.25 + 0.5 * part) / kCell;
        const double ty = (j + 0.25 + 0.5 * part) / kCell;
        const Vec3 ray = mix(mix(top[0].ray, top[1].ray, tx), mix(bottom[0].ray, bottom[1].ray, tx), ty);
        sum += color(trace(eye, ray, candidates), 1);
      }
      out[i] = splat(0.5F) * sum;
    }
  }
}

void Backdrop::paint(Canvas& canvas, const View& view) {
  const int columns = (canvas.width + kCell - 1) / kCell;
  const int rows = (canvas.height + kCell - 1) / kCell;
  trace_corners(view, columns, rows);
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      const Hit* top = &corners_[static_cast<std::size_t>(j) * (columns + 1) + i];
      const Hit* bottom = top + columns + 1;
      const int s = top->surface;
      const bool whole = s >= 0 && top[1].surface == s && bottom[0].surface == s && bottom[1].surface == s;
      if (whole)
        paint_whole(canvas, kCell * i, kCell * j, top, bottom);
      else
        paint_mixed(canvas, kCell * i, kCell * j, top, bottom, view.place_m());
    }
  }
}

}  // namespace touchline::synth
