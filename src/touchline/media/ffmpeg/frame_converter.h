#pragma once

#include <cstdint>

#include "touchline/image/frame.h"
#include "touchline/image/frame_pool.h"
#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/scaler.h"
#include "touchline/media/orientation.h"

namespace touchline::media {

/// Makes image::Frame of decoded pictures: 8-bit 4:2:0 as the codec left it is borrowed without a copy, all else is
/// converted. Matrix and range stay the source's; RGB becomes BT.709 limited, BT.2020 becomes BT.709.
///
/// Where the source names no matrix, pictures wider than 1024 or higher than 576 are taken for BT.709, smaller ones for
/// BT.601 (JPEG and WebP always name theirs). Where it names no range, it is limited. Not thread-safe.
class FrameConverter {
 public:
  /// The frame keeps `source` alive. Throws Error(kUnsupported) for pixel formats nobody can convert.
  image::Frame convert(UniqueFrame source, Orientation orientation, double pts_s, std::int64_t index);

 private:
  image::FramePool pool_;
  image::FramePool turned_pool_;
  Scaler scaler_;
};

/// The frame's own display matrix where it has one, else the one of its stream.
Orientation orientation_of(const AVFrame& frame, Orientation of_stream);

/// The display matrix a container gives its stream.
Orientation orientation_of(const AVStream& stream);

}  // namespace touchline::media
