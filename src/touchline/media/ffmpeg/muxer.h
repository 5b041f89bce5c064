#pragma once

#include <cstdint>
#include <string>

#include "touchline/media/ffmpeg/handles.h"

namespace touchline::media {

/// Writes packets into an MP4 file. Not thread-safe. The order: add_stream for each stream, start, write…, finish.
class Muxer {
 public:
  enum class Layout {
    kFragments,  ///< fragments of at most a second: playable at any moment
    kPlain,      ///< one index in front, for which room is kept
  };

  /// Creates the file. Throws Error(kIo) when it cannot.
  Muxer(const std::string& path, Layout layout);

  /// Whether MP4 can hold this codec in this build.
  bool holds(AVCodecID codec) const;

  /// The new stream's number.
  int add_stream(const AVCodecParameters& parameters, AVRational time_base);

  /// samples: how many packets will come at most, for the room of a plain file's index.
  void start(std::int64_t samples = 0);

  /// Takes the packet's content; its times are in `time_base`. Throws Error(kIo) when the disk is full or fails; what
  /// was written until then plays, the file is closed.
  void write(AVPacket& packet, int stream, AVRational time_base);

  /// Writes the end and closes the file. Throws Error(kIo) likewise.
  void finish();

 private:
  void require(int result);

  std::string path_;
  Layout layout_;
  UniqueOutput context_;
  std::int64_t sound_bytes_ = 0;  // the file's length after the last fragment that was written whole
};

}  // namespace touchline::media
