#include "touchline/image/letterbox.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::image {
namespace {

constexpr int kMaxTensorSide = 16384;

/// How each cell of one axis is made of samples: cell x = Σ_k weight[k·cells + x] · sample[index[k·cells + x]].
/// Cells with fewer taps than `taps` are filled up with weight 0.
struct Axis {
  int cells = 0;
  int taps = 0;
  std::vector<std::int32_t> index;
  std::vector<float> weight;
  bool is_copy = false;    ///< cell x = sample x
  bool is_halved = false;  ///< cell x = mean of samples 2x and 2x + 1
};

struct Tap {
  int index;
  double weight;
};
using TapLists = std::vector<std::vector<Tap>>;

TapLists area_taps(int samples, int cells) {
  const double step = static_cast<double>(samples) / cells;
  TapLists lists(static_cast<std::size_t>(cells));
  for (int x = 0; x < cells; ++x) {
    const double begin = x * step;
    const double end = std::min<double>((x + 1) * step, samples);
    for (int i = static_cast<int>(begin); i < samples && i < end; ++i) {
      const double covered = std::min(end, i + 1.0) - std::max<double>(begin, i);
      if (covered > 1e-6) lists[static_cast<std::size_t>(x)].push_back({i, covered / (end - begin)});
    }
  }
  return lists;
}

TapLists bilinear_taps(int samples, int cells) {
  const double step = static_cast<double>(samples) / cells;
  TapLists lists(static_cast<std::size_t>(cells));
  for (int x = 0; x < cells; ++x) {
    const double center = std::clamp((x + 0.5) * step - 0.5, 0.0, samples - 1.0);
    const int i = std::min(static_cast<int>(center), samples - 1);
    const double fraction = center - i;
    auto& list = lists[static_cast<std::size_t>(x)];
    list.push_back({i, 1 - fraction});
    if (fraction > 0) list.push_back({i + 1, fraction});
  }
  return lists;
}

/// The same cells made of samples that cover two each: a chroma sample stands for both of its luma samples.
TapLists on_chroma(TapLists lists) {
  for (auto& list : lists) {
    std::vector<Tap> merged;
    for (const Tap& tap : list) {
      if (!merged.empty() && merged.back().index == tap.index / 2) {
        merged.back().weight += tap.weight;
      } else {
        merged.push_back({tap.index / 2, tap.weight});
      }
    }
    list = std::move(merged);
  }
  return lists;
}

bool every_cell_is_the_mean_of_two(const TapLists& lists) {
  for (std::size_t x = 0; x < lists.size(); ++x) {
    const auto& list = lists[x];
    if (list.size() != 2 || list[0].index != static_cast<int>(2 * x) || std::abs(list[0].weight - 0.5) > 1e-6) {
      return false;
    }
  }
  return true;
}

bool every_cell_is_its_sample(const TapLists& lists) {
  for (std::size_t x = 0; x < lists.size(); ++x) {
    if (lists[x].size() != 1 || lists[x][0].index != static_cast<int>(x)) return false;
  }
  return true;
}

Axis axis_of(const TapLists& lists) {
  Axis axis;
  axis.cells = static_cast<int>(lists.size());
  for (const auto& list : lists) axis.taps = std::max(axis.taps, static_cast<int>(list.size()));
  axis.index.resize(lists.size() * static_cast<std::size_t>(axis.taps));
  axis.weight.resize(axis.index.size());
  for (std::size_t x = 0; x < lists.size(); ++x) {
    for (std::size_t k = 0; k < static_cast<std::size_t>(axis.taps); ++k) {
      const bool used = k < lists[x].size();
      axis.index[k * lists.size() + x] = lists[x][used ? k : 0].index;
      axis.weight[k * lists.size() + x] = used ? static_cast<float>(lists[x][k].weight) : 0.0F;
    }
  }
  axis.is_copy = every_cell_is_its_sample(lists);
  axis.is_halved = every_cell_is_the_mean_of_two(lists);
  return axis;
}

/// Luma and chroma taps of one axis of a picture.
struct AxisPair {
  Axis luma;
  Axis chroma;
};

AxisPair make_axis(int samples, int cells, bool shrinks) {
  const TapLists lists = shrinks ? area_taps(samples, cells) : bilinear_taps(samples, cells);
  return {axis_of(lists), axis_of(on_chroma(lists))};
}

/// buffer[0, width) = Σ_k weight_k · row_k of the plane, for cell y of the vertical axis.
void blend_rows(float* __restrict buffer, const ConstPlane& plane, const Axis& axis, int y) {
  const auto cells = static_cast<std::size_t>(axis.cells);
  const auto cell = static_cast<std::size_t>(y);
  for (std::size_t k = 0; k < static_cast<std::size_t>(axis.taps); ++k) {
    const float weight = axis.weight[k * cells + cell];
    const std::uint8_t* __restrict row = plane.row(axis.index[k * cells + cell]);
    if (k == 0) {
      for (int x = 0; x < plane.width; ++x) buffer[x] = weight * static_cast<float>(row[x]);
    } else if (weight != 0) {
      for (int x = 0; x < plane.width; ++x) buffer[x] += weight * static_cast<float>(row[x]);
    }
  }
}

void gather_columns(float* __restrict cells, const float* __restrict samples, const Axis& axis) {
  const int count = axis.cells;
  const std::int32_t* __restrict index = axis.index.data();
  const float* __restrict weight = axis.weight.data();
  for (int x = 0; x < count; ++x) cells[x] = weight[x] * samples[index[x]];
  for (int k = 1; k < axis.taps; ++k) {
    index += count;
    weight += count;
    for (int x = 0; x < count; ++x) cells[x] += weight[x] * samples[index[x]];
  }
}

/// One row of cells from one row of samples. Returns where the result lies: in `cells`, or in `samples` for a copy.
const float* resample_row(float* __restrict cells, const float* __restrict samples, const Axis& axis) {
  if (axis.is_copy) return samples;
  if (axis.is_halved) {
    for (int x = 0; x < axis.cells; ++x) cells[x] = 0.5F * (samples[2 * x] + samples[2 * x + 1]);
  } else {
    gather_columns(cells, samples, axis);
  }
  return cells;
}

/// R = luma·Y + offset_r + r_from_v·V and so on, for Y, U, V as stored (0..255), R, G, B in [0, 1].
struct YuvToRgb {
  float luma;
  float offset[3];
  float from_u[3];
  float from_v[3];
};

YuvToRgb yuv_to_rgb(const ColorSpace& color) {
  const bool is_601 = color.matrix == ColorMatrix::kBt601;
  const double kr = is_601 ? 0.299 : 0.2126;
  const double kb = is_601 ? 0.114 : 0.0722;
  const double kg = 1 - kr - kb;
  const bool full = color.range == ColorRange::kFull;
  const double luma = full ? 1.0 / 255 : 1.0 / 219;
  const double chroma = full ? 2.0 / 255 : 2.0 / 224;
  const double black = full ? 0 : 16;
  const double u[3] = {0, -chroma * (1 - kb) * kb / kg, chroma * (1 - kb)};
  const double v[3] = {chroma * (1 - kr), -chroma * (1 - kr) * kr / kg, 0};
  YuvToRgb matrix{};
  matrix.luma = static_cast<float>(luma);
  for (int c = 0; c < 3; ++c) {
    matrix.from_u[c] = static_cast<float>(u[c]);
    matrix.from_v[c] = static_cast<float>(v[c]);
    matrix.offset[c] = static_cast<float>(-luma * black - 128 * (u[c] + v[c]));
  }
  return matrix;
}

/// The chroma part of one channel, for a row of chroma cells.
void chroma_part(float* __restrict part, const float* __restrict u, const float* __restrict v, int count, float from_u,
                 float from_v, float offset) {
  for (int x = 0; x < count; ++x) part[x] = offset + from_u * u[x] + from_v * v[x];
}

void write_channel(float* __restrict out, const float* __restrict luma, const float* __restrict part, int count,
                   float luma_scale, float scale, float shift) {
  for (int x = 0; x < count; ++x) {
    const float value = std::min(std::max(luma_scale * luma[x] + part[x], 0.0F), 1.0F);
    out[x] = value * scale + shift;
  }
}

void double_columns(float* __restrict cells, const float* __restrict samples, int count) {
  for (int x = 0; x < count / 2; ++x) {
    cells[2 * x] = samples[x];
    cells[2 * x + 1] = samples[x];
  }
  if (count % 2 != 0) cells[count - 1] = samples[count / 2];
}

}  // namespace

