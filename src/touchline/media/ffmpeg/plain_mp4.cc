#include "touchline/media/ffmpeg/plain_mp4.h"

#include <cmath>
#include <filesystem>
#include <optional>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"
#include "touchline/media/ffmpeg/handles.h"
#include "touchline/media/ffmpeg/muxer.h"

namespace touchline::media {
namespace {

// Fragments do not give back how long a packet lasts, and players drop a last one that lasts no time.
class Durations {
 public:
  /// fixed: for every packet; 0 takes the distance to the packet before.
  explicit Durations(std::int64_t fixed) : fixed_(fixed) {}

  void complete(AVPacket& packet) {
    if (packet.duration == 0) packet.duration = fixed_ > 0 || !last_dts_ ? fixed_ : packet.dts - *last_dts_;
    last_dts_ = packet.dts;
  }

 private:
  std::int64_t fixed_;
  std::optional<std::int64_t> last_dts_;
};

UniqueInput open_again(const std::string& path) {
  AVFormatContext* context = nullptr;
  const int result = avformat_open_input(&context, ("file:" + path).c_str(), nullptr, nullptr);
  if (result < 0) base::fail(base::ErrorCode::kIo, "cannot read {} again: {}", path, av_text(result));
  return UniqueInput(context);
}

void copy_packets(const std::string& from, const std::string& to, std::int64_t samples, double frame_s) {
  const UniqueInput input = open_again(from);
  Muxer muxer(to, Muxer::Layout::kPlain);
  std::vector<Durations> durations;
  for (unsigned i = 0; i < input->nb_streams; ++i) {
    const AVStream& stream = *input->streams[i];
    const bool video = stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    durations.emplace_back(video ? std::llround(frame_s / av_q2d(stream.time_base)) : 0);
    muxer.add_stream(*stream.codecpar, stream.time_base);
  }
  muxer.start(samples);
  const UniquePacket packet = make_packet();
  int result = 0;
  while ((result = av_read_frame(input.get(), packet.get())) >= 0) {
    const int number = packet->stream_index;
    durations[static_cast<std::size_t>(number)].complete(*packet);
    muxer.write(*packet, number, input->streams[number]->time_base);
  }
  if (result != AVERROR_EOF) base::fail(base::ErrorCode::kIo, "cannot read {} again: {}", from, av_text(result));
  muxer.finish();
}

}  // namespace

void make_plain(const std::string& path, std::int64_t samples, double frame_s) {
  const std::string plain = path + ".part";
  std::error_code error;
  try {
    copy_packets(path, plain, samples, frame_s);
  } catch (const base::Error&) {
    if (std::filesystem::is_regular_file(plain, error)) std::filesystem::remove(plain, error);
    throw;
  }
  std::filesystem::rename(plain, path, error);
  if (error) base::fail(base::ErrorCode::kIo, "cannot rename {} to {}: {}", plain, path, error.message());
}

}  // namespace touchline::media
