#include "touchline/detect/detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/image/frame_pool.h"

namespace touchline::detect {
namespace {

const std::string kModels = TOUCHLINE_SOURCE_DIR "/tests/data/models/";

/// The picture of tools/make_test_models.py: 64 × 48, 4×4 blocks of one colour.
image::Frame block_picture(int width = 64, int height = 48) {
  image::FramePool pool;
  auto frame = pool.take(width, height, {image::ColorMatrix::kBt601, image::ColorRange::kFull});
  const image::I420View& view = frame.view();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int i = x / 4;
      const int j = y / 4;
      view.y.at(x, y) = static_cast<std::uint8_t>(45 + (i * 37 + j * 53 + i * j * 11) % 150);
      view.u.at(x / 2, y / 2) = static_cast<std::uint8_t>(108 + (i * 13 + j * 29) % 40);
      view.v.at(x / 2, y / 2) = static_cast<std::uint8_t>(112 + (i * 17 + j * 5) % 32);
    }
  }
  return std::move(frame).finish(0, 0);
}

struct ExpectedBox {
  geometry::BoxPx box;
  char role = 0;
  float score = 0;
};

struct ExpectedPoint {
  std::size_t number = 0;
  double x = 0, y = 0;
  float score = 0;
};

struct Expected {
  std::vector<ExpectedBox> people, balls;
  std::vector<ExpectedPoint> points;
};

Expected expected_of(const std::string& model) {
  Expected expected;
  std::ifstream file(kModels + "expected.txt");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name, kind;
    words >> name >> kind;
    if (name != model) continue;
    if (kind == "point") {
      ExpectedPoint point;
      words >> point.number >> point.x >> point.y >> point.score;
      expected.points.push_back(point);
    } else {
      ExpectedBox box;
      words >> box.box.x0 >> box.box.y0 >> box.box.x1 >> box.box.y1 >> box.role >> box.score;
      (kind == "ball" ? expected.balls : expected.people).push_back(box);
    }
  }
  return expected;
}

char role_letter(match::PersonClass person_class) {
  if (person_class == match::PersonClass::kGoalkeeper) return 'g';
  return person_class == match::PersonClass::kReferee ? 'r' : 'p';
}

bool near(const geometry::BoxPx& a, const geometry::BoxPx& b) {
  constexpr float kTolerance = 0.05F;
  return std::abs(a.x0 - b.x0) < kTolerance && std::abs(a.y0 - b.y0) < kTolerance &&
         std::abs(a.x1 - b.x1) < kTolerance && std::abs(a.y1 - b.y1) < kTolerance;
}

match::FrameDetections run_once(const DetectorOptions& options, const image::Frame& frame) {
  const auto detector = Detector::open(options);
  detector->start(0, frame);
  return detector->wait(0);
}

struct ModelCase {
  std::string name;
  Layout layout;
};

class EveryLayout : public testing::TestWithParam<ModelCase> {};

INSTANTIATE_TEST_SUITE_P(Models, EveryLayout,
                         testing::Values(ModelCase{"yolov5_64", Layout::kYoloV5},
                                         ModelCase{"yolov8_64", Layout::kYoloV8},
                                         ModelCase{"yolo26_64", Layout::kYolo26}, ModelCase{"yolox_64", Layout::kYoloX},
                                         ModelCase{"fused_64", Layout::kFused}),
                         [](const auto& model) { return model.param.name; });

