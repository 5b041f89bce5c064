#include "touchline/media/folder_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/base/log.h"
#include "touchline/media/ffmpeg/av_text.h"
#include "touchline/media/ffmpeg/decoder.h"
#include "touchline/media/ffmpeg/frame_converter.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace touchline::media {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kExtensions = {".jpg", ".jpeg", ".png", ".bmp", ".webp"};

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::vector<std::uint8_t> read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// By content, not by name: pictures are often misnamed.
AVCodecID picture_codec(const std::vector<std::uint8_t>& bytes) {
  const auto starts = [&](std::size_t at, std::string_view magic) {
    return bytes.size() >= at + magic.size() && std::memcmp(bytes.data() + at, magic.data(), magic.size()) == 0;
  };
  if (starts(0, "\xff\xd8")) return AV_CODEC_ID_MJPEG;
  if (starts(0, "\x89PNG")) return AV_CODEC_ID_PNG;
  if (starts(0, "BM")) return AV_CODEC_ID_BMP;
  if (starts(0, "RIFF") && starts(8, "WEBP")) return AV_CODEC_ID_WEBP;
  return AV_CODEC_ID_NONE;
}

struct Picture {
  UniqueFrame frame;
  AVCodecID codec;
};

std::optional<Picture> decode_picture(const fs::path& path) {
  const auto bytes = read_all(path);
  const AVCodecID codec = picture_codec(bytes);
  if (codec == AV_CODEC_ID_NONE || bytes.size() > static_cast<std::size_t>(INT32_MAX) - AV_INPUT_BUFFER_PADDING_SIZE) {
    return std::nullopt;
  }
  const UniquePacket packet = make_packet();
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) throw std::bad_alloc();
  std::memcpy(packet->data, bytes.data(), bytes.size());

  const UniqueParameters parameters = make_parameters();
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = codec;
  Decoder decoder(*parameters, {1, 1}, 1);
  if (!decoder.send(packet.get())) return std::nullopt;
  decoder.send(nullptr);
  UniqueFrame frame = make_frame();
  if (decoder.receive(*frame) != Decoder::Outcome::kFrame || is_damaged(*frame)) return std::nullopt;
  return Picture{std::move(frame), codec};
}

class FolderReader final : public FrameReader {
 public:
  FolderReader(const std::string& folder, const ReadOptions& options)
      : stop_(options.stop),
        rate_(options.folder_frame_rate),
        pictures_(pictures_of(folder)),
        damage_(options.folder_frame_rate) {
    route_av_log();
    if (pictures_.empty()) {
      base::fail(base::ErrorCode::kBadInput,
                 "folder {} holds no pictures (jpg, png, bmp, webp); give another folder or a video", folder);
    }
    info_.frame_rate = rate_;
    info_.frames_estimate = static_cast<std::int64_t>(pictures_.size());
    info_.duration_s = static_cast<double>(pictures_.size()) / rate_;
    first_ = decode();
    if (!first_) {
      base::fail(base::ErrorCode::kBadInput, "none of the {} pictures in folder {} can be read; they are damaged",
                 pictures_.size(), folder);
    }
    info_.width = first_->width();
    info_.height = first_->height();
  }

  const SourceInfo& info() const override { return info_; }
  DamageReport damage() const override { return damage_.report(); }

  std::optional<image::Frame> next() override {
    if (stop_.stop_requested()) return std::nullopt;
    if (first_) return std::exchange(first_, std::nullopt);
    return decode();
  }

 private:
  std::optional<image::Frame> decode() {
    while (position_ < pictures_.size()) {
      const fs::path& path = pictures_[position_];
      const double pts_s = static_cast<double>(position_++) / rate_;
      auto picture = decode_picture(path);
      if (picture) return finish(std::move(*picture), pts_s);
      base::log(base::LogLevel::kInfo, "{} cannot be read as a picture; skipped", path.string());
      damage_.lose_packet(pts_s);
    }
    return std::nullopt;
  }

  image::Frame finish(Picture picture, double pts_s) {
    if (index_ == 0) {
      info_.codec = avcodec_get_name(picture.codec);
      info_.pixel_format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture.frame->format));
    }
    const Orientation orientation = orientation_of(*picture.frame, {});
    return converter_.convert(std::move(picture.frame), orientation, pts_s, index_++);
  }

  std::stop_token stop_;
  double rate_;
  std::vector<fs::path> pictures_;
  std::size_t position_ = 0;
  FrameConverter converter_;
  DamageCounter damage_;
  SourceInfo info_;
  std::optional<image::Frame> first_;
  std::int64_t index_ = 0;
};

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  std::string_view rest_a = a;
  std::string_view rest_b = b;
  while (!rest_a.empty() && !rest_b.empty()) {
    if (is_digit(rest_a.front()) && is_digit(rest_b.front())) {
      const auto number_a = take_number(rest_a);
      const auto number_b = take_number(rest_b);
      if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
      if (number_a != number_b) return number_a < number_b;
    } else {
      if (rest_a.front() != rest_b.front()) return rest_a.front() < rest_b.front();
      rest_a.remove_prefix(1);
      rest_b.remove_prefix(1);
    }
  }
  if (rest_a.empty() != rest_b.empty()) return rest_a.empty();
  return a < b;
}

bool is_picture_name(const fs::path& file) {
  const std::string extension = lower(file.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::vector<fs::path> pictures_of(const fs::path& folder) {
  std::vector<fs::path> pictures;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error)
    base::fail(base::ErrorCode::kIo, "cannot list folder {}: {}; check its permissions", folder.string(),
               error.message());
  for (const auto& entry : entries) {
    const bool hidden = entry.path().filename().string().starts_with('.');
    if (is_picture_name(entry.path()) && !hidden && entry.is_regular_file(error)) pictures.push_back(entry.path());
  }
  std::sort(pictures.begin(), pictures.end(), [](const fs::path& a, const fs::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return pictures;
}

std::unique_ptr<FrameReader> open_folder(const std::string& folder, const ReadOptions& options) {
  return std::make_unique<FolderReader>(folder, options);
}

}  // namespace touchline::media
