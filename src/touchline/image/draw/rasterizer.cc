#include "touchline/image/draw/rasterizer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace touchline::image::draw {
namespace {

using geometry::ImagePoint;

// Note [Accumulation]: each edge writes, per row it crosses, by how much coverage changes from one pixel to the next;
// a running sum over the row is then the exact area. (The method of Raph Levien's font-rs.) Blocks of a row that no
// edge touched have constant coverage and are filled, not summed.
constexpr int kBlock = 8;

constexpr int even(int n) {
  return (n + 1) & ~1;
}

/// Running sum over one block, in two halves that do not wait for each other; clears it. Returns the sum at its end.
float sum_block(std::uint8_t* bytes, float* slopes, float sum, float scale) {
  constexpr int kHalf = kBlock / 2;
  float sums[kBlock];
  float left = 0;
  float right = 0;
  for (int i = 0; i < kHalf; ++i) {
    sums[i] = left += slopes[i];
    sums[kHalf + i] = right += slopes[kHalf + i];
  }
  for (int i = 0; i < kHalf; ++i) sums[i] += sum;
  for (int i = kHalf; i < kBlock; ++i) sums[i] += sum + left;
  for (int i = 0; i < kBlock; ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<int>(std::min(std::abs(sums[i]), 1.0F) * scale + 0.5F));
    slopes[i] = 0;
  }
  return sums[kBlock - 1];
}

}  // namespace

bool Rasterizer::place(const Path& path, int width_px, int height_px) {
  double left = width_px;
  double top = height_px;
  double right = 0;
  double bottom = 0;
  for (const ImagePoint& p : path.points()) {
    if (!std::isfinite(p.x) || !std::isfinite(p.y)) return false;
    left = std::min(left, p.x);
    top = std::min(top, p.y);
    right = std::max(right, p.x);
    bottom = std::max(bottom, p.y);
  }
  const int x0 = static_cast<int>(std::floor(std::clamp<double>(left, 0, width_px))) & ~1;
  const int y0 = static_cast<int>(std::floor(std::clamp<double>(top, 0, height_px))) & ~1;
  coverage_.x0 = x0;
  coverage_.y0 = y0;
  const int x1 = static_cast<int>(std::ceil(std::clamp<double>(right, 0, width_px)));
  const int y1 = static_cast<int>(std::ceil(std::clamp<double>(bottom, 0, height_px)));
  coverage_.width = std::min(even(x1), width_px) - x0;
  coverage_.height = std::min(even(y1), height_px) - y0;
  return !coverage_.empty();
}

const Coverage& Rasterizer::cover(const Path& path, double opacity, int width_px, int height_px) {
  coverage_ = {};
  if (path.points().empty() || !place(path, width_px, height_px)) {
    coverage_ = {};
    return coverage_;
  }
  const int blocks = (coverage_.width + kBlock - 1) / kBlock;
  const int rows = even(coverage_.height);
  coverage_.stride = static_cast<std::ptrdiff_t>(blocks) * kBlock;
  slope_stride_ = coverage_.stride + 2;
  block_stride_ = blocks + 1;
  bytes_.resize(std::max(bytes_.size(), static_cast<std::size_t>(coverage_.stride * rows)));
  slopes_.resize(std::max(slopes_.size(), static_cast<std::size_t>(slope_stride_ * rows)), 0.0F);
  touched_.assign(static_cast<std::size_t>(block_stride_ * rows), 0);
  spans_.assign(static_cast<std::size_t>(rows / 2), {});
  coverage_.data = bytes_.data();
  coverage_.spans = spans_.data();

  const auto points = path.points();
  const auto starts = path.starts();
  for (std::size_t c = 0; c < starts.size(); ++c) {
    const std::size_t end = c + 1 < starts.size() ? starts[c + 1] : points.size();
    for (std::size_t i = starts[c]; i < end; ++i) add_edge(points[i], points[i + 1 < end ? i + 1 : starts[c]]);
  }
  const auto scale = static_cast<float>(255 * std::clamp(opacity, 0.0, 1.0));
  for (int y = 0; y < coverage_.height; ++y) sum_row(y, scale);
  finish_pairs();
  return coverage_;
}

void Rasterizer::add_edge(ImagePoint from, ImagePoint to) {
  if (from.y == to.y) return;
  const float sign = from.y < to.y ? 1.0F : -1.0F;
  if (sign < 0) std::swap(from, to);
  const ImagePoint a{from.x - coverage_.x0, from.y - coverage_.y0};
  const ImagePoint b{to.x - coverage_.x0, to.y - coverage_.y0};
  const double width = coverage_.width;
  const double height = coverage_.height;
  if (a.y >= height || b.y <= 0 || std::min(a.x, b.x) >= width) return;
  if (std::min(a.x, b.x) >= 0 && std::max(a.x, b.x) <= width && a.y >= 0 && b.y <= height) {
    return add_edge_inside(a.x, a.y, b.x, b.y, sign);
  }
  add_edge_cut(a, b, sign);
}

