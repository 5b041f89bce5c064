#include "touchline/media/testing/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"
#include "touchline/media/ffmpeg/handles.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

// Read by LeakSanitizer: libx265 forgets some of its own memory, which is none of ours.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libx265";
}

namespace touchline::media::testing {
namespace {

constexpr int kSampleRate = 48000;

void require(int result, const char* what) {
  if (result < 0) throw std::runtime_error(std::string(what) + ": " + av_text(result));
}

void fill(Dictionary& dictionary, const std::map<std::string, std::string>& options) {
  for (const auto& [key, value] : options) dictionary.set(key.c_str(), value.c_str());
}

void paint_component(AVFrame& frame, const AVPixFmtDescriptor& format, int component, const FixtureOptions& options,
                     int index) {
  const AVComponentDescriptor& layout = format.comp[component];
  const bool chroma = component == 1 || component == 2;
  const int shift_x = chroma ? format.log2_chroma_w : 0;
  const int shift_y = chroma ? format.log2_chroma_h : 0;
  const int width = AV_CEIL_RSHIFT(options.width, shift_x);
  const int height = AV_CEIL_RSHIFT(options.height, shift_y);
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = frame.data[layout.plane] + y * frame.linesize[layout.plane] + layout.offset;
    for (int x = 0; x < width; ++x) {
      const Ycbcr color =
          options.paint ? options.paint(x << shift_x, y << shift_y, index) : Ycbcr{luma_of(index), 128, 128};
      const int value = component == 0 ? color.y : component == 1 ? color.cb : component == 2 ? color.cr : 255;
      if (layout.depth == 8) {
        row[x * layout.step] = static_cast<std::uint8_t>(value);
      } else {
        *reinterpret_cast<std::uint16_t*>(row + x * layout.step) =
            static_cast<std::uint16_t>(value << (layout.depth - 8 + layout.shift));
      }
    }
  }
}

void set_rotation(AVStream& stream, std::int32_t degrees) {
  constexpr std::size_t kBytes = 9 * sizeof(std::int32_t);
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  AVPacketSideData* side_data = av_packet_side_data_new(
      &stream.codecpar->coded_side_data, &stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX, kBytes, 0);
  std::uint8_t* matrix = side_data->data;
#else
  std::uint8_t* matrix = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, kBytes);
#endif
  av_display_rotation_set(reinterpret_cast<std::int32_t*>(matrix), degrees);
}

// Writes one stream after the other: fixtures are short.
class FixtureWriter {
 public:
  FixtureWriter(const std::string& path, const FixtureOptions& options) : options_(options), packet_(make_packet()) {
    AVFormatContext* context = nullptr;
    require(avformat_alloc_output_context2(&context, nullptr, nullptr, path.c_str()), "container");
    context_.reset(context);
    require(avio_open(&context->pb, path.c_str(), AVIO_FLAG_WRITE), "file");
  }

  void write() {
    if (options_.video) open_video();
    if (!options_.sound.empty()) open_sound();
    Dictionary dictionary;
    fill(dictionary, options_.muxer_options);
    require(avformat_write_header(context_.get(), dictionary.get()), "header");
    if (options_.video) write_pictures();
    if (!options_.sound.empty()) write_sound();
    require(av_write_trailer(context_.get()), "trailer");
  }

 private:
  void open_video() {
    const AVCodec* codec = avcodec_find_encoder_by_name(options_.encoder.c_str());
    video_ = make_codec_context(codec);
    video_->width = options_.width;
    video_->height = options_.height;
    video_->pix_fmt = av_get_pix_fmt(options_.pixel_format.c_str());
    video_->time_base = options_.ticks.empty() ? AVRational{1, options_.frame_rate} : AVRational{1, 1000};
    video_->framerate = {options_.frame_rate, 1};
    video_->color_range = options_.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (!options_.matrix.empty()) {
      video_->colorspace = static_cast<AVColorSpace>(av_color_space_from_name(options_.matrix.c_str()));
    }
    if ((context_->oformat->flags & AVFMT_GLOBALHEADER) != 0) video_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    video_->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
    Dictionary dictionary;
    fill(dictionary, options_.encoder_options);
    require(avcodec_open2(video_.get(), codec, dictionary.get()), "encoder");
    AVStream* stream = add_stream(*video_);
    stream->avg_frame_rate = video_->framerate;
    if (options_.rotate_clockwise) set_rotation(*stream, *options_.rotate_clockwise);
  }

