#include "touchline/media/ffmpeg/muxer.h"

#include <unistd.h>

#include <new>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"

namespace touchline::media {
namespace {

constexpr std::int64_t kFragment_us = 1'000'000;
constexpr std::int64_t kIndexBytes = 16 * 1024;
constexpr std::int64_t kIndexBytesPerSample = 48;  // sizes, times, order and place of one packet, at their longest

}  // namespace

Muxer::Muxer(const std::string& path, Layout layout) : path_(path), layout_(layout) {
  route_av_log();
  AVFormatContext* context = nullptr;
  if (avformat_alloc_output_context2(&context, nullptr, "mp4", nullptr) < 0) throw std::bad_alloc();
  context_.reset(context);
  const int result = avio_open(&context->pb, ("file:" + path).c_str(), AVIO_FLAG_WRITE);
  if (result < 0) {
    base::fail(base::ErrorCode::kIo, "cannot write {}: {}; choose another place or check its permissions", path,
               av_text(result));
  }
  context->flags |= AVFMT_FLAG_FLUSH_PACKETS;
}

bool Muxer::holds(AVCodecID codec) const {
  return avformat_query_codec(context_->oformat, codec, FF_COMPLIANCE_NORMAL) == 1;
}

int Muxer::add_stream(const AVCodecParameters& parameters, AVRational time_base) {
  AVStream* stream = avformat_new_stream(context_.get(), nullptr);
  if (stream == nullptr || avcodec_parameters_copy(stream->codecpar, &parameters) < 0) throw std::bad_alloc();
  stream->codecpar->codec_tag = 0;
  stream->time_base = time_base;
  return stream->index;
}

void Muxer::start(std::int64_t samples) {
  Dictionary dictionary;
  if (layout_ == Layout::kFragments) {
    dictionary.set("movflags", "frag_keyframe+delay_moov+default_base_moof+write_colr");
    dictionary.set("frag_duration", kFragment_us);
  } else {
    dictionary.set("movflags", "write_colr");
    dictionary.set("moov_size", kIndexBytes + kIndexBytesPerSample * samples);
  }
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    const AVStream* stream = context_->streams[i];
    if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO) {
      dictionary.set("video_track_timescale", static_cast<std::int64_t>(stream->time_base.den));
    }
  }
  require(avformat_write_header(context_.get(), dictionary.get()));
}

void Muxer::write(AVPacket& packet, int stream, AVRational time_base) {
  packet.stream_index = stream;
  packet.pos = -1;
  av_packet_rescale_ts(&packet, time_base, context_->streams[stream]->time_base);
  require(av_interleaved_write_frame(context_.get(), &packet));
}

void Muxer::finish() {
  if (!context_) return;
  require(av_write_trailer(context_.get()));
  const int result = avio_closep(&context_->pb);
  require(result);
  context_.reset();
}

void Muxer::require(int result) {
  const AVIOContext* io = context_->pb;
  if (result >= 0 && io != nullptr && io->error < 0) result = io->error;
  if (result >= 0) {
    if (io != nullptr) sound_bytes_ = avio_tell(context_->pb);
    return;
  }
  context_.reset();
  // A torn fragment at the end makes some players refuse the whole file.
  const bool plays = layout_ == Layout::kFragments && sound_bytes_ > 0 && truncate(path_.c_str(), sound_bytes_) == 0;
  base::fail(base::ErrorCode::kIo, "cannot write {}: {}; free some space or choose another place{}", path_,
             av_text(result), plays ? " (what was written until then plays)" : "");
}

}  // namespace touchline::media
