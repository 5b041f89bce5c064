#include "touchline/evaluate/cameras.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/records/detections.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

match::Detection person(match::PersonClass person_class, geometry::BoxPx box, float score) {
  return {box, person_class, score, {}};
}

match::BallCandidate ball(geometry::BoxPx box, float score) {
  return {box.center(), box, score};
}

/// A folder with labels of three clips and a file of detections of two of them, made by hand.
class Cameras : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(labels_);
    std::ofstream(labels_ / "c.jsonl")
        << R"({"clip":"c.mp4","size_px":[1280,720],"group":"decisions","either_end":false})"
           "\n"
           R"({"frame":1,"objects":[{"class":"player","box_px":[100,100,120,160]},)"
           R"({"class":"goalkeeper","box_px":[300,100,320,160]},{"class":"referee","box_px":[500,100,520,160]},)"
           R"({"class":"ball","box_px":[700,200,710,210]}],"ignore":[{"of":"people","box_px":[0,0,1280,50]}],)"
           R"("points":[[14,640,100]],"hidden_points":[15]})"
           "\n"
           R"({"frame":2,"objects":[],"ignore":[],"points":[],"hidden_points":[]})";
    std::ofstream(labels_ / "d.jsonl")
        << R"({"clip":"d.mp4","size_px":[640,360],"group":"reported","either_end":true})"
           "\n"
           R"({"frame":5,"objects":[{"class":"ball","box_px":[100,100,160,160]},{"class":"ball","box_px":[400,100,404,104]}],)"
           R"("ignore":[{"of":"ball","box_px":[300,0,340,40]}],"points":[[1,10,10],[9,60,60]],"hidden_points":[]})";
    std::ofstream(labels_ / "e.jsonl")
        << R"({"clip":"e.mp4","size_px":[640,360],"group":"reported","either_end":false})"
           "\n"
           R"({"frame":0,"objects":[],"ignore":[],"points":[],"hidden_points":[]})";
    records::DetectionsWriter writer(detections_);
    writer.write("c.mp4#1", first_frame());
    writer.write("d.mp4#5", second_frame());
    writer.finish();
  }

  static match::FrameDetections first_frame() {
    match::FrameDetections seen;
    seen.people.push_back(person(match::PersonClass::kPlayer, {100, 100, 120, 160}, 0.9F));
    seen.people.push_back(person(match::PersonClass::kPlayer, {300, 100, 320, 160}, 0.8F));  // the goalkeeper
    seen.people.back().class_scores = {0.3F, 0.8F, 0.1F};
    seen.people.push_back(person(match::PersonClass::kPlayer, {600, 10, 620, 55}, 0.7F));    // mostly in the crowd
    seen.people.push_back(person(match::PersonClass::kPlayer, {900, 300, 920, 360}, 0.6F));  // nobody
    seen.balls.push_back(ball({712, 200, 722, 210}, 0.9F));                                  // 12 px beside the ball
    seen.balls.push_back(ball({706, 203, 711, 208}, 0.5F));                                  // 3.5 px
    seen.points[13] = {{649, 100}, 0.9F};
    seen.points[14] = {{640, 300}, 0.9F};  // hidden
    seen.points[16] = {{640, 700}, 0.9F};  // not there
    return seen;
  }

  static match::FrameDetections second_frame() {
    match::FrameDetections seen;
    seen.balls.push_back(ball({106, 106, 114, 114}, 0.9F));  // far from the large ball's centre, but on the ball
    seen.balls.push_back(ball({310, 10, 320, 20}, 0.8F));    // a spare ball
    seen.balls.push_back(ball({405, 100, 409, 104}, 0.7F));  // 5 px: 10 px of a picture 1280 px long
    seen.points[29] = {{10, 14}, 0.9F};                      // point 1, numbered from the other end: 8 px at 1280
    seen.points[21] = {{60, 66}, 0.9F};                      // point 9 likewise: 12 px
    return seen;
  }

  /// The first frame and two people of low scores: the referee, and nobody.
  std::string detections_with_weak_people() const {
    auto seen = first_frame();
    seen.people.push_back(person(match::PersonClass::kReferee, {500, 100, 520, 160}, 0.2F));
    seen.people.push_back(person(match::PersonClass::kPlayer, {1000, 300, 1020, 360}, 0.1F));
    const std::string path = (scratch_.path() / "weak.json").string();
    records::DetectionsWriter writer(path);
    writer.write("c.mp4#1", seen);
    writer.finish();
    return path;
  }

  const tests::TempPath scratch_;
  const fs::path labels_ = scratch_.path() / "labels";
  const std::string detections_ = (scratch_.path() / "detections.json").string();
};

