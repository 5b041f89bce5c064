#pragma once

// The one header that may include libav*, and the one place that frees what libav* allocates.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <new>

namespace touchline::media {

struct AvDeleter {
  void operator()(AVPacket* p) const noexcept { av_packet_free(&p); }
  void operator()(AVFrame* p) const noexcept { av_frame_free(&p); }
  void operator()(AVCodecContext* p) const noexcept { avcodec_free_context(&p); }
  void operator()(AVCodecParameters* p) const noexcept { avcodec_parameters_free(&p); }
  void operator()(AVBSFContext* p) const noexcept { av_bsf_free(&p); }
  void operator()(SwsContext* p) const noexcept { sws_freeContext(p); }
  void operator()(AVIOContext* p) const noexcept {
    av_freep(&p->buffer);
    avio_context_free(&p);
  }
};

struct InputDeleter {
  void operator()(AVFormatContext* p) const noexcept { avformat_close_input(&p); }
};

struct OutputDeleter {
  void operator()(AVFormatContext* p) const noexcept {
    avio_closep(&p->pb);
    avformat_free_context(p);
  }
};

using UniquePacket = std::unique_ptr<AVPacket, AvDeleter>;
using UniqueFrame = std::unique_ptr<AVFrame, AvDeleter>;
using UniqueCodecContext = std::unique_ptr<AVCodecContext, AvDeleter>;
using UniqueParameters = std::unique_ptr<AVCodecParameters, AvDeleter>;
using UniqueFilter = std::unique_ptr<AVBSFContext, AvDeleter>;
using UniqueScaler = std::unique_ptr<SwsContext, AvDeleter>;
/// An I/O context over a callback of ours; the buffer goes with it.
using UniqueIo = std::unique_ptr<AVIOContext, AvDeleter>;
using UniqueInput = std::unique_ptr<AVFormatContext, InputDeleter>;
/// Closes the file it writes to, without a trailer.
using UniqueOutput = std::unique_ptr<AVFormatContext, OutputDeleter>;

/// An options dictionary. What libav* did not know stays inside.
class Dictionary {
 public:
  Dictionary() = default;
  ~Dictionary() { av_dict_free(&dictionary_); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  void set(const char* key, const char* value) { av_dict_set(&dictionary_, key, value, 0); }
  void set(const char* key, std::int64_t value) { av_dict_set_int(&dictionary_, key, value, 0); }
  AVDictionary** get() { return &dictionary_; }

 private:
  AVDictionary* dictionary_ = nullptr;
};

/// Throws std::bad_alloc instead of returning null.
inline UniquePacket make_packet() {
  UniquePacket packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

inline UniqueFrame make_frame() {
  UniqueFrame frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

inline UniqueParameters make_parameters() {
  UniqueParameters parameters(avcodec_parameters_alloc());
  if (!parameters) throw std::bad_alloc();
  return parameters;
}

inline UniqueCodecContext make_codec_context(const AVCodec* codec) {
  UniqueCodecContext context(avcodec_alloc_context3(codec));
  if (!context) throw std::bad_alloc();
  return context;
}

}  // namespace touchline::media