/// Cuts an edge, from top to bottom, at the rectangle's borders: what lies left of it still counts at its first column,
/// what lies right of it covers nothing inside.
void Rasterizer::add_edge_cut(ImagePoint from, ImagePoint to, float sign) {
  const double width = coverage_.width;
  const double dx_dy = (to.x - from.x) / (to.y - from.y);
  const double top = std::max(from.y, 0.0);
  const double bottom = std::min<double>(to.y, coverage_.height);
  const auto x_at = [&](double y) { return from.x + (y - from.y) * dx_dy; };
  const double low = std::min(x_at(top), x_at(bottom));
  const double high = std::max(x_at(top), x_at(bottom));
  std::array<double, 4> cuts{top, bottom, bottom, bottom};
  int count = 1;
  for (const double border : dx_dy > 0 ? std::array{0.0, width} : std::array{width, 0.0}) {
    if (low < border && border < high) {
      const double y = from.y + (border - from.x) / dx_dy;
      cuts[count] = std::clamp(y, cuts[count - 1], bottom);
      ++count;
    }
  }
  for (int i = 0; i < count; ++i) {
    const double x_middle = x_at(0.5 * (cuts[i] + cuts[i + 1]));
    if (x_middle >= width) continue;
    const bool inside = x_middle > 0;
    add_edge_inside(inside ? std::clamp(x_at(cuts[i]), 0.0, width) : 0.0, cuts[i],
                    inside ? std::clamp(x_at(cuts[i + 1]), 0.0, width) : 0.0, cuts[i + 1], sign);
  }
}

/// From top to bottom, row by row; all of it lies inside the rectangle.
void Rasterizer::add_edge_inside(double x0, double y0, double x1, double y1, float sign) {
  if (y0 >= y1) return;
  const double dx_dy = (x1 - x0) / (y1 - y0);
  const double width = coverage_.width;
  const int last = std::min(static_cast<int>(std::ceil(y1)), coverage_.height);
  double x = x0;
  for (int row = static_cast<int>(y0); row < last; ++row) {
    const double step = std::min<double>(row + 1, y1) - std::max<double>(row, y0);
    const double next = std::clamp(x + dx_dy * step, 0.0, width);
    add_row(row, static_cast<float>(std::min(x, next)), static_cast<float>(std::max(x, next)),
            static_cast<float>(step) * sign);
    x = next;
  }
}

/// One row's share of an edge from x0 to x1 ≥ x0 over a signed height.
void Rasterizer::add_row(int y, float x0, float x1, float height) {
  float* row = slopes_.data() + y * slope_stride_;
  const float first_edge = std::floor(x0);
  const int first = static_cast<int>(first_edge);
  const int end = static_cast<int>(std::ceil(x1));
  std::uint8_t* touched = touched_.data() + y * block_stride_;
  for (int block = first / kBlock; block <= std::max(end, first + 1) / kBlock; ++block) touched[block] = 1;
  if (end <= first + 1) {  // within one pixel
    const float right_share = 0.5F * (x0 + x1) - first_edge;
    row[first] += height * (1 - right_share);
    row[first + 1] += height * right_share;
    return;
  }
  const float per_px = 1 / (x1 - x0);
  const float into_first = 1 - (x0 - first_edge);
  const float into_last = x1 - static_cast<float>(end - 1);
  const float first_area = 0.5F * per_px * into_first * into_first;
  const float last_area = 0.5F * per_px * into_last * into_last;
  row[first] += height * first_area;
  if (end == first + 2) {
    row[first + 1] += height * (1 - first_area - last_area);
  } else {
    const float second_area = per_px * (into_first + 0.5F);
    row[first + 1] += height * (second_area - first_area);
    for (int x = first + 2; x < end - 1; ++x) row[x] += height * per_px;
    const float before_last = second_area + static_cast<float>(end - first - 3) * per_px;
    row[end - 1] += height * (1 - before_last - last_area);
  }
  row[end] += height * last_area;
}

/// Sums one row's slopes into bytes and leaves them 0; notes which columns may be covered.
void Rasterizer::sum_row(int y, float scale) {
  float* slopes = slopes_.data() + y * slope_stride_;
  std::uint8_t* bytes = bytes_.data() + y * coverage_.stride;
  const std::uint8_t* touched = touched_.data() + y * block_stride_;
  const int blocks = static_cast<int>(coverage_.stride / kBlock);
  int first = blocks;
  int last = -1;
  float sum = 0;
  for (int block = 0; block < blocks;) {
    int end = block + 1;
    if (touched[block]) {
      sum = sum_block(bytes + block * kBlock, slopes + block * kBlock, sum, scale);
    } else {
      const void* next = std::memchr(touched + end, 1, static_cast<std::size_t>(blocks - end));
      end = next == nullptr ? blocks : static_cast<int>(static_cast<const std::uint8_t*>(next) - touched);
      const auto value = static_cast<std::uint8_t>(std::min(std::abs(sum), 1.0F) * scale + 0.5F);
      std::memset(bytes + block * kBlock, value, static_cast<std::size_t>((end - block) * kBlock));
      if (value == 0) {
        block = end;
        continue;
      }
    }
    first = std::min(first, block);
    last = end;
    block = end;
  }
  slopes[coverage_.stride] = 0;  // an edge on the right border writes up to two columns past it
  slopes[coverage_.stride + 1] = 0;
  if (last < 0) return;
  Coverage::Span& span = spans_[static_cast<std::size_t>(y / 2)];
  if (span.last == span.first) span = {coverage_.width, 0};
  span.first = std::min(span.first, first * kBlock);
  span.last = std::max(span.last, std::min(last * kBlock, even(coverage_.width)));
}

/// Repeats the last column and row of an odd rectangle, so that chroma means are over what exists.
void Rasterizer::finish_pairs() {
  const int width = coverage_.width;
  const int height = coverage_.height;
  if (width % 2 != 0) {
    for (int y = 0; y < height; ++y) {
      std::uint8_t* row = bytes_.data() + y * coverage_.stride;
      row[width] = row[width - 1];
    }
  }
  if (height % 2 != 0) {
    std::uint8_t* last = bytes_.data() + (height - 1) * coverage_.stride;
    std::memcpy(last + coverage_.stride, last, static_cast<std::size_t>(coverage_.stride));
  }
}

}  // namespace touchline::image::draw
