#include "touchline/media/ffmpeg/demuxer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/media/ffmpeg/av_text.h"

namespace touchline::media {
namespace {

using base::ErrorCode;

constexpr int kMaxFailuresInARow = 2000;
constexpr double kMicroseconds = 1e6;

// Readers that make pictures out of any text or raw bytes, or that are no readers of media at all.
constexpr std::array<std::string_view, 7> kNotVideo = {"tty", "bin", "xbin", "adf", "idf", "rawvideo", "lavfi"};

std::string_view scheme_of(const std::string& input) {
  const auto colon = input.find("://");
  if (colon == std::string::npos || colon == 0) return {};
  const std::string_view scheme(input.data(), colon);
  const bool valid =
      std::all_of(scheme.begin(), scheme.end(), [](unsigned char c) { return std::isalnum(c) || c == '+'; });
  return valid ? scheme : std::string_view{};
}

// A playlist that came over the network must not open files of this machine.
const char* allowed_protocols(InputKind kind) {
  constexpr const char* kNetwork = "http,https,tcp,tls,udp,rtp,rtsp,srt,rtmp,rtmps,crypto,data,hls,httpproxy";
  constexpr const char* kLocal = "file,http,https,tcp,tls,crypto,data,hls,httpproxy";
  return kind == InputKind::kAddress ? kNetwork : kLocal;
}

void set_network_options(Dictionary& options, const std::string& input, double timeout_s) {
  const auto timeout_us = static_cast<std::int64_t>(timeout_s * kMicroseconds);
  options.set("timeout", timeout_us);
  options.set("rw_timeout", timeout_us);
  if (input.starts_with("http")) {
    options.set("reconnect", 1);
    options.set("reconnect_streamed", 1);
    options.set("reconnect_delay_max", std::max<std::int64_t>(1, static_cast<std::int64_t>(timeout_s / 2)));
  } else if (input.starts_with("rtsp")) {
    options.set("rtsp_transport", "tcp");
  }
}

bool looks_like_mp4(const std::string& path) {
  std::array<char, 8> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  return file && std::string_view(head.data() + 4, 4) == "ftyp";
}

void require_readable_file(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    base::fail(ErrorCode::kNotFound, "{} does not exist; check the path", path);
  }
  if (access(path.c_str(), R_OK) != 0) {
    base::fail(ErrorCode::kIo, "cannot read {}: {}; check its permissions", path, base::system_error_text(errno));
  }
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) == 0 && !error) {
    base::fail(ErrorCode::kBadInput, "{} is empty (0 bytes); give a video file", path);
  }
}

}  // namespace

InputKind kind_of(const std::string& input) {
  if (input == "-") return InputKind::kStdin;
  const auto scheme = scheme_of(input);
  return scheme.empty() || scheme == "file" ? InputKind::kFile : InputKind::kAddress;
}

Demuxer::Demuxer(const std::string& input, AVMediaType type, const ReadOptions& options)
    : kind_(kind_of(input)),
      timeout_s_(options.timeout_s),
      watchdog_(options.stop, kind_ == InputKind::kAddress ? std::optional(options.timeout_s) : std::nullopt) {
  route_av_log();
  open(input, options);
  choose_stream(input, type);
}

void Demuxer::open(const std::string& input, const ReadOptions& options) {
  const std::string path = input.starts_with("file://") ? input.substr(7) : input;
  if (kind_ == InputKind::kFile) require_readable_file(path);

  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) throw std::bad_alloc();
  context->interrupt_callback = {&Watchdog::interrupt, &watchdog_};
  Dictionary dictionary;
  dictionary.set("protocol_whitelist", allowed_protocols(kind_));
  if (kind_ == InputKind::kAddress) set_network_options(dictionary, input, options.timeout_s);
  if (kind_ == InputKind::kStdin) {
    stdin_ = std::make_unique<StdinSource>(STDIN_FILENO, watchdog_);
    context->pb = stdin_->io();
  }
  const std::string address = kind_ == InputKind::kFile ? "file:" + path : input;
  // On failure avformat_open_input frees the context itself.
  const int opened =
      avformat_open_input(&context, kind_ == InputKind::kStdin ? nullptr : address.c_str(), nullptr, dictionary.get());
  if (opened < 0) fail_to_open(input, opened);
  context_.reset(context);
  const std::string_view format(context_->iformat->name);
  if (std::find(kNotVideo.begin(), kNotVideo.end(), format) != kNotVideo.end())
    fail_to_open(input, AVERROR_INVALIDDATA);
  watchdog_.restart();
  const int found = avformat_find_stream_info(context_.get(), nullptr);
  if (found < 0) fail_to_open(input, found);
}

