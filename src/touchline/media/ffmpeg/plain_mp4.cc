#include "touchline/media/ffmpeg/plain_mp4.h"

#include <filesystem>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"
#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/muxer.h"

namespace touchline::media {
namespace {

UniqueInput open_again(const std::string& path) {
  AVFormatContext* context = nullptr;
  const int result = avformat_open_input(&context, ("file:" + path).c_str(), nullptr, nullptr);
  if (result < 0) base::fail(base::ErrorCode::kIo, "cannot read {} again: {}", path, av_text(result));
  return UniqueInput(context);
}

void copy_packets(const std::string& from, const std::string& to, std::int64_t samples) {
  const UniqueInput input = open_again(from);
  Muxer muxer(to, Muxer::Layout::kPlain);
  for (unsigned i = 0; i < input->nb_streams; ++i) {
    muxer.add_stream(*input->streams[i]->codecpar, input->streams[i]->time_base);
  }
  muxer.start(samples);
  const UniquePacket packet = make_packet();
  int result = 0;
  while ((result = av_read_frame(input.get(), packet.get())) >= 0) {
    const int stream = packet->stream_index;
    muxer.write(*packet, stream, input->streams[stream]->time_base);
  }
  if (result != AVERROR_EOF) base::fail(base::ErrorCode::kIo, "cannot read {} again: {}", from, av_text(result));
  muxer.finish();
}

}  // namespace

void make_plain(const std::string& path, std::int64_t samples) {
  const std::string plain = path + ".part";
  std::error_code error;
  try {
    copy_packets(path, plain, samples);
  } catch (const base::Error&) {
    std::filesystem::remove(plain, error);
    throw;
  }
  std::filesystem::rename(plain, path, error);
  if (error) base::fail(base::ErrorCode::kIo, "cannot rename {} to {}: {}", plain, path, error.message());
}

}  // namespace touchline::media
