#include "touchline/records/coco.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>

#include "touchline/base/error.h"
#include "touchline/base/log.h"
#include "touchline/records/number_text.h"

namespace touchline::records {
namespace {

constexpr int kPixelDecimals = 2;
constexpr int kScoreDecimals = 3;
constexpr int kTimeDecimals = 6;
constexpr int kBallCategory = 1;
constexpr std::size_t kCopyBytes = 1 << 16;

constexpr std::string_view kHead =
    "{\"info\":{\"description\":\"touchline\"},\"licenses\":[],\"categories\":["
    "{\"id\":1,\"name\":\"ball\",\"supercategory\":\"ball\"},"
    "{\"id\":2,\"name\":\"goalkeeper\",\"supercategory\":\"person\"},"
    "{\"id\":3,\"name\":\"player\",\"supercategory\":\"person\"},"
    "{\"id\":4,\"name\":\"referee\",\"supercategory\":\"person\"}],\n\"annotations\":[";

std::filesystem::path part_of(std::filesystem::path path) {
  const std::string hidden = fmt::format(".{}.images", path.filename().string());
  return path.replace_filename(hidden);
}

int category_of(match::PersonClass person_class) {
  return kBallCategory + 1 + static_cast<int>(person_class);
}

}  // namespace

CocoWriter::CocoWriter(const std::filesystem::path& path, PictureSize size)
    : size_(size), annotations_(path), images_(part_of(path)) {
  annotations_.append(kHead);
}

CocoWriter::~CocoWriter() {
  try {
    finish();
  } catch (const base::Error& error) {
    base::log_line(base::LogLevel::kError, error.what());
  }
}

void CocoWriter::append_annotation(const geometry::BoxPx& box, int category, std::int64_t image, double score,
                                   const std::int64_t* track_id) {
  text_ += annotation_count_ == 0 ? "\n" : ",\n";
  fmt::format_to(std::back_inserter(text_), "{{\"id\":{},\"image_id\":{},\"category_id\":{},\"bbox\":[",
                 ++annotation_count_, image, category);
  for (const float value : {box.x0, box.y0, box.width()}) {
    append_fixed(text_, value, kPixelDecimals);
    text_ += ',';
  }
  append_fixed(text_, box.height(), kPixelDecimals);
  text_ += "],\"area\":";
  append_fixed(text_, box.area(), kPixelDecimals);
  text_ += ",\"iscrowd\":0,\"score\":";
  append_fixed(text_, score, kScoreDecimals);
  if (track_id != nullptr) fmt::format_to(std::back_inserter(text_), ",\"track_id\":{}", *track_id);
  text_ += '}';
}

void CocoWriter::write(const match::MatchFrame& frame) {
  text_.clear();
  for (const auto& track : frame.tracks) {
    append_annotation(track.box_px, category_of(track.person_class), frame.index, track.score, &track.id);
  }
  if (frame.ball) append_annotation(frame.ball->box_px, kBallCategory, frame.index, frame.ball->score, nullptr);
  annotations_.append(text_);
  text_.clear();
  fmt::format_to(std::back_inserter(text_),
                 "{}{{\"id\":{},\"file_name\":\"{:06}.jpg\",\"width\":{},\"height\":{},\"pts_s\":",
                 image_count_++ == 0 ? "\n" : ",\n", frame.index, frame.index, size_.width_px, size_.height_px);
  append_fixed(text_, frame.pts_s, kTimeDecimals);
  text_ += '}';
  images_.append(text_);
}

void CocoWriter::finish() {
  if (finished_) return;
  finished_ = true;
  images_.close();
  annotations_.append("\n],\n\"images\":[");
  std::ifstream part(images_.path(), std::ios::binary);
  std::array<char, kCopyBytes> bytes;
  while (part.read(bytes.data(), bytes.size()) || part.gcount() > 0) {
    annotations_.append({bytes.data(), static_cast<std::size_t>(part.gcount())});
  }
  annotations_.append("\n]}\n");
  annotations_.close();
  std::error_code ignored;  // a part left behind does no harm
  std::filesystem::remove(images_.path(), ignored);
}

}  // namespace touchline::records
