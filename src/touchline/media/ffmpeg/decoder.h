#pragma once

#include "touchline/media/ffmpeg/handles.h"

namespace touchline::media {

/// Turns compressed packets into pictures. Not thread-safe; may use threads of its own.
class Decoder {
 public:
  enum class Outcome { kFrame, kNeedsPacket, kDamaged, kEnd };

  /// time_base: of the packets' times. Throws Error(kUnsupported) when this build of libavcodec has no such decoder.
  Decoder(const AVCodecParameters& parameters, AVRational time_base, int threads);

  /// Gives a packet; null ends the stream. False: the packet is damaged and lost. Call receive() until it needs one
  /// first.
  bool send(const AVPacket* packet);

  /// Takes the next picture in presentation order. kDamaged: a picture was lost, call again.
  Outcome receive(AVFrame& frame);

 private:
  UniqueCodecContext context_;
};

/// True when the decoder says that parts of the picture are missing or guessed.
bool is_damaged(const AVFrame& frame);

}  // namespace touchline::media
