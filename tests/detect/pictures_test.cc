// Real pictures through the whole path: JPEG decoder, letterbox, OpenVINO, decoding, suppression.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "touchline/detect/detector.h"
#include "touchline/evaluate/average_precision.h"
#include "touchline/evaluate/labels.h"
#include "touchline/media/frame_reader.h"

namespace touchline {
namespace {

const std::string kData = TOUCHLINE_SHARED_DIR "/data/";

image::Frame read_picture(const std::string& name) {
  return media::FrameReader::open(kData + "players/images/" + name)->next().value();
}

class RealPictures : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(kData + "players")) GTEST_SKIP() << "no labelled pictures in " << kData;
  }
};

// Expected: AP50 of people on these eight pictures by the trial's own decoding in NumPy over ONNX Runtime, 0.9825.
TEST_F(RealPictures, PeopleAreFoundAsOftenAsByThePythonTrial) {
  detect::DetectorOptions options;
  options.model = kData + "models/fused_n_736x1280.onnx";
  options.nms.min_part_cover = 2;  // the trial keeps parts
  options.person_score = 0.01F;
  const auto detector = detect::Detector::open(options);
  const evaluate::LabelFolder labels(kData + "players");
  std::vector<evaluate::TrueBox> truth;
  std::vector<evaluate::ScoredBox> found;
  int picture = 0;
  for (const char* name : {"744b27_1_1.jpg", "744b27_1_10.jpg", "a9f16c_2_1.jpg", "a9f16c_2_10.jpg", "cd987c_0_1.jpg",
                           "cd987c_0_2.jpg", "c01561_1_1.jpg", "c01561_1_10.jpg"}) {
    detector->start(0, read_picture(name));
    for (const auto& person : detector->wait(0).people) found.push_back({picture, person.box_px, double(person.score)});
    for (const auto& object : labels.objects_of(name)) {
      if (object.object_class != records::ObjectClass::kBall) truth.push_back({picture, object.box_px});
    }
    ++picture;
  }
  ASSERT_EQ(truth.size(), 180U);
  const auto ap = evaluate::average_precision(truth, found, {}).ap;
  ASSERT_TRUE(ap.has_value());
  EXPECT_NEAR(*ap, 0.9825, 0.01);
}

struct Expected {
  geometry::BoxPx box_px;
  float score;
};

// Expected: yolox_nano.onnx by ONNX Runtime on OpenCV's letterbox (INTER_AREA, 114 gray, BGR 0..255), decoded in NumPy,
// boxes of one person averaged by squared score; everyone with a score above 0.45. Another JPEG decoder and 4:2:0
// chroma make the difference.
TEST_F(RealPictures, AForeignDetectorFindsWhatOnnxRuntimeFinds) {
  detect::DetectorOptions options;
  options.model = kData + "models/yolox_nano.onnx";
  options.force_fp32 = true;
  const auto detector = detect::Detector::open(options);
  EXPECT_EQ(detector->info().layout, detect::Layout::kYoloX);
  EXPECT_EQ(detector->info().size, (detect::NetworkSize{416, 416}));
  detector->start(0, read_picture("cd987c_0_2.jpg"));
  const auto people = detector->wait(0).people;
  const std::vector<Expected> expected = {{{415.5F, 540.6F, 444.7F, 611.7F}, 0.786F},
                                          {{1053.3F, 477.7F, 1081.1F, 550.4F}, 0.679F},
                                          {{909.6F, 537.0F, 938.4F, 597.0F}, 0.632F},
                                          {{1172.5F, 511.8F, 1212.6F, 582.2F}, 0.622F},
                                          {{278.2F, 399.9F, 301.1F, 451.0F}, 0.491F}};
  ASSERT_GE(people.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const bool is_found = std::ranges::any_of(people, [&](const match::Detection& person) {
      return geometry::iou(person.box_px, expected[i].box_px) > 0.9F &&
             std::abs(person.score - expected[i].score) < 0.05F;
    });
    EXPECT_TRUE(is_found) << "person " << i;
  }
  EXPECT_NEAR(static_cast<double>(people.size()), 13, 2);
}

}  // namespace
}  // namespace touchline
