#pragma once

#include "touchline/image/frame.h"
#include "touchline/image/frame_pool.h"
#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/scaler.h"
#include "touchline/media/video_writer.h"

namespace touchline::media {

/// H.264 by libx264. Not thread-safe.
class Encoder {
 public:
  /// Ticks a second of its packets: exact for 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, 119.88 and 120 frames a second.
  static constexpr int kTimescale = 120000;

  /// width, height: of the pictures that will come, odd or even. Throws Error(kUnsupported) without libx264.
  Encoder(int width, int height, const image::ColorSpace& color, const WriteOptions& options);

  /// Parameters of the stream, for a muxer.
  const AVCodecContext& context() const { return *context_; }

  /// Gives a picture; its samples are read before the call returns or kept alive by it. ticks: time in 1/kTimescale s.
  void send(const image::Frame& frame, std::int64_t ticks);
  /// No further picture comes.
  void drain();
  /// Takes the next packet; false when more pictures are needed, or at the end.
  bool receive(AVPacket& packet);

 private:
  image::Frame fit(const image::Frame& frame);

  int width_;
  int height_;
  image::ColorSpace color_;
  UniqueCodecContext context_;
  image::FramePool pool_;
  Scaler scaler_;
};

/// An AVFrame over the samples of `frame`, which it keeps alive.
UniqueFrame lend(const image::Frame& frame);

}  // namespace touchline::media
