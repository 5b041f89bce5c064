#include "touchline/media/stream_reader.h"

#include <cmath>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/decoder.h"
#include "touchline/media/ffmpeg/demuxer.h"
#include "touchline/media/ffmpeg/frame_converter.h"
#include "touchline/media/timeline.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace touchline::media {
namespace {

constexpr double kUnknownFrameRate = 25;

double frame_rate_of(const Demuxer& demuxer) {
  const double rate = demuxer.frame_rate();
  return rate > 0 ? rate : kUnknownFrameRate;
}

double duration_s_of(const Demuxer& demuxer) {
  const AVStream& stream = demuxer.stream();
  if (stream.duration != AV_NOPTS_VALUE) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  const std::int64_t all = demuxer.container().duration;
  return all != AV_NOPTS_VALUE && all > 0 ? static_cast<double>(all) / AV_TIME_BASE : 0;
}

class StreamReader final : public FrameReader {
 public:
  StreamReader(const std::string& input, const ReadOptions& options)
      : stop_(options.stop),
        demuxer_(input, AVMEDIA_TYPE_VIDEO, options),
        decoder_(*demuxer_.stream().codecpar, demuxer_.stream().time_base, options.threads),
        orientation_(orientation_of(demuxer_.stream())),
        timeline_(frame_rate_of(demuxer_)),
        damage_(frame_rate_of(demuxer_)),
        packet_(make_packet()) {
    first_ = decode();
    if (!first_) fail_without_frames(input);
    describe(*first_);
  }

  const SourceInfo& info() const override { return info_; }
  DamageReport damage() const override { return damage_.report(); }

  std::optional<image::Frame> next() override {
    if (stop_.stop_requested()) return std::nullopt;
    if (first_) return std::exchange(first_, std::nullopt);
    return decode();
  }

 private:
  std::optional<image::Frame> decode() {
    UniqueFrame picture = make_frame();
    while (!stopped_) {
      switch (decoder_.receive(*picture)) {
        case Decoder::Outcome::kFrame:
          if (!is_damaged(*picture)) return finish(std::move(picture));
          damage_.lose_frame(time_of(*picture).value_or(timeline_.last_s()));
          av_frame_unref(picture.get());
          break;
        case Decoder::Outcome::kDamaged:
          damage_.lose_packet(timeline_.last_s());
          break;
        case Decoder::Outcome::kNeedsPacket:
          feed();
          break;
        case Decoder::Outcome::kEnd:
          damage_.finish();
          return std::nullopt;
      }
    }
    return std::nullopt;
  }

  void feed() {
    const auto outcome = demuxer_.read(*packet_);
    if (demuxer_.met_damage()) damage_.suspect(timeline_.last_s());
    switch (outcome) {
      case Demuxer::Outcome::kPacket:
        if (!decoder_.send(packet_.get())) damage_.lose_packet(time_of(*packet_).value_or(timeline_.last_s()));
        av_packet_unref(packet_.get());
        break;
      case Demuxer::Outcome::kDamaged:
        damage_.lose_packet(timeline_.last_s());
        break;
      case Demuxer::Outcome::kEnd:
        if (!demuxer_.broke_off().empty()) damage_.end_early(timeline_.last_s(), demuxer_.broke_off());
        decoder_.send(nullptr);
        break;
      case Demuxer::Outcome::kStopped:
        stopped_ = true;
        break;
    }
  }

  image::Frame finish(UniqueFrame picture) {
    const double pts_s = timeline_.next(time_of(*picture));
    damage_.deliver(pts_s);
    const Orientation orientation = orientation_of(*picture, orientation_);
    if (index_ == 0) info_.pixel_format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture->format));
    return converter_.convert(std::move(picture), orientation, pts_s, index_++);
  }

  std::optional<double> seconds(std::int64_t timestamp) const {
    if (timestamp == AV_NOPTS_VALUE) return std::nullopt;
    return static_cast<double>(timestamp) * av_q2d(demuxer_.stream().time_base);
  }
  std::optional<double> time_of(const AVFrame& picture) const { return seconds(picture.best_effort_timestamp); }
  std::optional<double> time_of(const AVPacket& packet) const { return seconds(packet.pts); }

  void describe(const image::Frame& first) {
    const AVStream& stream = demuxer_.stream();
    info_.width = first.width();
    info_.height = first.height();
    info_.frame_rate = frame_rate_of(demuxer_);
    info_.duration_s = duration_s_of(demuxer_);
    info_.frames_estimate = stream.nb_frames > 0 ? stream.nb_frames : std::llround(info_.duration_s * info_.frame_rate);
    info_.codec = avcodec_get_name(stream.codecpar->codec_id);
    info_.has_audio = demuxer_.has_audio();
  }

  [[noreturn]] void fail_without_frames(const std::string& input) const {
    if (stop_.stop_requested()) base::fail(base::ErrorCode::kIo, "stopped before {} gave a picture", input);
    base::fail(base::ErrorCode::kBadInput,
               "{} has a video stream, but not one picture of it can be decoded; it is cut off or damaged",
               input == "-" ? "standard input" : input);
  }

  std::stop_token stop_;
  Demuxer demuxer_;
  Decoder decoder_;
  Orientation orientation_;
  Timeline timeline_;
  DamageCounter damage_;
  FrameConverter converter_;
  UniquePacket packet_;
  SourceInfo info_;
  std::optional<image::Frame> first_;
  std::int64_t index_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<FrameReader> open_stream(const std::string& input, const ReadOptions& options) {
  return std::make_unique<StreamReader>(input, options);
}

}  // namespace touchline::media