void TensorFormat::check() const {
  TOUCHLINE_REQUIRE(full_scale > 0, "a tensor's full scale must be above 0, not {}", full_scale);
  TOUCHLINE_REQUIRE(rest >= 0 && rest <= 1, "a tensor's rest must lie in [0, 1], not {}", rest);
  for (const float d : deviation) TOUCHLINE_REQUIRE(d > 0, "a tensor's deviation must be above 0, not {}", d);
}

LetterboxPlacement letterbox_placement(int picture_width, int picture_height, int tensor_width, int tensor_height) {
  TOUCHLINE_REQUIRE(picture_width >= 1 && picture_height >= 1 && tensor_width >= 1 && tensor_height >= 1,
                    "a letterbox needs sizes of at least 1, not {}x{} in {}x{}", picture_width, picture_height,
                    tensor_width, tensor_height);
  const double scale =
      std::min(static_cast<double>(tensor_width) / picture_width, static_cast<double>(tensor_height) / picture_height);
  LetterboxPlacement placement;
  placement.width_px = std::clamp(static_cast<int>(std::lround(picture_width * scale)), 1, tensor_width);
  placement.height_px = std::clamp(static_cast<int>(std::lround(picture_height * scale)), 1, tensor_height);
  placement.scale_x = static_cast<double>(placement.width_px) / picture_width;
  placement.scale_y = static_cast<double>(placement.height_px) / picture_height;
  return placement;
}

