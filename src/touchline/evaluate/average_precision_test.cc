#include "touchline/evaluate/average_precision.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <vector>

#include "testing/temp_path.h"
#include "touchline/base/error.h"

namespace touchline::evaluate {
namespace {

// A random scene of five pictures, printed by NumPy (seed 42) and judged by pycocotools.
const std::vector<TrueBox> kTruth = {{0, {154, 130, 177, 152}}, {0, {171, 17, 201, 33}},  {1, {105, 195, 137, 227}},
                                     {1, {143, 157, 168, 170}}, {2, {90, 100, 111, 115}}, {2, {185, 156, 214, 178}},
                                     {2, {164, 109, 187, 132}}, {2, {45, 18, 71, 54}},    {2, {12, 171, 46, 189}},
                                     {3, {33, 151, 64, 171}},   {3, {13, 194, 36, 230}},  {3, {135, 155, 167, 170}},
                                     {3, {72, 93, 96, 104}},    {4, {30, 148, 60, 185}},  {4, {148, 73, 187, 95}},
                                     {4, {65, 181, 86, 193}},   {4, {93, 159, 108, 182}}};

std::vector<ScoredBox> detections() {
  std::vector<ScoredBox> boxes = {
      {0, {171, 15, 198, 34}, 0.67},   {0, {176, 16, 197, 37}, 0.63},   {1, {101, 193, 140, 231}, 0.44},
      {1, {108, 199, 136, 231}, 0.29}, {2, {92, 96, 115, 112}, 0.80},   {2, {85, 103, 114, 118}, 0.66},
      {2, {187, 154, 217, 179}, 0.46}, {2, {165, 104, 183, 129}, 0.12}, {2, {47, 20, 71, 58}, 0.56},
      {3, {34, 152, 65, 172}, 0.09},   {3, {34, 154, 62, 172}, 0.04},   {3, {12, 199, 33, 228}, 0.41},
      {3, {139, 150, 164, 174}, 0.06}, {3, {139, 153, 172, 168}, 0.43}, {3, {68, 94, 96, 107}, 0.99},
      {4, {29, 147, 59, 188}, 0.32},   {4, {60, 177, 81, 196}, 0.72},   {4, {93, 161, 104, 186}, 0.50},
      {4, {98, 155, 108, 184}, 0.50},  {2, {33, 76, 50, 95}, 0.68},     {3, {121, 72, 159, 84}, 0.34},
      {0, {67, 192, 87, 229}, 0.50},   {3, {91, 53, 123, 92}, 0.27},    {3, {52, 143, 85, 166}, 0.73},
      {1, {15, 19, 38, 56}, 0.13},     {2, {140, 40, 171, 59}, 0.81},   {2, {109, 35, 132, 70}, 0.02}};
  std::stable_sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.picture < b.picture; });
  return boxes;
}

TEST(AveragePrecision, AgreesWithPycocotools) {
  const ApResult at50 = average_precision(kTruth, detections(), {});
  EXPECT_NEAR(*at50.ap, 0.40459185237409184, 1e-9);
  EXPECT_NEAR(at50.recall, 0.7058823529411765, 1e-12);
  ApOptions options;
  options.threshold = 0.75;
  EXPECT_NEAR(*average_precision(kTruth, detections(), options).ap, 0.04356435643564357, 1e-9);
}

TEST(AveragePrecision, PerfectAndEmptyCases) {
  std::vector<ScoredBox> perfect;
  for (const auto& object : kTruth) perfect.push_back({object.picture, object.box_px, 0.9});
  const ApResult result = average_precision(kTruth, perfect, {});
  EXPECT_NEAR(*result.ap, 1, 1e-12);
  EXPECT_EQ(result.best_f1, 1);
  EXPECT_EQ(average_precision(kTruth, {}, {}).ap, 0);
  EXPECT_FALSE(average_precision({}, perfect, {}).ap.has_value());
}