// Expected: ONNX Runtime and NumPy, tools/make_test_models.py.
TEST_P(EveryLayout, FindsWhatOnnxRuntimeAndNumPyFind) {
  DetectorOptions options;
  options.model = kModels + GetParam().name + ".onnx";
  options.source_width_px = options.source_height_px = 64;
  if (GetParam().layout == Layout::kFused) options.size = "64x64";
  options.force_fp32 = true;
  options.person_score = 0.25F;
  options.nms = {.max_iou = 0.6F, .min_part_cover = 2};  // the oracle's limit; it keeps parts
  options.ball.max_height_share = 100;                   // and balls as large as people
  const auto detector = Detector::open(options);
  EXPECT_EQ(detector->info().layout, GetParam().layout);
  EXPECT_EQ(detector->info().size, (NetworkSize{64, 64}));
  detector->start(0, block_picture());
  const auto found = detector->wait(0);
  const Expected expected = expected_of(GetParam().name);
  ASSERT_EQ(found.people.size(), expected.people.size());
  for (const auto& want : expected.people) {
    EXPECT_TRUE(std::ranges::any_of(found.people, [&](const match::Detection& person) {
      return near(person.box_px, want.box) && role_letter(person.person_class) == want.role &&
             std::abs(person.score - want.score) < 1e-3F;
    })) << want.score;
  }
  for (const match::Detection& person : found.people) {
    const bool best_alone = GetParam().layout == Layout::kYolo26;
    const float highest = std::ranges::max(person.class_scores);
    EXPECT_EQ(highest > person.score / 2, !best_alone);
    EXPECT_LE(highest, best_alone ? 0 : person.score + 1e-6F);
  }
  if (GetParam().layout == Layout::kFused) return;
  ASSERT_EQ(found.balls.size(), expected.balls.size());
  for (std::size_t i = 0; i < found.balls.size(); ++i) {
    EXPECT_TRUE(near(found.balls[i].box_px, expected.balls[i].box)) << i;
    EXPECT_NEAR(found.balls[i].score, expected.balls[i].score, 1e-3);
  }
}

void expect_points(const match::SeenPoints& found, const std::vector<ExpectedPoint>& expected) {
  std::map<std::size_t, ExpectedPoint> by_number;
  for (const auto& point : expected) by_number[point.number] = point;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto want = by_number.find(i);
    if (want == by_number.end()) {
      EXPECT_EQ(found[i].score, 0) << "point " << i;
      continue;
    }
    EXPECT_NEAR(found[i].score, want->second.score, 1e-3) << "point " << i;
    EXPECT_NEAR(found[i].point_px.x, want->second.x, 0.05) << "point " << i;
    EXPECT_NEAR(found[i].point_px.y, want->second.y, 0.05) << "point " << i;
  }
}

TEST(Detector, PitchModelGivesThePointsBesideAForeignDetector) {
  DetectorOptions options;
  options.model = kModels + "yolov8_64.onnx";
  options.pitch_model = kModels + "pitch_pose_64.onnx";
  options.force_fp32 = true;
  options.nms = {.max_iou = 0.6F, .min_part_cover = 2};
  const auto found = run_once(options, block_picture());
  EXPECT_EQ(found.people.size(), expected_of("yolov8_64").people.size());
  expect_points(found.points, expected_of("pitch_pose_64").points);
}

TEST(Detector, PitchModelReplacesThePointsOfTheFusedNetwork) {
  DetectorOptions options;
  options.model = kModels + "fused_64.onnx";
  options.size = "64x64";
  options.force_fp32 = true;
  expect_points(run_once(options, block_picture()).points, expected_of("fused_64").points);
  options.points.sure_score = 1;  // that of none
  for (const auto& point : run_once(options, block_picture()).points) EXPECT_EQ(point.score, 0);
  options.pitch_model = kModels + "pitch_pose_64.onnx";  // all points of a foreign model count
  expect_points(run_once(options, block_picture()).points, expected_of("pitch_pose_64").points);
}

// That a second look is taken which sees more: tests/cli/clips_test.cc, for no made-up network sees more in less.
TEST(Detector, ASecondLookThatSeesFewerPointsIsNotTaken) {
  constexpr float kSure = 0.85F;
  const auto frame = block_picture(1024, 64);
  const auto points_at = [&](const char* size, int few_sure) {
    DetectorOptions options;
    options.model = kModels + "fused_64.onnx";
    options.size = size;
    options.force_fp32 = true;
    options.points.few_sure = few_sure;
    options.points.sure_score = kSure;
    return run_once(options, frame).points;
  };
  const auto sure = [&](const match::SeenPoints& points) {
    return static_cast<int>(std::ranges::count_if(points, [&](const auto& p) { return p.score >= kSure; }));
  };
  const auto expect_same = [](const match::SeenPoints& found, const match::SeenPoints& wanted) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_NEAR(found[i].score, wanted[i].score, 1e-4) << i;
      EXPECT_NEAR(found[i].point_px.x, wanted[i].point_px.x, 0.05) << i;
      EXPECT_NEAR(found[i].point_px.y, wanted[i].point_px.y, 0.05) << i;
    }
  };
  const auto whole = points_at("1024x64", 0);
  const auto half = points_at("512x32", 0);
  ASSERT_LT(sure(half), sure(whole)) << "fewer cells, and a made-up network";
  expect_same(points_at("1024x64", 32), whole);
  expect_same(points_at("928x64", 32), points_at("928x64", 0));  // too small to be halved
}