struct Letterbox::State {
  int tensor_width;
  int tensor_height;
  TensorFormat format;
  float scale[3];
  float shift[3];

  int picture_width = 0;
  int picture_height = 0;
  LetterboxPlacement placement;
  AxisPair columns;
  AxisPair rows;
  std::vector<float> blended;  ///< one row of samples of the picture's width
  std::vector<float> luma;     ///< one row of cells, as the following
  std::vector<float> u;
  std::vector<float> v;
  std::vector<float> part[3];

  State(int width, int height, const TensorFormat& f) : tensor_width(width), tensor_height(height), format(f) {
    for (std::size_t c = 0; c < 3; ++c) {
      scale[c] = format.full_scale / format.deviation[c];
      shift[c] = -format.mean[c] * scale[c];
    }
  }

  void plan(int width, int height) {
    if (width == picture_width && height == picture_height) return;
    placement = letterbox_placement(width, height, tensor_width, tensor_height);
    const bool shrinks = placement.width_px < width || placement.height_px < height;
    columns = make_axis(width, placement.width_px, shrinks);
    rows = make_axis(height, placement.height_px, shrinks);
    const auto samples = static_cast<std::size_t>(std::max(width, placement.width_px)) + 1;
    for (auto* row : {&blended, &luma, &u, &v, &part[0], &part[1], &part[2]}) row->resize(samples);
    picture_width = width;
    picture_height = height;
  }

