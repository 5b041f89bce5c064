#pragma once

#include <memory>
#include <string>

#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/stdin_source.h"
#include "touchline/media/ffmpeg/watchdog.h"
#include "touchline/media/read_options.h"

namespace touchline::media {

/// What an input string names.
enum class InputKind { kFile, kStdin, kAddress };

/// "-" is standard input, SCHEME:// with a scheme other than file an address, all else a file.
InputKind kind_of(const std::string& input);

/// Takes one stream of compressed packets out of a file, standard input or an address. Not thread-safe.
class Demuxer {
 public:
  enum class Outcome { kPacket, kDamaged, kEnd, kStopped };

  /// Opens `input` and finds its best stream of `type` (a cover picture of a song is no video). Throws Error with the
  /// sentence for the user: kNotFound (missing, does not answer), kBadInput (no media, no such stream), kIo (stopped).
  Demuxer(const std::string& input, AVMediaType type, const ReadOptions& options);
  Demuxer(const Demuxer&) = delete;
  Demuxer& operator=(const Demuxer&) = delete;

  const AVStream& stream() const { return *stream_; }
  const AVFormatContext& container() const { return *context_; }
  bool has_audio() const;

  /// Frames a second by the container, 0 where it does not say.
  double frame_rate() const;

  /// The stream's next packet into `packet`. kDamaged: something could not be read, try again. After kEnd,
  /// broke_off() says why where the source ended before its end.
  Outcome read(AVPacket& packet);
  /// Whether the last read() met damage on its way, even if it found a packet behind it.
  bool met_damage() const { return met_damage_; }
  const std::string& broke_off() const { return broke_off_; }

 private:
  void open(const std::string& input, const ReadOptions& options);
  void choose_stream(const std::string& input, AVMediaType type);
  Outcome end(int av_error);
  bool is_cut_off() const;
  [[noreturn]] void fail_to_open(const std::string& input, int av_error) const;

  InputKind kind_;
  double timeout_s_;
  Watchdog watchdog_;
  std::unique_ptr<StdinSource> stdin_;  // before context_, which reads from it
  UniqueInput context_;
  AVStream* stream_ = nullptr;
  int failures_in_a_row_ = 0;
  std::int64_t packets_ = 0;
  bool met_damage_ = false;
  std::string broke_off_;
};

}  // namespace touchline::media