TEST_F(Cameras, PeopleAndRolesByHand) {
  const auto report = evaluate_cameras(detections_, labels_.string(), {});
  ASSERT_EQ(report.lines.size(), 5U);
  EXPECT_EQ(report.lines[0].name, "c.mp4");
  EXPECT_EQ(report.lines[2].name, "decisions");
  EXPECT_EQ(report.lines[3].name, "reported");
  EXPECT_EQ(report.lines[4].name, "all");
  const CameraScore& c = report.lines[0];
  EXPECT_EQ(c.frames, 1);  // frame 2 is not in the file
  EXPECT_EQ(c.people.true_objects, 3);
  EXPECT_EQ(c.people.detections, 3);  // the one in the crowd does not count
  EXPECT_NEAR(c.people.recall, 2 / 3.0, 1e-12);
  EXPECT_NEAR(c.people.precision, 2 / 3.0, 1e-12);
  EXPECT_NEAR(*c.people.ap, 67 / 101.0, 1e-12);  // precision 1 at the recalls 0, 0.01, …, 0.66
  EXPECT_NEAR(*c.roles_right, 0.5, 1e-12);
  EXPECT_NEAR(*c.false_people_a_frame, 1, 1e-12);
  EXPECT_NEAR(*c.classes[0].result.ap, 1, 1e-12);  // the goalkeeper's own score ranks him, though said to be a player
  EXPECT_EQ(c.classes[0].result.recall, 0);
  EXPECT_NEAR(*c.classes[1].result.ap, 1, 1e-12);  // player
  EXPECT_NEAR(c.classes[1].result.precision, 1 / 3.0, 1e-12);
  EXPECT_NEAR(c.classes[2].result.recall, 0, 1e-12);  // referee
  EXPECT_NEAR(*report.lines[4].false_people_a_frame, 0.5, 1e-12);
  EXPECT_FALSE(report.lines[1].roles_right.has_value());
}

// By hand: right, right, wrong, right, wrong. AP: precision 1 at the recalls 0 to 0.66, ¾ at the 34 beyond.
TEST_F(Cameras, EveryScoreCountsForApAndThoseFromAScoreOnForTheRest) {
  const std::string weak = detections_with_weak_people();
  const double ap = (67 + 34 * 0.75) / 101;
  const CameraScore whole = evaluate_cameras(weak, labels_.string(), {}).lines[0];
  EXPECT_NEAR(*whole.people.ap, ap, 1e-12);
  EXPECT_EQ(whole.people.detections, 5);
  EXPECT_NEAR(whole.people.recall, 1, 1e-12);
  EXPECT_NEAR(whole.people.precision, 3 / 5.0, 1e-12);
  EXPECT_NEAR(*whole.roles_right, 2 / 3.0, 1e-12);
  EXPECT_NEAR(*whole.false_people_a_frame, 2, 1e-12);
  EXPECT_NEAR(whole.classes[1].result.precision, 1 / 4.0, 1e-12);  // player
  EXPECT_NEAR(whole.classes[2].result.recall, 1, 1e-12);           // referee

  const CameraScore sure = evaluate_cameras(weak, labels_.string(), {.min_score = 0.25}).lines[0];
  EXPECT_NEAR(*sure.people.ap, ap, 1e-12);
  EXPECT_EQ(sure.people.detections, 3);
  EXPECT_NEAR(sure.people.recall, 2 / 3.0, 1e-12);
  EXPECT_NEAR(sure.people.precision, 2 / 3.0, 1e-12);
  EXPECT_NEAR(*sure.roles_right, 0.5, 1e-12);
  EXPECT_NEAR(*sure.false_people_a_frame, 1, 1e-12);
  EXPECT_NEAR(*sure.classes[0].result.ap, 1, 1e-12);  // the goalkeeper, by his score as one
  EXPECT_NEAR(sure.classes[1].result.precision, 1 / 3.0, 1e-12);
  EXPECT_NEAR(*sure.classes[2].result.ap, 1, 1e-12);  // 0.2 before the 0.1 that the goalkeeper has as a referee
  EXPECT_EQ(sure.classes[2].result.recall, 0);
  EXPECT_EQ(sure.classes[2].result.detections, 0);
}

