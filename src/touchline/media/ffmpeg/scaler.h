#pragma once

#include <optional>

#include "touchline/image/frame.h"
#include "touchline/media/ffmpeg/handles.h"

namespace touchline::media {

/// Changes size and pixel format into 8-bit 4:2:0 with swscale; keeps its tables while the shapes stay the same.
/// Not thread-safe.
class Scaler {
 public:
  /// Fills `target`, whose colour says what comes out. `matrix` (an SWS_CS_ number) and `range` describe `source`.
  /// Throws Error(kUnsupported) for a pixel format that swscale cannot read.
  void scale(const image::I420View& target, const AVFrame& source, int matrix, image::ColorRange range);

 private:
  struct Shape {
    int width, height, format, target_width, target_height, matrix;
    image::ColorRange range;
    image::ColorSpace color;
    friend bool operator==(const Shape&, const Shape&) = default;
  };
  void prepare(const Shape& shape);

  std::optional<Shape> shape_;
  UniqueScaler context_;
};

}  // namespace touchline::media
