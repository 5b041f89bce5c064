#include "touchline/media/ffmpeg/audio_source.h"

#include "touchline/base/error.h"

namespace touchline::media {
namespace {

const std::string& require_readable_twice(const std::string& input) {
  const bool again = kind_of(input) == InputKind::kFile || input.starts_with("http");
  if (!again)
    base::fail(base::ErrorCode::kUnsupported, "{} can be read only once", input == "-" ? "standard input" : input);
  return input;
}

// AAC from streams carries a header in each packet; MP4 wants it once. The muxer's own conversion does not work with
// fragments in FFmpeg 5.1.
UniqueFilter headers_moved(const AVStream& stream) {
  if (stream.codecpar->codec_id != AV_CODEC_ID_AAC || stream.codecpar->extradata_size > 0) return nullptr;
  AVBSFContext* filter = nullptr;
  if (av_bsf_alloc(av_bsf_get_by_name("aac_adtstoasc"), &filter) < 0) throw std::bad_alloc();
  UniqueFilter owned(filter);
  filter->time_base_in = stream.time_base;
  if (avcodec_parameters_copy(filter->par_in, stream.codecpar) < 0 || av_bsf_init(filter) < 0) throw std::bad_alloc();
  return owned;
}

}  // namespace

AudioSource::AudioSource(const std::string& input)
    : demuxer_(require_readable_twice(input), AVMEDIA_TYPE_AUDIO, {}),
      filter_(headers_moved(demuxer_.stream())),
      packet_(make_packet()) {}

AVPacket* AudioSource::front() {
  while (!filled_ && !ended_) {
    const auto outcome = demuxer_.read(*packet_);
    ended_ = outcome == Demuxer::Outcome::kEnd || outcome == Demuxer::Outcome::kStopped;
    if (outcome == Demuxer::Outcome::kPacket) filled_ = fill();
  }
  return filled_ ? packet_.get() : nullptr;
}

bool AudioSource::fill() {
  const bool filtered = !filter_ || (av_bsf_send_packet(filter_.get(), packet_.get()) >= 0 &&
                                     av_bsf_receive_packet(filter_.get(), packet_.get()) >= 0);
  if (filtered && packet_->pts != AV_NOPTS_VALUE && packet_->dts != AV_NOPTS_VALUE) return true;
  av_packet_unref(packet_.get());
  return false;
}

double AudioSource::front_s() {
  return static_cast<double>(packet_->pts) * av_q2d(demuxer_.stream().time_base);
}

void AudioSource::pop() {
  av_packet_unref(packet_.get());
  filled_ = false;
}

}  // namespace touchline::media
