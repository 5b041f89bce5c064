#include "touchline/media/capabilities.h"

#include <fmt/format.h>

#include <set>

#include "touchline/media/ffmpeg/handles.h"

namespace touchline::media {
namespace {

bool has_decoder(AVCodecID id) {
  return avcodec_find_decoder(id) != nullptr;
}

std::set<std::string> input_protocols() {
  std::set<std::string> names;
  void* state = nullptr;
  while (const char* name = avio_enum_protocols(&state, 0)) names.insert(name);
  if (av_find_input_format("rtsp") != nullptr) names.insert("rtsp");
  return names;
}

}  // namespace

Capabilities capabilities() {
  Capabilities found;
  const unsigned version = avcodec_version();
  found.version = fmt::format("libavcodec {}.{}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version),
                              AV_VERSION_MICRO(version));
  found.h264_encoder = avcodec_find_encoder_by_name("libx264") != nullptr;
  for (const auto& [name, id] : {std::pair{"h264", AV_CODEC_ID_H264},
                                 {"hevc", AV_CODEC_ID_HEVC},
                                 {"vp9", AV_CODEC_ID_VP9},
                                 {"av1", AV_CODEC_ID_AV1},
                                 {"mpeg4", AV_CODEC_ID_MPEG4},
                                 {"mjpeg", AV_CODEC_ID_MJPEG}}) {
    (has_decoder(id) ? found.decoders : found.missing_decoders).emplace_back(name);
  }
  const auto protocols = input_protocols();
  for (const char* name : {"file", "pipe", "http", "https", "rtsp", "udp"}) {
    if (protocols.contains(name)) found.protocols.emplace_back(name);
  }
  return found;
}

}  // namespace touchline::media