TEST(Detector, SlotsAreIndependentAndPicturesMayChangeSize) {
  DetectorOptions options;
  options.model = kModels + "fused_64.onnx";
  options.size = "64";
  options.slots = 3;
  const auto detector = Detector::open(options);
  ASSERT_EQ(detector->slots(), 3);
  EXPECT_EQ(detector->info().size, (NetworkSize{64, 64})) << "16:9 of 64 is 36, rounded up to 64";
  const image::Frame frames[3] = {block_picture(64, 48), block_picture(128, 96), block_picture(33, 55)};
  match::FrameDetections alone[3];
  for (int i = 0; i < 3; ++i) {
    detector->start(0, frames[i]);
    alone[i] = detector->wait(0);
    ASSERT_FALSE(alone[i].people.empty());
  }
  for (int i = 0; i < 3; ++i) detector->start(i, frames[i]);
  for (int i = 2; i >= 0; --i) {
    const auto together = detector->wait(i);
    ASSERT_EQ(together.people.size(), alone[i].people.size());
    for (std::size_t k = 0; k < together.people.size(); ++k) {
      EXPECT_EQ(together.people[k].box_px, alone[i].people[k].box_px);
      EXPECT_LE(together.people[k].box_px.x1, static_cast<float>(frames[i].width()));
    }
  }
}

TEST(Detector, ThresholdsComeFromOptionsBeforeManifest) {
  DetectorOptions options;
  options.model = kModels + "yolov8_64.onnx";
  options.person_score = 0.9F;
  options.ball_score = 0.99F;
  const auto found = run_once(options, block_picture());
  EXPECT_TRUE(std::ranges::all_of(found.people, [](const auto& person) { return person.score >= 0.9F; }));
  EXPECT_TRUE(found.balls.empty());
}

std::string refusal_of(const DetectorOptions& options) {
  try {
    Detector::open(options);
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

TEST(Detector, RefusalsNameTheOutputAndSayWhatToDo) {
  using testing::HasSubstr;
  DetectorOptions options;
  options.model = kModels + "unknown_64.onnx";
  EXPECT_THAT(refusal_of(options), HasSubstr("the output 'logits' [1,3,1,1]"));
  options.model = kModels + "pitch_pose_64.onnx";
  EXPECT_THAT(refusal_of(options), HasSubstr("--pitch-model"));
  options.model = kModels + "yolov8_64.onnx";
  options.pitch_model = kModels + "yolov5_64.onnx";
  EXPECT_THAT(refusal_of(options), HasSubstr("the output 'output' [1,252,7]"));
  options.pitch_model.clear();
  options.size = "128";
  EXPECT_THAT(refusal_of(options), HasSubstr("takes pictures of 64x64 only"));
  options.size = "huge";
  EXPECT_THAT(refusal_of(options), HasSubstr("none of auto, N"));
  options.model = "no_such_model";
  EXPECT_THAT(refusal_of(options), HasSubstr("there is no model 'no_such_model'"));
  EXPECT_THAT(refusal_of(options), HasSubstr("touchline_n"));
}

TEST(Detector, BrokenContractsAreRefused) {
  EXPECT_THROW(Detector::open({.model = ""}), base::Error);
  EXPECT_THROW(Detector::open({.slots = 0}), base::Error);
  EXPECT_THROW(Detector::open({.person_score = 1.5F}), base::Error);
  EXPECT_THROW(Detector::open({.source_width_px = 100}), base::Error);
  DetectorOptions options;
  options.model = kModels + "yolov8_64.onnx";
  const auto detector = Detector::open(options);
  EXPECT_THROW(detector->start(2, block_picture()), base::Error);
  EXPECT_THROW(detector->wait(-1), base::Error);
}

}  // namespace
}  // namespace touchline::detect
