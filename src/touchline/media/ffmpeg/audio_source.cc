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

}  // namespace

AudioSource::AudioSource(const std::string& input)
    : demuxer_(require_readable_twice(input), AVMEDIA_TYPE_AUDIO, {}), packet_(make_packet()) {}

AVPacket* AudioSource::front() {
  while (!filled_ && !ended_) {
    switch (demuxer_.read(*packet_)) {
      case Demuxer::Outcome::kPacket:
        filled_ = packet_->pts != AV_NOPTS_VALUE && packet_->dts != AV_NOPTS_VALUE;
        if (!filled_) av_packet_unref(packet_.get());
        break;
      case Demuxer::Outcome::kDamaged:
        break;
      case Demuxer::Outcome::kEnd:
      case Demuxer::Outcome::kStopped:
        ended_ = true;
        break;
    }
  }
  return filled_ ? packet_.get() : nullptr;
}

double AudioSource::front_s() {
  return static_cast<double>(packet_->pts) * av_q2d(demuxer_.stream().time_base);
}

void AudioSource::pop() {
  av_packet_unref(packet_.get());
  filled_ = false;
}

}  // namespace touchline::media