TEST_F(Cameras, APersonOfTheLeastScoreCountsAndBallsAlwaysDo) {
  const std::string weak = detections_with_weak_people();
  EXPECT_EQ(evaluate_cameras(weak, labels_.string(), {.min_score = 0.2}).lines[0].people.detections, 4);
  const CameraScore best = evaluate_cameras(weak, labels_.string(), {.min_score = 0.85}).lines[0];
  EXPECT_NEAR(best.people.recall, 1 / 3.0, 1e-12);
  EXPECT_NEAR(best.people.precision, 1, 1e-12);
  EXPECT_NEAR(*best.roles_right, 1, 1e-12);
  EXPECT_NEAR(*best.false_people_a_frame, 0, 1e-12);
  EXPECT_EQ(best.ball.detections, 2);  // the one that is right has 0.5
  EXPECT_NEAR(best.ball.recall, 1, 1e-12);
  EXPECT_THROW(evaluate_cameras(weak, labels_.string(), {.min_score = 1.5}), base::Error);
}

TEST_F(Cameras, BallsByHand) {
  const auto report = evaluate_cameras(detections_, labels_.string(), {});
  EXPECT_NEAR(report.lines[0].ball.recall, 1, 1e-12);
  EXPECT_EQ(report.lines[0].ball.sure_recall, 0);  // the mistake has the higher score
  EXPECT_NEAR(report.lines[0].ball.precision, 0.5, 1e-12);
  EXPECT_NEAR(*report.lines[0].ball.ap, 0.5, 1e-12);
  EXPECT_EQ(report.lines[1].ball.detections, 2);  // the spare ball does not count
  EXPECT_NEAR(report.lines[1].ball.recall, 0.5, 1e-12);
  EXPECT_NEAR(report.lines[1].ball.precision, 0.5, 1e-12);
  EXPECT_NEAR(report.lines[4].ball.recall, 2 / 3.0, 1e-12);
}

TEST_F(Cameras, PointsByHand) {
  const auto report = evaluate_camera_pitch(detections_, labels_.string(), {});
  ASSERT_EQ(report.lines.size(), 5U);
  EXPECT_EQ(report.lines[0].points.hits, 1);
  EXPECT_EQ(report.lines[0].points.false_points, 1);
  EXPECT_NEAR(*report.lines[0].points.median_px, 9, 1e-9);
  EXPECT_EQ(report.lines[1].points.visible_points, 2);
  EXPECT_EQ(report.lines[1].points.seen_points, 2);
  EXPECT_EQ(report.lines[1].points.hits, 1);
  EXPECT_EQ(report.lines[1].points.false_points, 0);
  EXPECT_NEAR(*report.lines[4].points.pck, 2 / 3.0, 1e-12);
}

TEST_F(Cameras, WhatIsMissingIsNamed) {
  const auto report = evaluate_cameras(detections_, labels_.string(), {});
  EXPECT_THAT(report.unjudged, testing::ElementsAre("e.mp4"));
  EXPECT_THAT(to_text(report), HasSubstr("not judged: e.mp4"));
  fs::remove(labels_ / "d.jsonl");
  try {
    evaluate_cameras(detections_, labels_.string(), {});
    ADD_FAILURE() << "a frame without labels was judged";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), base::ErrorCode::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("has no labels for 'd.mp4#5'"));
  }
}

TEST_F(Cameras, ReportsArePrinted) {
  const auto people = evaluate_cameras(detections_, labels_.string(), {});
  EXPECT_THAT(to_text(people), HasSubstr("decisions"));
  EXPECT_THAT(to_json(people), HasSubstr("\"roles_right\": 0.5"));
  EXPECT_THAT(to_json(people), HasSubstr("\"unjudged\": [\n    \"e.mp4\"\n  ]"));
  const auto points = evaluate_camera_pitch(detections_, labels_.string(), {});
  EXPECT_THAT(to_text(points), HasSubstr("false a frame"));
  EXPECT_THAT(to_json(points), HasSubstr("\"false_points_a_frame\": 1.0"));
}

}  // namespace
}  // namespace touchline::evaluate
