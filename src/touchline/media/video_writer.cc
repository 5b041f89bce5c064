#include "touchline/media/video_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/base/log.h"
#include "touchline/media/ffmpeg/audio_source.h"
#include "touchline/media/ffmpeg/encoder.h"
#include "touchline/media/ffmpeg/muxer.h"
#include "touchline/media/ffmpeg/plain_mp4.h"

namespace touchline::media {
namespace {

// Note [Fragments, then one index]
// A plain MP4 has one index, known only at the end: a killed run would leave nothing that plays. So the file grows in
// fragments (moov with the first, then moof + mdat, each flushed whole); browsers, VLC, mpv, QuickTime and FFmpeg play
// that at any moment. Editors and some televisions want the plain form, so finish() copies the packets once into a
// plain file beside it and renames that over it: at no moment is there no playable file. Where the disk cannot hold
// both for that moment, the fragmented file stays, which is a complete video as well.

constexpr double kLatestStart_s = 10;
constexpr double kPriming_s = 0.1;  // sound codecs start up to this much before the sound itself
constexpr std::array<std::string_view, 9> kPresets = {"ultrafast", "superfast", "veryfast", "faster",  "fast",
                                                      "medium",    "slow",      "slower",   "veryslow"};

class Mp4Writer final : public VideoWriter {
 public:
  Mp4Writer(const std::string& path, const WriteOptions& options)
      : path_(path), options_(options), muxer_(std::in_place, path, Muxer::Layout::kFragments), packet_(make_packet()) {
    if (!options.audio_from.empty()) open_audio();
  }

  const std::string& audio_note() const override { return audio_note_; }
  std::int64_t frames() const override { return frames_; }

  void write(const image::Frame& frame) override {
    if (!muxer_) return;
    TOUCHLINE_REQUIRE(frames_ == 0 || frame.pts_s > last_pts_s_, "frame times must increase: {} s comes after {} s",
                      frame.pts_s, last_pts_s_);
    guarded([&] {
      if (!encoder_) start(frame);
      last_pts_s_ = frame.pts_s;
      ++frames_;
      last_ticks_ = std::max(last_ticks_ + 1, ticks(frame.pts_s));
      encoder_->send(frame, last_ticks_);
      write_packets();
      copy_audio(frame.pts_s);
    });
  }

  void finish() override {
    if (!muxer_) return;
    if (!encoder_) {
      muxer_.reset();
      std::error_code error;
      std::filesystem::remove(path_, error);
      return;
    }
    guarded([&] {
      encoder_->drain();
      write_packets();
      copy_audio(last_pts_s_ + 1 / options_.frame_rate);
      muxer_->finish();
    });
    muxer_.reset();
    try {
      make_plain(path_, samples_, 1 / options_.frame_rate);
    } catch (const base::Error& error) {
      base::log(base::LogLevel::kInfo, "{} stays a fragmented MP4: {}", path_, error.what());
    }
  }

 private:
  // The first failure closes the file; whatever is called afterwards finds no muxer and does nothing.
  template <typename Action>
  void guarded(Action action) {
    try {
      action();
    } catch (...) {
      muxer_.reset();
      throw;
    }
  }

  void open_audio() {
    try {
      auto audio = std::make_unique<AudioSource>(options_.audio_from);
      const AVCodecID codec = audio->stream().codecpar->codec_id;
      if (!muxer_->holds(codec)) {
        audio_note_ = std::string("sound left out: MP4 cannot hold ") + avcodec_get_name(codec);
      } else if (audio->front() == nullptr) {
        audio_note_ = "sound left out: its stream is empty";
      } else {
        audio_ = std::move(audio);
      }
    } catch (const base::Error& error) {
      audio_note_ = std::string("sound left out: ") + error.what();
    }
  }

  void start(const image::Frame& first) {
    const int width = options_.width > 0 ? options_.width : first.width();
    const int height = options_.height > 0 ? options_.height : first.height();
    encoder_.emplace(width, height, first.picture.color, options_);
    shift_s_ = first.pts_s < 0 || first.pts_s > kLatestStart_s ? -first.pts_s : 0;
    const UniqueParameters parameters = make_parameters();
    if (avcodec_parameters_from_context(parameters.get(), &encoder_->context()) < 0) throw std::bad_alloc();
    muxer_->add_stream(*parameters, encoder_->context().time_base);
    if (audio_) muxer_->add_stream(*audio_->stream().codecpar, audio_->stream().time_base);
    muxer_->start();
  }

  std::int64_t ticks(double pts_s) const { return std::llround((pts_s + shift_s_) * Encoder::kTimescale); }

  std::int64_t frame_ticks() const { return std::llround(Encoder::kTimescale / options_.frame_rate); }

  void write_packets() {
    while (encoder_->receive(*packet_)) {
      packet_->duration = frame_ticks();  // players drop a last frame that lasts no time
      muxer_->write(*packet_, 0, encoder_->context().time_base);
      ++samples_;
    }
  }

  void copy_audio(double until_s) {
    if (!audio_) return;
    while (AVPacket* packet = audio_->front()) {
      if (audio_->front_s() >= until_s) return;
      const AVRational time_base = audio_->stream().time_base;
      const std::int64_t shift = std::llround(shift_s_ / av_q2d(time_base));
      packet->pts += shift;
      packet->dts += shift;
      if (static_cast<double>(packet->pts) * av_q2d(time_base) >= -kPriming_s) {
        muxer_->write(*packet, 1, time_base);
        ++samples_;
      }
      audio_->pop();
    }
  }

  std::string path_;
  WriteOptions options_;
  std::optional<Muxer> muxer_;
  std::optional<Encoder> encoder_;
  std::unique_ptr<AudioSource> audio_;
  std::string audio_note_;
  UniquePacket packet_;
  double shift_s_ = 0;
  double last_pts_s_ = 0;
  std::int64_t last_ticks_ = -1;
  std::int64_t frames_ = 0;
  std::int64_t samples_ = 0;
};

}  // namespace

void WriteOptions::check() const {
  TOUCHLINE_REQUIRE((width == 0) == (height == 0) && width >= 0 && height >= 0 && width <= 16384 && height <= 16384,
                    "a video of {}x{} pixels is outside 1..16384", width, height);
  TOUCHLINE_REQUIRE(frame_rate >= 0.001 && frame_rate <= 1000, "a frame rate of {} is outside 0.001..1000", frame_rate);
  TOUCHLINE_REQUIRE(
      std::find(kPresets.begin(), kPresets.end(), preset) != kPresets.end(),
      "preset '{}' is none of ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow", preset);
  TOUCHLINE_REQUIRE(crf >= 0 && crf <= 51, "a crf of {} is outside 0..51", crf);
  TOUCHLINE_REQUIRE(threads >= 1 && threads <= 64, "encoder threads {} are outside 1..64", threads);
  TOUCHLINE_REQUIRE(key_frame_s >= 0.1 && key_frame_s <= 60, "a key frame distance of {} s is outside 0.1..60",
                    key_frame_s);
}

std::unique_ptr<VideoWriter> VideoWriter::open(const std::string& path, const WriteOptions& options) {
  options.check();
  return std::make_unique<Mp4Writer>(path, options);
}

}  // namespace touchline::media
