#include "touchline/evaluate/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/error_of.h"
#include "testing/temp_path.h"
#include "touchline/base/error.h"
#include "touchline/evaluate/picture_header.h"

namespace touchline::evaluate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::error_of;

TEST(ObjectLabels, AreTurnedIntoPixels) {
  const auto objects = parse_object_labels("0 0.5 0.25 0.1 0.2\r\n\n3 0.95 0.95 0.1 0.1", {1000, 500}, "a.txt");
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects[0].object_class, records::ObjectClass::kBall);
  EXPECT_FLOAT_EQ(objects[0].box_px.x0, 450);
  EXPECT_FLOAT_EQ(objects[0].box_px.y0, 75);
  EXPECT_FLOAT_EQ(objects[0].box_px.x1, 550);
  EXPECT_FLOAT_EQ(objects[0].box_px.y1, 175);
  EXPECT_EQ(objects[1].object_class, records::ObjectClass::kReferee);
  EXPECT_TRUE(parse_object_labels("", {10, 10}, "a.txt").empty());
}

TEST(ObjectLabels, MistakesNameFileAndLine) {
  const std::vector<std::pair<const char*, const char*>> table = {
      {"0 0.5 0.5 0.1", "a.txt:1: 4 numbers, 5 are expected"},
      {"0 0.5 0.5 0.1 0.1\n4 0.5 0.5 0.1 0.1", "a.txt:2: class 4 is unknown"},
      {"1.5 0.5 0.5 0.1 0.1", "class 1.5 is unknown"},
      {"-1 0.5 0.5 0.1 0.1", "class -1 is unknown"},
      {"0 0.98 0.5 0.1 0.1", "a.txt:1: the box lies outside the picture"},
      {"0 0.5 0.01 0.1 0.1", "outside the picture"},
      {"0 0.5 0.5 0 0.1", "the box has no size"},
      {"0 x 0.5 0.1 0.1", "'x' is not a number"},
      {"0 nan 0.5 0.1 0.1", "'nan' is not a number"},
  };
  for (const auto& [text, says] : table) {
    EXPECT_THAT(error_of([&] { parse_object_labels(text, {100, 100}, "a.txt"); }), HasSubstr(says)) << text;
  }
}

std::string pitch_line(double first_x, double first_v) {
  std::string line = fmt::format("0 0.5 0.5 1 1 {} 0.5 {}", first_x, first_v);
  for (int i = 1; i < 32; ++i) line += " 0 0 0";
  return line;
}

TEST(PointLabels, AreTurnedIntoPixels) {
  const auto points = parse_point_labels(pitch_line(0.25, 2), {1280, 720}, "p.txt");
  EXPECT_EQ(points[0].label, PointLabel::kVisible);
  EXPECT_EQ(points[0].point_px, (geometry::ImagePoint{320, 360}));
  EXPECT_EQ(points[1].label, PointLabel::kAbsent);
  EXPECT_EQ(parse_point_labels(pitch_line(0.25, 1), {1280, 720}, "p.txt")[0].label, PointLabel::kUnjudged);
  EXPECT_EQ(parse_point_labels("", {1280, 720}, "p.txt")[0].label, PointLabel::kAbsent);
}

TEST(PointLabels, MistakesNameFileAndLine) {
  EXPECT_THAT(error_of([] {
                parse_point_labels(pitch_line(1.5, 2), {10, 10}, "p.txt");
              }),
              HasSubstr("p.txt:1: point 1 is visible and outside"));
  EXPECT_THAT(error_of([] { parse_point_labels(pitch_line(0.5, 3), {10, 10}, "p.txt"); }), HasSubstr("visibility 3"));
  EXPECT_THAT(error_of([] { parse_point_labels("0 0.5 0.5 1 1", {10, 10}, "p.txt"); }), HasSubstr("101 are expected"));
  EXPECT_THAT(error_of([] {
                parse_point_labels(pitch_line(0, 0) + "\n" + pitch_line(0, 0), {10, 10}, "p.txt");
              }),
              HasSubstr("p.txt:2: a second pitch"));
}

