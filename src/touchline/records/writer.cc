#include "touchline/records/writer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/records/coco.h"
#include "touchline/records/csv.h"
#include "touchline/records/mot.h"
#include "touchline/records/output_file.h"
#include "touchline/records/score_vision.h"

namespace touchline::records {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void write(const match::MatchFrame& frame) = 0;
  virtual void finish(const Summary& summary) = 0;
};

namespace {

constexpr std::array<std::pair<std::string_view, Format>, 5> kFormatNames = {{{"jsonl", Format::kJsonLines},
                                                                              {"csv", Format::kCsv},
                                                                              {"mot", Format::kMot},
                                                                              {"coco", Format::kCoco},
                                                                              {"scorevision", Format::kScoreVision}}};

/// A file of lines: one function turns a frame into text.
class LinesSink : public FrameSink {
 public:
  using Append = void (*)(std::string& text, const match::MatchFrame& frame);

  LinesSink(const std::filesystem::path& path, std::string_view header, Append append) : file_(path), append_(append) {
    file_.append(header);
    file_.flush();
  }

  void write(const match::MatchFrame& frame) override {
    text_.clear();
    append_(text_, frame);
    file_.append(text_);
  }

  void finish(const Summary&) override { file_.close(); }

 private:
  OutputFile file_;
  Append append_;
  std::string text_;
};

class CocoSink : public FrameSink {
 public:
  CocoSink(const std::filesystem::path& path, PictureSize size) : writer_(path, size) {}
  void write(const match::MatchFrame& frame) override { writer_.write(frame); }
  void finish(const Summary&) override { writer_.finish(); }

 private:
  CocoWriter writer_;
};

class ScoreVisionSink : public FrameSink {
 public:
  ScoreVisionSink(const std::filesystem::path& path, const RecordOptions& options)
      : writer_(path, options.challenge_id, options.pitch, options.picture) {}
  void write(const match::MatchFrame& frame) override { writer_.write(frame); }
  void finish(const Summary& summary) override { writer_.finish(summary.wall_s); }

 private:
  ScoreVisionWriter writer_;
};

void add_sinks(std::vector<std::unique_ptr<FrameSink>>& sinks, Format format, const std::filesystem::path& folder,
               const RecordOptions& options) {
  switch (format) {
    case Format::kJsonLines:
      sinks.push_back(std::make_unique<LinesSink>(folder / "frames.jsonl", "", &append_json_line));
      break;
    case Format::kCsv:
      sinks.push_back(std::make_unique<LinesSink>(folder / "tracks.csv", tracks_csv_header(), &append_tracks_csv));
      sinks.push_back(std::make_unique<LinesSink>(folder / "eval.csv", eval_csv_header(), &append_eval_csv));
      break;
    case Format::kMot:
      sinks.push_back(std::make_unique<LinesSink>(folder / "mot.txt", "", &append_mot));
      break;
    case Format::kCoco:
      sinks.push_back(std::make_unique<CocoSink>(folder / "coco.json", options.picture));
      break;
    case Format::kScoreVision:
      sinks.push_back(std::make_unique<ScoreVisionSink>(folder / "scorevision.json", options));
      break;
  }
}

}  // namespace

std::vector<Format> parse_formats(std::string_view words) {
  std::vector<Format> formats;
  for (std::size_t begin = 0; begin <= words.size();) {
    const auto end = std::min(words.find(',', begin), words.size());
    const auto word = words.substr(begin, end - begin);
    const auto found =
        std::find_if(kFormatNames.begin(), kFormatNames.end(), [&](const auto& known) { return known.first == word; });
    TOUCHLINE_REQUIRE(found != kFormatNames.end(),
                      "there is no record format '{}'; choose among jsonl, csv, mot, coco, scorevision", word);
    if (std::find(formats.begin(), formats.end(), found->second) == formats.end()) formats.push_back(found->second);
    begin = end + 1;
  }
  return formats;
}

void RecordOptions::check() const {
  TOUCHLINE_REQUIRE(picture.width_px >= 1 && picture.height_px >= 1, "a picture of {} x {} pixels has no records",
                    picture.width_px, picture.height_px);
}

RecordWriter::RecordWriter(const std::filesystem::path& folder, const RecordOptions& options) : folder_(folder) {
  options.check();
  make_output_folder(folder);
  for (const Format format : options.formats) add_sinks(sinks_, format, folder, options);
}

RecordWriter::~RecordWriter() = default;

void RecordWriter::write(const match::MatchFrame& frame) {
  for (const auto& sink : sinks_) sink->write(frame);
  statistics_.add(frame);
}

void RecordWriter::finish(const Summary& summary) {
  std::optional<base::Error> first_error;
  const auto attempt = [&first_error](const auto& action) {
    try {
      action();
    } catch (const base::Error& error) {
      if (!first_error) first_error = error;
    }
  };
  for (const auto& sink : sinks_) attempt([&] { sink->finish(summary); });
  attempt([&] {
    OutputFile file(folder_ / "summary.json");
    file.append(to_json(summary, statistics_));
    file.close();
  });
  if (first_error) throw *first_error;
}

}  // namespace touchline::records