TEST(AveragePrecision, ASecondBoxOnOneObjectIsAMistake) {
  const std::vector<TrueBox> truth = {{0, {0, 0, 10, 10}}, {0, {50, 0, 60, 10}}};
  const std::vector<ScoredBox> twice = {{0, {0, 0, 10, 10}, 0.9}, {0, {0, 0, 10, 9}, 0.8}, {0, {50, 0, 60, 10}, 0.7}};
  const ApResult result = average_precision(truth, twice, {});
  // By hand: precision 1 up to recall ½ (51 of 101 points), ⅔ beyond (50 points).
  EXPECT_NEAR(*result.ap, (51 + 50 * 2 / 3.0) / 101, 1e-12);
  EXPECT_NEAR(result.best_f1, 0.8, 1e-12);
  EXPECT_EQ(result.best_f1_score, 0.7);
  EXPECT_NEAR(result.sure_recall, 0.5, 1e-12);  // precision 1, ½, ⅔
}

// By hand: nine of ten right is sure enough, the next mistake is not.
TEST(AveragePrecision, SureRecallAllowsOneMistakeInTen) {
  std::vector<TrueBox> truth;
  std::vector<ScoredBox> boxes = {{20, {0, 0, 10, 10}, 0.95}};
  for (int i = 0; i < 20; ++i) {
    truth.push_back({i, {0, 0, 10, 10}});
    if (i < 12) boxes.push_back({i, {0, 0, 10, 10}, i < 9 ? 0.9 : 0.1});
  }
  boxes.push_back({21, {0, 0, 10, 10}, 0.5});
  EXPECT_NEAR(average_precision(truth, boxes, {}).sure_recall, 9 / 20.0, 1e-12);
}

// By hand: said to be players both; as referees they rank right, then wrong.
TEST(AveragePrecision, APersonIsACandidateOfEveryClassHeScoresFor) {
  using records::ObjectClass;
  const records::DetectedObject both{ObjectClass::kPlayer, {0, 0, 10, 10}, 0.75, {0.005F, 0.625F, 0.5F}};
  EXPECT_FALSE(score_as(both, ObjectClass::kGoalkeeper).has_value());  // below 0.01
  EXPECT_EQ(score_as(both, ObjectClass::kPlayer), 0.625);              // not that of the box
  EXPECT_EQ(score_as(both, ObjectClass::kReferee), 0.5);
  EXPECT_FALSE(score_as(both, ObjectClass::kBall).has_value());
  EXPECT_EQ(score_as({ObjectClass::kBall, {}, 0.4, {}}, ObjectClass::kBall), 0.4);
  EXPECT_FALSE(score_as({ObjectClass::kBall, {}, 0.4, {}}, ObjectClass::kPlayer).has_value());
  EXPECT_EQ(score_as({ObjectClass::kPlayer, {}, 0.4, {}}, ObjectClass::kPlayer), 0.4);  // a track's role has no other
  EXPECT_FALSE(score_as({ObjectClass::kPlayer, {}, 0.4, {}}, ObjectClass::kReferee).has_value());
  const std::vector<TrueBox> referee = {{0, {0, 0, 10, 10}}};
  const std::vector<ScoredBox> candidates = {{0, {0, 0, 10, 10}, 0.5}, {0, {50, 0, 60, 10}, 0.2}};
  const ApResult result = class_result(referee, {}, candidates);
  EXPECT_NEAR(*result.ap, 1, 1e-12);
  EXPECT_EQ(result.recall, 0);  // nobody was said to be one
  EXPECT_EQ(result.detections, 0);
}

TEST(AveragePrecision, BallsAreJudgedByTheirCentres) {
  const std::vector<TrueBox> truth = {{0, {96, 96, 104, 104}}};
  ApOptions options;
  options.rule = ApOptions::Rule::kCenterPixels;
  options.threshold = 8;
  const std::vector<ScoredBox> near = {{0, {104, 96, 112, 104}, 0.5}};  // no overlap, 8 px away
  EXPECT_NEAR(*average_precision(truth, near, options).ap, 1, 1e-12);
  const std::vector<ScoredBox> far = {{0, {104.5, 96, 112.5, 104}, 0.5}};
  EXPECT_EQ(*average_precision(truth, far, options).ap, 0);
}

