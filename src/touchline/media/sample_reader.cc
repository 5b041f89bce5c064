#include "touchline/media/sample_reader.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/media/folder_reader.h"

namespace touchline::media {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kUnknownLength = 750;

/// The middle of part `index` of `parts` equal parts of a row of `length`.
std::size_t spread(int index, int parts, std::int64_t length) {
  return static_cast<std::size_t>((2 * std::int64_t{index} + 1) * length / (2 * std::int64_t{parts}));
}

void add_input(std::vector<std::string>& pictures, std::vector<std::string>& clips, const std::string& input) {
  std::error_code ignored;
  if (fs::is_directory(input, ignored)) {
    const auto inside = pictures_of(input);
    if (inside.empty()) {
      base::fail(base::ErrorCode::kBadInput,
                 "folder {} holds no pictures (jpg, png, bmp, webp); give another folder, pictures or clips", input);
    }
    for (const auto& picture : inside) pictures.push_back(picture.string());
    return;
  }
  const bool is_address = input == "-" || input.find("://") != std::string::npos;
  if (!is_address && !fs::exists(input, ignored)) {
    base::fail(base::ErrorCode::kNotFound, "there is no picture, folder or clip {}", input);
  }
  (is_picture_name(input) ? pictures : clips).push_back(input);
}

}  // namespace

SampleReader::SampleReader(const std::vector<std::string>& inputs, int count, const ReadOptions& options)
    : options_(options) {
  TOUCHLINE_REQUIRE(count >= 1, "{} pictures cannot be drawn", count);
  options.check();
  std::vector<std::string> pictures;
  std::vector<std::string> clips;
  for (const auto& input : inputs) add_input(pictures, clips, input);
  const int shares = static_cast<int>(clips.size()) + (pictures.empty() ? 0 : 1);
  if (shares == 0) return;
  const int share = (count + shares - 1) / shares;
  const int singles = std::min(share, static_cast<int>(pictures.size()));
  for (int k = 0; k < singles; ++k) {
    sources_.push_back({pictures[spread(k, singles, static_cast<std::int64_t>(pictures.size()))]});
  }
  for (const auto& clip : clips) sources_.push_back({clip, share, true});
}

int SampleReader::expected() const {
  return std::accumulate(sources_.begin(), sources_.end(), 0,
                         [](int sum, const Source& source) { return sum + source.frames; });
}

std::optional<image::Frame> SampleReader::next() {
  for (;;) {
    if (clip_) {
      if (auto frame = next_of_clip()) return frame;
      clip_.reset();
    }
    if (next_source_ == sources_.size() || options_.stop.stop_requested()) return std::nullopt;
    open(sources_[next_source_++]);
  }
}

void SampleReader::open(const Source& source) {
  clip_ = FrameReader::open(source.path, options_);
  length_ = 1;
  if (source.is_clip) {
    length_ = clip_->info().frames_estimate > 0 ? clip_->info().frames_estimate : kUnknownLength;
  }
  wanted_ = static_cast<int>(std::min<std::int64_t>(source.frames, length_));
  taken_ = 0;
}

std::optional<image::Frame> SampleReader::next_of_clip() {
  if (taken_ == wanted_) return std::nullopt;
  const auto place = static_cast<std::int64_t>(spread(taken_, wanted_, length_));
  while (auto frame = clip_->next()) {
    if (frame->index < place) continue;
    ++taken_;
    return frame;
  }
  return std::nullopt;
}

}  // namespace touchline::media
