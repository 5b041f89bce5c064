#pragma once

#include <memory>
#include <string>

#include "touchline/media/ffmpeg/demuxer.h"

namespace touchline::media {

/// The compressed sound of an input, read beside its pictures through a second opening. Not thread-safe.
class AudioSource {
 public:
  /// Throws Error when the input cannot be opened a second time or has no sound.
  explicit AudioSource(const std::string& input);

  const AVStream& stream() const { return demuxer_.stream(); }

  /// The packet that comes next, null at the end. It stays until pop().
  AVPacket* front();
  /// Its time in seconds.
  double front_s();
  void pop();

 private:
  bool fill();

  Demuxer demuxer_;
  UniqueFilter filter_;  // null where packets are taken as they are
  UniquePacket packet_;
  bool filled_ = false;
  bool ended_ = false;
};

}  // namespace touchline::media