TEST(AveragePrecision, NearIsInsideTheBoxToo) {
  const std::vector<TrueBox> truth = {{0, {0, 0, 100, 100}}};
  const std::vector<ScoredBox> inside = {{0, {0, 0, 10, 10}, 0.5}};
  EXPECT_EQ(hits_of(truth, inside, {ApOptions::Rule::kCenterNear, 8, 100})[0], 0U);
  EXPECT_FALSE(hits_of(truth, inside, {ApOptions::Rule::kCenterPixels, 8, 100})[0].has_value());
}

// By hand: the ignorable mistake is gone, the ignorable hit stays.
TEST(AveragePrecision, IgnorableMistakesCountNeitherWay) {
  const std::vector<TrueBox> truth = {{0, {0, 0, 10, 10}}, {0, {50, 0, 60, 10}}};
  const std::vector<ScoredBox> boxes = {
      {0, {200, 0, 210, 10}, 0.9, true}, {0, {0, 0, 10, 10}, 0.8, true}, {0, {300, 0, 310, 10}, 0.7}};
  const ApResult result = average_precision(truth, boxes, {});
  EXPECT_EQ(result.detections, 2);
  EXPECT_NEAR(result.precision, 0.5, 1e-12);
  EXPECT_NEAR(result.recall, 0.5, 1e-12);
  EXPECT_NEAR(*result.ap, 51 / 101.0, 1e-12);
}

TEST(AveragePrecision, OnlyTheBestOfAPictureCount) {
  ApOptions options;
  options.most_per_picture = 1;
  EXPECT_EQ(average_precision(kTruth, detections(), options).detections, 5);
}

TEST(AveragePrecision, BrokenOptionsThrow) {
  EXPECT_THROW(average_precision({}, {}, {ApOptions::Rule::kIou, 0, 100}), base::Error);
  EXPECT_THROW(average_precision({}, {}, {ApOptions::Rule::kIou, 2, 100}), base::Error);
  EXPECT_THROW(average_precision({}, {}, {ApOptions::Rule::kIou, 0.5, 0}), base::Error);
  EXPECT_THROW(PeopleOptions{.min_score = 1.1}.check(), base::Error);
  EXPECT_THROW(PeopleOptions{.min_score = std::nan("")}.check(), base::Error);
}

/// A labelled picture of 1280 × 720 with a player, a referee and a ball; of the detections two people and the ball are
/// right.
class LabelledPicture : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "images");
    std::filesystem::create_directories(folder_ / "labels");
    const unsigned char png[24] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13,
                                   'I',  'H', 'D', 'R', 0,  0,  5,  0,  0, 0, 2, 208};
    std::ofstream(folder_ / "images" / "a.png", std::ios::binary).write(reinterpret_cast<const char*>(png), 24);
    // Boxes 128..256 × 72..144, 640..768 × 72..144 and 320..352 × 360..378.
    std::ofstream(folder_ / "labels" / "a.txt") << "2 0.15 0.15 0.1 0.1\n3 0.55 0.15 0.1 0.1\n"
                                                   "0 0.2625 0.5125 0.025 0.025\n";
    using match::PersonClass;
    match::FrameDetections seen;
    seen.people = {{{128, 72, 256, 144}, PersonClass::kPlayer, 0.9F, {}},
                   {{900, 400, 950, 500}, PersonClass::kPlayer, 0.6F, {}},
                   {{640, 72, 768, 144}, PersonClass::kReferee, 0.2F, {}},
                   {{1000, 400, 1050, 500}, PersonClass::kPlayer, 0.1F, {}}};
    seen.balls = {{{336, 369}, {320, 360, 352, 378}, 0.1F}};
    records::DetectionsWriter writer(detections_);
    writer.write("a.png", seen);
    writer.finish();
  }
  DetectReport report_from(double min_score) const {
    return evaluate_detections(detections_, folder_.string(), {.min_score = min_score});
  }
  static const ApResult& line(const DetectReport& report, const std::string& name) {
    return std::ranges::find(report.classes, name, &ClassAp::name)->result;
  }

  const tests::TempPath scratch_;
  const std::filesystem::path folder_ = scratch_.path() / "set";
  const std::string detections_ = (scratch_.path() / "detections.json").string();
};