  /// part[c] = what the chroma planes add to channel c, for row y of cells.
  void make_chroma_row(const ConstI420View& picture, const YuvToRgb& matrix, int y) {
    const int chroma_width = picture.u.width;
    if (columns.luma.is_copy) {
      blend_rows(u.data(), picture.u, rows.chroma, y);
      blend_rows(v.data(), picture.v, rows.chroma, y);
      for (int c = 0; c < 3; ++c) {
        chroma_part(blended.data(), u.data(), v.data(), chroma_width, matrix.from_u[c], matrix.from_v[c],
                    matrix.offset[c]);
        double_columns(part[c].data(), blended.data(), placement.width_px);
      }
      return;
    }
    blend_rows(blended.data(), picture.u, rows.chroma, y);
    const float* row_u = resample_row(u.data(), blended.data(), columns.chroma);
    if (row_u == blended.data()) {
      u.swap(blended);
      row_u = u.data();
    }
    blend_rows(blended.data(), picture.v, rows.chroma, y);
    const float* row_v = resample_row(v.data(), blended.data(), columns.chroma);
    for (int c = 0; c < 3; ++c) {
      chroma_part(part[c].data(), row_u, row_v, placement.width_px, matrix.from_u[c], matrix.from_v[c],
                  matrix.offset[c]);
    }
  }

  bool same_chroma_as_row_above(int y) const { return rows.luma.is_copy && y % 2 == 1; }

  void write_rest(float* plane, float value) const {
    for (int y = 0; y < placement.height_px; ++y) {
      float* row = plane + static_cast<std::ptrdiff_t>(y) * tensor_width;
      std::fill(row + placement.width_px, row + tensor_width, value);
    }
    std::fill(plane + static_cast<std::ptrdiff_t>(placement.height_px) * tensor_width,
              plane + static_cast<std::ptrdiff_t>(tensor_height) * tensor_width, value);
  }
};

Letterbox::Letterbox(int tensor_width, int tensor_height, const TensorFormat& format) {
  TOUCHLINE_REQUIRE(
      tensor_width >= 1 && tensor_height >= 1 && tensor_width <= kMaxTensorSide && tensor_height <= kMaxTensorSide,
      "a tensor of {}x{} cells is outside 1..{}", tensor_width, tensor_height, kMaxTensorSide);
  format.check();
  state_ = std::make_unique<State>(tensor_width, tensor_height, format);
}

Letterbox::~Letterbox() = default;
Letterbox::Letterbox(Letterbox&&) noexcept = default;
Letterbox& Letterbox::operator=(Letterbox&&) noexcept = default;

LetterboxPlacement Letterbox::write(std::span<float> tensor, const ConstI420View& picture) {
  State& s = *state_;
  const std::size_t plane = static_cast<std::size_t>(s.tensor_width) * static_cast<std::size_t>(s.tensor_height);
  TOUCHLINE_REQUIRE(tensor.size() == 3 * plane, "a tensor of {} floats is not 3x{}x{}", tensor.size(), s.tensor_height,
                    s.tensor_width);
  s.plan(picture.width(), picture.height());
  const YuvToRgb matrix = yuv_to_rgb(picture.color);
  for (int y = 0; y < s.placement.height_px; ++y) {
    if (!s.same_chroma_as_row_above(y)) s.make_chroma_row(picture, matrix, y);
    blend_rows(s.blended.data(), picture.y, s.rows.luma, y);
    const float* luma = resample_row(s.luma.data(), s.blended.data(), s.columns.luma);
    float* row = tensor.data() + static_cast<std::ptrdiff_t>(y) * s.tensor_width;
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t source = s.format.order == ChannelOrder::kRgb ? c : 2 - c;
      write_channel(row + c * plane, luma, s.part[source].data(), s.placement.width_px, matrix.luma, s.scale[c],
                    s.shift[c]);
    }
  }
  for (std::size_t c = 0; c < 3; ++c) {
    s.write_rest(tensor.data() + c * plane, s.format.rest * s.scale[c] + s.shift[c]);
  }
  return s.placement;
}

LetterboxPlacement letterbox_to_tensor(std::span<float> tensor, const ConstI420View& picture, int tensor_width,
                                       int tensor_height, const TensorFormat& format) {
  return Letterbox(tensor_width, tensor_height, format).write(tensor, picture);
}

}  // namespace touchline::image
