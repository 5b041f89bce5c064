#pragma once

#include <string>
#include <vector>

namespace touchline::media {

/// What the FFmpeg libraries of this machine can do, for `touchline doctor`.
struct Capabilities {
  std::string version;                        ///< of libavcodec
  bool h264_encoder = false;                  ///< libx264 is there
  std::vector<std::string> decoders;          ///< of h264, hevc, vp9, av1, mpeg4, mjpeg
  std::vector<std::string> missing_decoders;  ///< the rest of them
  std::vector<std::string> protocols;         ///< of file, pipe, http, https, rtsp, udp
};

/// Thread-safe.
Capabilities capabilities();

}  // namespace touchline::media