TEST_F(LabelledPicture, AScoreOutsideItsRangeIsRefused) {
  EXPECT_NO_THROW(report_from(1));
  EXPECT_THROW(report_from(-0.1), base::Error);
}

// By hand: right, wrong, right, wrong. AP: precision 1 at the recalls 0 to ½, ⅔ at the 50 beyond.
TEST_F(LabelledPicture, EveryScoreCountsForApAndThoseFromAScoreOnForTheRest) {
  const double ap = (51 + 50 * 2 / 3.0) / 101;
  const DetectReport whole = report_from(0);
  EXPECT_NEAR(*line(whole, "person").ap, ap, 1e-12);
  EXPECT_NEAR(line(whole, "person").recall, 1, 1e-12);
  EXPECT_EQ(line(whole, "person").detections, 4);
  EXPECT_NEAR(line(whole, "person").best_f1, 0.8, 1e-12);  // 2 · 2 / (3 + 2)
  EXPECT_EQ(line(whole, "player").detections, 3);
  EXPECT_NEAR(line(whole, "referee").recall, 1, 1e-12);

  const DetectReport sure = report_from(0.25);
  EXPECT_NEAR(*line(sure, "person").ap, ap, 1e-12);
  EXPECT_NEAR(line(sure, "person").recall, 0.5, 1e-12);
  EXPECT_NEAR(line(sure, "person").precision, 0.5, 1e-12);
  EXPECT_EQ(line(sure, "person").detections, 2);
  EXPECT_NEAR(line(sure, "person").best_f1, 2 / 3.0, 1e-12);  // 2 · 1 / (1 + 2)
  EXPECT_EQ(line(sure, "player").detections, 2);
  EXPECT_NEAR(*line(sure, "referee").ap, 1, 1e-12);
  EXPECT_EQ(line(sure, "referee").recall, 0);
  EXPECT_NEAR(line(sure, "ball").recall, 1, 1e-12);
  EXPECT_NEAR(line(sure, "ball 8px").recall, 1, 1e-12);
  EXPECT_NEAR(*sure.mean_ap, 1, 1e-12);  // ball, player, referee
}

// The labels themselves as detections must be perfect.
TEST(DetectReport, RealLabelsAgainstThemselvesArePerfect) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(TOUCHLINE_SHARED_DIR) / "data" / "players";
  if (!fs::exists(folder)) GTEST_SKIP() << "no labelled pictures in " << folder;
  const LabelFolder labels(folder.string());
  const tests::TempPath scratch(".json");
  const fs::path path = scratch.path();
  records::DetectionsWriter writer(path);
  int pictures = 0;
  for (const auto& entry : fs::directory_iterator(folder / "images")) {
    if (++pictures > 40) break;
    match::FrameDetections detections;
    for (const auto& object : labels.objects_of(entry.path().string())) {
      if (object.object_class == records::ObjectClass::kBall) {
        detections.balls.push_back({object.box_px.center(), object.box_px, 0.5F});
      } else {
        const auto person = static_cast<match::PersonClass>(static_cast<int>(object.object_class) - 1);
        detections.people.push_back({object.box_px, person, 0.5F, {}});
      }
    }
    writer.write(entry.path().filename().string(), detections);
  }
  writer.finish();
  const DetectReport report = evaluate_detections(path.string(), folder.string(), {});
  EXPECT_EQ(report.pictures, 40);
  EXPECT_NEAR(*report.mean_ap, 1, 1e-9);
  ASSERT_EQ(report.classes.size(), 6U);
  for (const auto& line : report.classes) EXPECT_NEAR(*line.result.ap, 1, 1e-9) << line.name;
  EXPECT_NE(to_text(report).find("ball 8px"), std::string::npos);
  EXPECT_NE(to_json(report).find("\"mean_ap50\": 1.0"), std::string::npos);
}

}  // namespace
}  // namespace touchline::evaluate
