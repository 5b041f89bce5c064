#include "touchline/pipeline/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/video_writer.h"
#include "touchline/pipeline/scripted_network.h"
#include "touchline/records/json_lines.h"

namespace touchline::pipeline {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::TempPath;

constexpr int kWidth_px = 160;
constexpr int kHeight_px = 96;
constexpr int kFrames = 75;
constexpr int kCutAt = 50;  // the second scene's first frame

/// Two scenes; the encoder leaves enough of both patterns for the cut to be seen.
image::Frame picture(image::FramePool& pool, std::int64_t index) {
  const bool first = index < kCutAt;
  auto frame = pool.take(kWidth_px, kHeight_px, {});
  for (int y = 0; y < kHeight_px; ++y) {
    for (int x = 0; x < kWidth_px; ++x) {
      const int value = first ? (x / 20 * 30) % 200 + 20 : 235 - (y / 12 * 45) % 200;
      frame.view().y.at(x, y) = static_cast<std::uint8_t>(value);
    }
  }
  for (const auto& plane : {frame.view().u, frame.view().v}) {
    for (int y = 0; y < plane.height; ++y) {
      std::fill_n(plane.row(y), plane.width, static_cast<std::uint8_t>(first ? 110 : 150));
    }
  }
  return std::move(frame).finish(static_cast<double>(index) / 25, index);
}

void write_clip(const std::string& path) {
  image::FramePool pool;
  auto writer = media::VideoWriter::open(path, {.preset = "ultrafast", .threads = 1});
  for (int i = 0; i < kFrames; ++i) writer->write(picture(pool, i));
  writer->finish();
}

/// Twenty people in a row, all walking to the right; the cut alone, no place, tells those before it from those behind.
match::FrameDetections people_at(std::int64_t index) {
  match::FrameDetections detections;
  for (int i = 0; i < 20; ++i) {
    match::Detection person;
    const float x = 4.0F + 7.0F * static_cast<float>(i) + 0.1F * static_cast<float>(index % 20);
    person.box_px = {x, 20, x + 5, 34};
    person.score = 0.9F;
    detections.people.push_back(person);
  }
  return detections;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

int frames_in_video(const fs::path& path) {
  const auto reader = media::FrameReader::open(path.string());
  int count = 0;
  while (reader->next()) ++count;
  return count;
}

class PipelineRun : public testing::Test {
 protected:
  void SetUp() override {
    write_clip(clip_.str());
    options_.input = clip_.str();
    options_.out_dir = out_.str();
  }

  /// Runs with a network that answers by `script`.
  RunReport run_scripted(const ScriptedNetwork::Script& script, int slots = 2) {
    hooks_.network = [script, slots](int, int) { return std::make_unique<ScriptedNetwork>(script, slots); };
    return run(options_, hooks_);
  }

  /// The message of the error that a run ends with.
  std::string error_of(const ScriptedNetwork::Script& script) {
    try {
      run_scripted(script);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "no error";
  }

  std::vector<match::MatchFrame> records() const {
    return records::read_frames((out_.path() / "frames.jsonl").string(), {kWidth_px, kHeight_px});
  }

  /// The records without the wall times, which no two runs share.
  std::string timeless_records() const {
    std::string text;
    for (match::MatchFrame& frame : records()) {
      frame.timings_ms.clear();
      records::append_json_line(text, frame);
    }
    return text + text_of(out_.path() / "tracks.csv") + text_of(out_.path() / "mot.txt");
  }

  nlohmann::json summary() const { return nlohmann::json::parse(text_of(out_.path() / "summary.json")); }

  void expect_in_order(const std::vector<match::MatchFrame>& frames) const {
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i].index, static_cast<std::int64_t>(i));
  }

  fs::path video() const { return out_.path() / "annotated.mp4"; }

  const TempPath clip_{".mp4"};
  const TempPath out_;
  AnalyzeOptions options_;
  RunHooks hooks_;
};

TEST_F(PipelineRun, OneRecordAndOnePictureForEveryFrameInOrder) {
  std::vector<std::int64_t> done;
  hooks_.progress = [&done](const Progress& progress) { done.push_back(progress.frames_done); };
  const RunReport report = run_scripted(people_at);
  const auto frames = records();
  ASSERT_EQ(frames.size(), kFrames);
  expect_in_order(frames);
  EXPECT_EQ(frames_in_video(video()), kFrames);
  EXPECT_EQ(report.statistics.frames(), kFrames);
  EXPECT_EQ(report.files.front(), "annotated.mp4");
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(summary()["complete"], true);
  EXPECT_EQ(summary()["model"]["name"], "scripted");
  EXPECT_EQ(summary()["settings"]["model"], "auto");
  ASSERT_EQ(done.size(), kFrames);
  for (std::size_t i = 0; i < done.size(); ++i) EXPECT_EQ(done[i], static_cast<std::int64_t>(i) + 1);
}

TEST_F(PipelineRun, CutEndsEveryTrack) {
  options_.video = false;
  run_scripted(people_at);
  std::set<std::int64_t> before;
  std::set<std::int64_t> behind;
  for (const auto& frame : records()) {
    EXPECT_EQ(frame.shot, frame.index < kCutAt ? 0 : 1) << frame.index;
    EXPECT_EQ(frame.tracks.size(), 20U) << frame.index;
    for (const auto& track : frame.tracks) (frame.shot == 0 ? before : behind).insert(track.id);
  }
  EXPECT_EQ(before.size(), 20U);
  EXPECT_EQ(behind.size(), 20U);
  for (const auto id : behind) EXPECT_FALSE(before.contains(id)) << id;
}

// Whoever waits for whom: the network for the reader, the builder for the network, everyone for the video.
TEST_F(PipelineRun, RecordsDoNotDependOnTimingSlotsOrVideo) {
  const auto slow_at = [](std::int64_t index, int every) {
    if (index % every == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  };
  for (const int stride : {1, 4}) {
    options_.stride = stride;
    options_.video = true;
    hooks_.progress = nullptr;
    run_scripted(people_at);
    const std::string expected = timeless_records();
    ASSERT_GT(std::count(expected.begin(), expected.end(), '\n'), 20 * kFrames);

    hooks_.progress = [&](const Progress& progress) { slow_at(progress.frames_done, 3); };
    run_scripted(people_at, 1);
    EXPECT_EQ(timeless_records(), expected) << "slow video, stride " << stride;

    options_.video = false;
    hooks_.progress = nullptr;
    run_scripted([&](std::int64_t index) { return slow_at(index, 5), people_at(index); }, 5);
    EXPECT_EQ(timeless_records(), expected) << "slow network, no video, stride " << stride;
  }
}

TEST_F(PipelineRun, RunsSideBySideDoNotDisturbEachOther) {
  run_scripted(people_at);
  const std::string expected = timeless_records();
  const TempPath other_out;
  AnalyzeOptions other = options_;
  other.out_dir = other_out.str();
  std::thread beside([&] { run(other, hooks_); });
  run(options_, hooks_);
  beside.join();
  EXPECT_EQ(timeless_records(), expected);
  EXPECT_EQ(text_of(other_out.path() / "mot.txt"), text_of(out_.path() / "mot.txt"));
}

TEST_F(PipelineRun, FramesLimitEndsAWholeRun) {
  options_.frames = 7;
  const RunReport report = run_scripted(people_at);
  const auto frames = records();
  ASSERT_EQ(frames.size(), 7U);
  expect_in_order(frames);
  EXPECT_EQ(frames_in_video(video()), 7);
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(summary()["complete"], true);
}

TEST_F(PipelineRun, StopInMidRunLeavesWholeFilesThatSayIncomplete) {
  std::stop_source stop;
  hooks_.stop = stop.get_token();
  const RunReport report = run_scripted([&](std::int64_t index) {
    if (index == 10) stop.request_stop();
    return people_at(index);
  });
  EXPECT_TRUE(report.stopped);
  const auto frames = records();
  // What had been read by then is finished: a queue of pictures, the network's slots, the one in the reader's hand.
  EXPECT_GT(frames.size(), 10U);
  EXPECT_LT(frames.size(), 25U);
  expect_in_order(frames);
  EXPECT_EQ(frames_in_video(video()), static_cast<int>(frames.size()));
  EXPECT_EQ(summary()["complete"], false);
  EXPECT_EQ(summary()["frames"], frames.size());
}

TEST_F(PipelineRun, NetworkThatFailsInMidRunKeepsWhatItFinished) {
  const std::string error = error_of([](std::int64_t index) {
    if (index == 20) throw std::runtime_error("the network broke at 20");
    return people_at(index);
  });
  EXPECT_EQ(error, "the network broke at 20");
  const auto frames = records();
  EXPECT_EQ(frames.size(), 20U);
  expect_in_order(frames);
  EXPECT_EQ(frames_in_video(video()), 20);
  EXPECT_EQ(summary()["complete"], false);
  EXPECT_EQ(summary()["frames"], 20);
}

TEST_F(PipelineRun, TheFirstOfTwoErrorsIsTold) {
  // Few frames: this file meets its full disk at the very end, behind the network's error.
  fs::create_directories(out_.path());
  fs::create_symlink("/dev/full", out_.path() / "mot.txt");
  const std::string error = error_of([](std::int64_t index) {
    if (index == 3) throw std::runtime_error("the network broke at 3");
    return people_at(index);
  });
  EXPECT_EQ(error, "the network broke at 3");
  EXPECT_EQ(records().size(), 3U);
}

TEST_F(PipelineRun, NetworkThatCannotBeOpenedLeavesNoThread) {
  hooks_.network = [](int, int) -> std::unique_ptr<Network> { throw std::runtime_error("no network"); };
  EXPECT_THROW(run(options_, hooks_), std::runtime_error);
  EXPECT_FALSE(fs::exists(out_.path()));
}

TEST_F(PipelineRun, VideoThatMeetsAFullDiskIsTheErrorAndRecordsStay) {
  fs::create_directories(out_.path());
  fs::create_symlink("/dev/full", video());
  EXPECT_THAT(error_of(people_at), HasSubstr("annotated.mp4: No space left on device"));
  const auto frames = records();
  EXPECT_GT(frames.size(), 20U);
  EXPECT_LT(frames.size(), kFrames);
  expect_in_order(frames);
  EXPECT_EQ(summary()["complete"], false);
  EXPECT_EQ(summary()["frames"], frames.size());
}

TEST_F(PipelineRun, RecordsThatMeetAFullDiskAreTheErrorAndTheVideoStays) {
  fs::create_directories(out_.path());
  fs::create_symlink("/dev/full", out_.path() / "frames.jsonl");
  EXPECT_THAT(error_of(people_at), HasSubstr("frames.jsonl': No space left on device"));
  const int kept = frames_in_video(video());
  EXPECT_GT(kept, 5);
  EXPECT_LT(kept, kFrames);
  EXPECT_EQ(summary()["complete"], false);
  EXPECT_EQ(summary()["frames"], kept);
}

TEST_F(PipelineRun, ErrorFromTheCallersProgressReachesTheCaller) {
  hooks_.progress = [](const Progress& progress) {
    if (progress.frames_done == 15) throw std::runtime_error("the caller has had enough");
  };
  EXPECT_EQ(error_of(people_at), "the caller has had enough");
  EXPECT_EQ(summary()["complete"], false);
}

}  // namespace
}  // namespace touchline::pipeline
