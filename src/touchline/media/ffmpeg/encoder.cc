#include "touchline/media/ffmpeg/encoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"

namespace touchline::media {
namespace {

int even(int length) {
  return length + length % 2;
}

void copy_padded(const image::Plane& target, const image::ConstPlane& source) {
  for (int y = 0; y < target.height; ++y) {
    const std::uint8_t* from = source.row(std::min(y, source.height - 1));
    std::uint8_t* to = target.row(y);
    std::memcpy(to, from, static_cast<std::size_t>(source.width));
    std::fill(to + source.width, to + target.width, from[source.width - 1]);
  }
}

void set_color(AVCodecContext& context, const image::ColorSpace& color) {
  const bool hd = color.matrix == image::ColorMatrix::kBt709;
  context.colorspace = hd ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  context.color_primaries = hd ? AVCOL_PRI_BT709 : AVCOL_PRI_SMPTE170M;
  context.color_trc = hd ? AVCOL_TRC_BT709 : AVCOL_TRC_SMPTE170M;
  context.color_range = color.range == image::ColorRange::kFull ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  context.chroma_sample_location = AVCHROMA_LOC_LEFT;
}

}  // namespace

UniqueFrame lend(const image::Frame& frame) {
  UniqueFrame lent = make_frame();
  const auto& picture = frame.picture;
  lent->format = AV_PIX_FMT_YUV420P;
  lent->width = frame.width();
  lent->height = frame.height();
  const image::ConstPlane* planes[] = {&picture.y, &picture.u, &picture.v};
  for (int i = 0; i < 3; ++i) {
    lent->data[i] = const_cast<std::uint8_t*>(planes[i]->data);
    lent->linesize[i] = static_cast<int>(planes[i]->stride);
  }
  auto keeper = std::make_unique<image::Frame>(frame);
  lent->buf[0] = av_buffer_create(
      lent->data[0], 1,
      [](void* opaque, std::uint8_t*) {
        const std::unique_ptr<image::Frame> owned(static_cast<image::Frame*>(opaque));
      },
      keeper.get(), AV_BUFFER_FLAG_READONLY);
  if (lent->buf[0] == nullptr) throw std::bad_alloc();
  static_cast<void>(keeper.release());  // the buffer owns it now
  return lent;
}

Encoder::Encoder(int width, int height, const image::ColorSpace& color, const WriteOptions& options)
    : width_(even(width)), height_(even(height)), color_(color) {
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  if (codec == nullptr) {
    base::fail(base::ErrorCode::kUnsupported,
               "this FFmpeg was built without libx264; install one that has it, or use --no-video");
  }
  context_ = make_codec_context(codec);
  context_->width = width_;
  context_->height = height_;
  context_->pix_fmt = AV_PIX_FMT_YUV420P;
  context_->time_base = {1, kTimescale};
  context_->framerate = av_d2q(options.frame_rate, kTimescale);
  context_->gop_size = std::max(1, static_cast<int>(std::lround(options.key_frame_s * options.frame_rate)));
  context_->thread_count = options.threads;
  context_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  set_color(*context_, color);
  Dictionary dictionary;
  dictionary.set("preset", options.preset.c_str());
  dictionary.set("crf", std::to_string(options.crf).c_str());
  // B-frames cost a quarter of the encoder's time, and hold back every frame for three; they save a fifth of the file.
  dictionary.set("bf", "0");
  const int result = avcodec_open2(context_.get(), codec, dictionary.get());
  if (result < 0) {
    base::fail(base::ErrorCode::kUnsupported, "libx264 refuses {}x{} at preset {}: {}; choose another size or preset",
               width_, height_, options.preset, av_text(result));
  }
}

image::Frame Encoder::fit(const image::Frame& frame) {
  const bool right_size = even(frame.width()) == width_ && even(frame.height()) == height_;
  const bool padded = frame.width() != width_ || frame.height() != height_;
  if (right_size && !padded && frame.picture.color == color_) return frame;
  auto fitted = pool_.take(width_, height_, color_);
  if (right_size && frame.picture.color == color_) {
    copy_padded(fitted.view().y, frame.picture.y);
    copy_padded(fitted.view().u, frame.picture.u);
    copy_padded(fitted.view().v, frame.picture.v);
  } else {
    const UniqueFrame source = lend(frame);
    const bool hd = frame.picture.color.matrix == image::ColorMatrix::kBt709;
    scaler_.scale(fitted.view(), *source, hd ? SWS_CS_ITU709 : SWS_CS_ITU601, frame.picture.color.range);
  }
  return std::move(fitted).finish(frame.pts_s, frame.index);
}

void Encoder::send(const image::Frame& frame, std::int64_t ticks) {
  const UniqueFrame picture = lend(fit(frame));
  picture->pts = ticks;
  const int result = avcodec_send_frame(context_.get(), picture.get());
  if (result < 0) base::fail(base::ErrorCode::kInternal, "libx264 cannot encode a frame: {}", av_text(result));
}

void Encoder::drain() {
  avcodec_send_frame(context_.get(), nullptr);
}

bool Encoder::receive(AVPacket& packet) {
  const int result = avcodec_receive_packet(context_.get(), &packet);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  if (result < 0) base::fail(base::ErrorCode::kInternal, "libx264 cannot encode a frame: {}", av_text(result));
  return true;
}

}  // namespace touchline::media