class Folder : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "images");
    fs::create_directories(folder_ / "labels");
    // The head of a 1280 × 720 PNG.
    const unsigned char png[24] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13,
                                   'I',  'H', 'D', 'R', 0,  0,  5,  0,  0, 0, 2, 208};
    std::ofstream(folder_ / "images" / "a.png", std::ios::binary).write(reinterpret_cast<const char*>(png), 24);
    std::ofstream(folder_ / "labels" / "a.txt") << "2 0.5 0.5 0.1 0.1\n";
  }
  const tests::TempPath scratch_;
  const fs::path folder_ = scratch_.path();
};

TEST_F(Folder, FindsLabelsByTheFilesName) {
  const LabelFolder labels(folder_.string());
  EXPECT_EQ(labels.count(), 1);
  const auto objects = labels.objects_of("/some/where/a.png");
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_FLOAT_EQ(objects[0].box_px.x1, 704);
}

TEST_F(Folder, WhatIsMissingIsNamed) {
  const LabelFolder labels(folder_.string());
  EXPECT_THAT(error_of([&] { labels.objects_of("b.png"); }), HasSubstr("labels/b.txt' for the picture 'b.png'"));
  std::ofstream(folder_ / "labels" / "c.txt") << "";
  EXPECT_THAT(error_of([&] { labels.objects_of("c.png"); }), HasSubstr("images/c.png': No such file"));
  std::ofstream(folder_ / "images" / "c.png") << "hello, no picture";
  EXPECT_THAT(error_of([&] { labels.objects_of("c.png"); }), HasSubstr("neither a JPEG nor a PNG"));
  EXPECT_THAT(error_of([&] { LabelFolder((folder_ / "images").string()); }), HasSubstr("has no folder 'images'"));
}

TEST(PictureHeader, RealPicturesHaveTheirKnownSizes) {
  const fs::path data = fs::path(TOUCHLINE_SHARED_DIR) / "data";
  if (!fs::exists(data)) GTEST_SKIP() << "no development data in " << data;
  const auto first = [&](const char* set) { return fs::directory_iterator(data / set / "images")->path().string(); };
  EXPECT_EQ(read_picture_size(first("players")).width_px, 1280);
  EXPECT_EQ(read_picture_size(first("players")).height_px, 720);
  EXPECT_EQ(read_picture_size(first("ball")).width_px, 640);
}

TEST(PictureHeader, BrokenHeadsAreNoPicture) {
  const std::vector<std::vector<unsigned char>> heads = {{},
                                                         {0xFF, 0xD8},
                                                         {0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 1, 1, 1, 1, 1, 1, 1},
                                                         {0xFF, 0xD8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
                                                         {0x89, 'P', 'N', 'G', 0, 0},
                                                         {'G', 'I', 'F', '8', '9'}};
  for (const auto& head : heads) EXPECT_FALSE(picture_size_of(head).has_value());
}

// Every label file of the development data obeys the rules.
TEST(ObjectLabels, DevelopmentDataIsReadable) {
  const fs::path data = fs::path(TOUCHLINE_SHARED_DIR) / "data";
  if (!fs::exists(data)) GTEST_SKIP() << "no development data in " << data;
  for (const char* set : {"players", "ball", "extra/objectify"}) {
    const LabelFolder labels((data / set).string());
    int read = 0;
    for (const auto& entry : fs::directory_iterator(data / set / "images")) {
      EXPECT_NO_THROW(labels.objects_of(entry.path().string())) << entry.path();
      if (++read == 60) break;
    }
  }
  const LabelFolder pitch((data / "pitch").string());
  for (const auto& entry : fs::directory_iterator(data / "pitch" / "images")) {
    EXPECT_NO_THROW(pitch.points_of(entry.path().string())) << entry.path();
  }
}

}  // namespace
}  // namespace touchline::evaluate