  void open_sound() {
    const AVCodec* codec = avcodec_find_encoder_by_name(options_.sound.c_str());
    sound_ = make_codec_context(codec);
    sound_->sample_rate = kSampleRate;
    sound_->sample_fmt = codec->sample_fmts[0];
    av_channel_layout_default(&sound_->ch_layout, 1);
    sound_->time_base = {1, kSampleRate};
    if ((context_->oformat->flags & AVFMT_GLOBALHEADER) != 0) sound_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    require(avcodec_open2(sound_.get(), codec, nullptr), "sound encoder");
    add_stream(*sound_);
  }

  AVStream* add_stream(const AVCodecContext& encoder) {
    AVStream* stream = avformat_new_stream(context_.get(), nullptr);
    require(avcodec_parameters_from_context(stream->codecpar, &encoder), "parameters");
    stream->time_base = encoder.time_base;
    return stream;
  }

  void write_pictures() {
    const auto& format = *av_pix_fmt_desc_get(video_->pix_fmt);
    for (int i = 0; i < options_.frames; ++i) {
      const UniqueFrame frame = make_frame();
      frame->format = video_->pix_fmt;
      frame->width = options_.width;
      frame->height = options_.height;
      frame->color_range = video_->color_range;
      frame->colorspace = video_->colorspace;
      require(av_frame_get_buffer(frame.get(), 0), "frame");
      for (int c = 0; c < format.nb_components; ++c) paint_component(*frame, format, c, options_, i);
      frame->pts = options_.ticks.empty() ? options_.first_tick + i : options_.ticks[static_cast<std::size_t>(i)];
      encode(*video_, frame.get(), 0);
    }
    encode(*video_, nullptr, 0);
  }

  void write_sound() {
    const int size = sound_->frame_size > 0 ? sound_->frame_size : 1024;
    const int blocks = kSampleRate / size * options_.frames / options_.frame_rate;
    for (int i = 0; i < blocks; ++i) {
      const UniqueFrame frame = make_frame();
      frame->format = sound_->sample_fmt;
      frame->nb_samples = size;
      frame->sample_rate = kSampleRate;
      require(av_channel_layout_copy(&frame->ch_layout, &sound_->ch_layout), "layout");
      require(av_frame_get_buffer(frame.get(), 0), "sound frame");
      std::fill(frame->data[0], frame->data[0] + frame->linesize[0], std::uint8_t{0});
      frame->pts = static_cast<std::int64_t>(i) * size;
      encode(*sound_, frame.get(), options_.video ? 1 : 0);
    }
    encode(*sound_, nullptr, options_.video ? 1 : 0);
  }

  void encode(AVCodecContext& encoder, const AVFrame* frame, int stream) {
    require(avcodec_send_frame(&encoder, frame), "send");
    while (avcodec_receive_packet(&encoder, packet_.get()) >= 0) {
      packet_->stream_index = stream;
      if (packet_->duration == 0 && stream == 0 && options_.ticks.empty()) packet_->duration = 1;
      av_packet_rescale_ts(packet_.get(), encoder.time_base, context_->streams[stream]->time_base);
      require(av_interleaved_write_frame(context_.get(), packet_.get()), "write");
    }
  }

  const FixtureOptions& options_;
  UniqueOutput context_;
  UniqueCodecContext video_;
  UniqueCodecContext sound_;
  UniquePacket packet_;
};

}  // namespace

bool make_video(const std::string& path, const FixtureOptions& options) {
  route_av_log();
  setenv("SVT_LOG", "0", 1);  // SVT-AV1 writes to standard error otherwise
  if (options.video && avcodec_find_encoder_by_name(options.encoder.c_str()) == nullptr) return false;
  if (!options.sound.empty() && avcodec_find_encoder_by_name(options.sound.c_str()) == nullptr) return false;
  FixtureWriter(path, options).write();
  return true;
}

std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

image::Frame plain_frame(image::FramePool& pool, int width, int height, Ycbcr color, double pts_s,
                         const image::ColorSpace& space) {
  auto frame = pool.take(width, height, space);
  const auto fill_plane = [](const image::Plane& plane, int value) {
    for (int y = 0; y < plane.height; ++y) {
      std::fill(plane.row(y), plane.row(y) + plane.width, static_cast<std::uint8_t>(value));
    }
  };
  fill_plane(frame.view().y, color.y);
  fill_plane(frame.view().u, color.cb);
  fill_plane(frame.view().v, color.cr);
  return std::move(frame).finish(pts_s, 0);
}

}  // namespace touchline::media::testing