void Demuxer::fail_to_open(const std::string& input, int av_error) const {
  const std::string name = kind_ == InputKind::kStdin ? "standard input" : input;
  if (watchdog_.stopped()) base::fail(ErrorCode::kIo, "stopped before {} was opened", name);
  if (kind_ == InputKind::kAddress) {
    if (av_error == AVERROR_INVALIDDATA) {
      base::fail(ErrorCode::kBadInput, "{} answers, but not with a video that can be read; check the address", name);
    }
    const bool silent = watchdog_.timed_out() || av_error == AVERROR_EXIT || av_error == AVERROR(ETIMEDOUT);
    if (silent) {
      base::fail(ErrorCode::kNotFound, "{} does not answer within {:g} s; check the address and the network", name,
                 timeout_s_);
    }
    base::fail(ErrorCode::kNotFound, "cannot open {}: {}; check the address and the network", name, av_text(av_error));
  }
  if (kind_ == InputKind::kStdin && stdin_->bytes() == 0) {
    base::fail(ErrorCode::kBadInput, "standard input is empty; pipe a video into it");
  }
  if (kind_ == InputKind::kFile && looks_like_mp4(input)) {
    base::fail(
        ErrorCode::kBadInput,
        "{} is an MP4 without a usable index (moov box), so it was cut off or damaged; record or download it again",
        name);
  }
  base::fail(ErrorCode::kBadInput,
             "{} is no video that can be read ({}); give a video file, a folder of pictures or an address", name,
             av_text(av_error));
}

void Demuxer::choose_stream(const std::string& input, AVMediaType type) {
  const int best = av_find_best_stream(context_.get(), type, -1, -1, nullptr, 0);
  const bool cover = best >= 0 && (context_->streams[best]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
  if (best < 0 || cover) {
    const std::string name = kind_ == InputKind::kStdin ? "standard input" : input;
    if (type != AVMEDIA_TYPE_VIDEO) base::fail(ErrorCode::kBadInput, "{} has no sound", name);
    base::fail(ErrorCode::kBadInput, "{} has {} but no video; give a file with a video stream", name,
               has_audio() ? "sound" : "streams");
  }
  stream_ = context_->streams[best];
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    if (static_cast<int>(i) != best) context_->streams[i]->discard = AVDISCARD_ALL;
  }
}

bool Demuxer::has_audio() const {
  return std::any_of(context_->streams, context_->streams + context_->nb_streams,
                     [](const AVStream* s) { return s->codecpar->codec_type == AVMEDIA_TYPE_AUDIO; });
}

double Demuxer::frame_rate() const {
  for (const AVRational rate : {stream_->avg_frame_rate, stream_->r_frame_rate}) {
    if (rate.num > 0 && rate.den > 0) return av_q2d(rate);
  }
  return 0;
}

Demuxer::Outcome Demuxer::read(AVPacket& packet) {
  const std::int64_t errors = container_errors();
  while (true) {
    watchdog_.restart();
    const int result = av_read_frame(context_.get(), &packet);
    met_damage_ = container_errors() > errors;
    if (result >= 0) {
      failures_in_a_row_ = 0;
      if (packet.stream_index == stream_->index) {
        ++packets_;
        met_damage_ = met_damage_ || (packet.flags & AV_PKT_FLAG_CORRUPT) != 0;
        return Outcome::kPacket;
      }
      av_packet_unref(&packet);
      continue;
    }
    if (watchdog_.stopped()) return Outcome::kStopped;
    if (result == AVERROR_EOF || ++failures_in_a_row_ == kMaxFailuresInARow) return end(result);
    if (result == AVERROR(EAGAIN)) continue;
    if (result != AVERROR_INVALIDDATA) return end(result);
    ++packets_;
    return Outcome::kDamaged;
  }
}

Demuxer::Outcome Demuxer::end(int av_error) {
  if (av_error == AVERROR_EXIT) {
    broke_off_ = fmt::format("no data for {:g} s", timeout_s_);
  } else if (av_error != AVERROR_EOF) {
    broke_off_ = av_text(av_error);
  } else if (met_damage_ || is_cut_off()) {
    broke_off_ = "it is cut off";
  }
  return Outcome::kEnd;
}

// MP4 and its kin list every packet, so a missing end shows; others give no such promise.
bool Demuxer::is_cut_off() const {
  const bool lists_all = std::string_view(context_->iformat->name).starts_with("mov");
  return lists_all && packets_ < avformat_index_get_entries_count(stream_);
}

}  // namespace touchline::media
