#pragma once

#include <array>
#include <memory>
#include <span>

#include "touchline/image/frame.h"

namespace touchline::image {

enum class ChannelOrder { kRgb, kBgr };

/// What a network expects of its pixels. A channel c in [0, 1] is written as (c − mean) / deviation · full_scale.
struct TensorFormat {
  ChannelOrder order = ChannelOrder::kRgb;
  float full_scale = 1;                        ///< value of full white before mean and deviation: 1, or 255; > 0
  std::array<float, 3> mean = {0, 0, 0};       ///< of the channels in [0, 1], in the order written
  std::array<float, 3> deviation = {1, 1, 1};  ///< of the channels in [0, 1], in the order written; > 0
  float rest = 0;                              ///< gray level in [0, 1] of what the picture does not cover
  friend bool operator==(const TensorFormat&, const TensorFormat&) = default;

  /// Throws Error(kInvalidArgument) when a field is outside its range.
  void check() const;
};

/// Where a picture lies in the tensor: top left, `width_px` × `height_px` cells, the rest is not picture.
/// tensor = picture · scale on each axis, both with the corner of the first pixel at (0, 0).
struct LetterboxPlacement {
  int width_px = 0;
  int height_px = 0;
  double scale_x = 1;
  double scale_y = 1;
};

/// Scale min(W/w, H/h), extent rounded to whole cells (at least 1), scale_x = extent / w exactly.
/// Throws Error(kInvalidArgument) unless all sizes are at least 1.
LetterboxPlacement letterbox_placement(int picture_width, int picture_height, int tensor_width, int tensor_height);

/// Turns 4:2:0 pictures into a network's input.
///
/// I420 (BT.601 or BT.709, limited or full range; each chroma sample covers its 2×2 luma samples) → RGB → resize to the
/// placement above (half-pixel centres; area average when shrinking, bilinear when enlarging, a copy at scale 1)
/// → clamp to [0, 1] → TensorFormat → planes of float. Resizing happens before the clamp, which only colours outside
/// RGB can notice.
///
/// Weights are worked out once per picture size and kept: after the first picture of a size nothing is allocated.
/// Not thread-safe: one Letterbox per thread.
class Letterbox {
 public:
  /// Throws Error(kInvalidArgument) unless 1 ≤ sizes ≤ 16384 and format.check() passes.
  Letterbox(int tensor_width, int tensor_height, const TensorFormat& format);
  ~Letterbox();
  Letterbox(Letterbox&&) noexcept;
  Letterbox& operator=(Letterbox&&) noexcept;

  /// tensor   [3 × H × W] out, host: planes in the format's order, rows without gaps
  /// picture  any size ≥ 1 × 1
  /// Throws Error(kInvalidArgument) when the tensor's length is not 3·H·W.
  LetterboxPlacement write(std::span<float> tensor, const ConstI420View& picture);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One picture, without keeping anything: Letterbox(W, H, format).write(tensor, picture). Thread-safe.
LetterboxPlacement letterbox_to_tensor(std::span<float> tensor, const ConstI420View& picture, int tensor_width,
                                       int tensor_height, const TensorFormat& format = {});

}  // namespace touchline::image
