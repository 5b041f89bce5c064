#include "touchline/media/ffmpeg/decoder.h"

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"

namespace touchline::media {
namespace {

// Twice 8K. A few damaged bytes may claim any size; decoders would allocate it many times over.
constexpr std::int64_t kMaxPixels = 2 * 7680 * 4320;

}  // namespace

Decoder::Decoder(const AVCodecParameters& parameters, AVRational time_base, int threads) {
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (codec == nullptr) {
    base::fail(base::ErrorCode::kUnsupported, "this FFmpeg cannot decode {}; convert the video to H.264 first",
               avcodec_get_name(parameters.codec_id));
  }
  context_ = make_codec_context(codec);
  int result = avcodec_parameters_to_context(context_.get(), &parameters);
  context_->pkt_timebase = time_base;
  context_->thread_count = threads;
  context_->max_pixels = kMaxPixels;
  if (result >= 0) result = avcodec_open2(context_.get(), codec, nullptr);
  if (result < 0) {
    base::fail(base::ErrorCode::kBadInput, "cannot start decoding {}: {}; the file is damaged or of a rare kind",
               avcodec_get_name(parameters.codec_id), av_text(result));
  }
}

bool Decoder::send(const AVPacket* packet) {
  const int result = avcodec_send_packet(context_.get(), packet);
  return result >= 0 || result == AVERROR_EOF;
}

Decoder::Outcome Decoder::receive(AVFrame& frame) {
  const int result = avcodec_receive_frame(context_.get(), &frame);
  if (result >= 0) return Outcome::kFrame;
  if (result == AVERROR(EAGAIN)) return Outcome::kNeedsPacket;
  return result == AVERROR_EOF ? Outcome::kEnd : Outcome::kDamaged;
}

bool is_damaged(const AVFrame& frame) {
  return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
}

}  // namespace touchline::media
