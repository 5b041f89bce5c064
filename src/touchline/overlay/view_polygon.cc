#include "touchline/overlay/view_polygon.h"

#include "touchline/geometry/mat3.h"

namespace touchline::overlay {
namespace {

using geometry::ImagePoint;
using geometry::PitchPoint;

constexpr int kStepsPerSide = 6;  ///< the radial term bends the picture's border

}  // namespace

/// Keeps what has line · p ≥ 0 (Sutherland and Hodgman), before the division: so the horizon does no harm.
void ViewPolygon::clip(const Homogeneous& line) {
  const auto side = [&](const Homogeneous& p) { return line[0] * p[0] + line[1] * p[1] + line[2] * p[2]; };
  scratch_.clear();
  for (std::size_t i = 0; i < corners_.size(); ++i) {
    const Homogeneous& p = corners_[i];
    const Homogeneous& q = corners_[(i + 1) % corners_.size()];
    const double sp = side(p);
    const double sq = side(q);
    if (sp >= 0) scratch_.push_back(p);
    if ((sp >= 0) == (sq >= 0)) continue;
    const double t = sp / (sp - sq);
    scratch_.push_back({p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1]), p[2] + t * (q[2] - p[2])});
  }
  corners_.swap(scratch_);
}

std::span<const PitchPoint> ViewPolygon::of(const geometry::PitchCamera& camera, int width_px, int height_px,
                                            const match::PitchModel& pitch, double margin_m) {
  const double w = width_px;
  const double h = height_px;
  const std::array<ImagePoint, 4> corners = {{{0, 0}, {w, 0}, {w, h}, {0, h}}};
  corners_.clear();
  for (std::size_t side = 0; side < corners.size(); ++side) {
    const ImagePoint a = corners[side];
    const ImagePoint b = corners[(side + 1) % corners.size()];
    for (int i = 0; i < kStepsPerSide; ++i) {
      const double t = static_cast<double>(i) / kStepsPerSide;
      const ImagePoint p = camera.undistorted({a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)});
      corners_.push_back(geometry::apply(camera.pitch_from_image_matrix(), p.x, p.y));
    }
  }
  const double x = pitch.length_m() / 2 + margin_m;
  const double y = pitch.width_m() / 2 + margin_m;
  for (const Homogeneous& line : {Homogeneous{0, 0, 1}, {1, 0, x}, {-1, 0, x}, {0, 1, y}, {0, -1, y}}) clip(line);
  polygon_m_.clear();
  for (const Homogeneous& p : corners_) {
    if (p[2] > 0) polygon_m_.push_back({p[0] / p[2], p[1] / p[2]});
  }
  if (polygon_m_.size() < 3) polygon_m_.clear();
  return polygon_m_;
}

}  // namespace touchline::overlay
