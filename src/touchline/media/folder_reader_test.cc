#include "touchline/media/folder_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "touchline/media/frame_reader.h"
#include "touchline/media/testing/fixture.h"

namespace touchline::media {
namespace {

using testing::TempPath;
using testing::Ycbcr;

bool make_picture(const std::string& path, int luma, int width = 40, int height = 30) {
  const bool jpeg = path.ends_with("jpg") || path.ends_with("JPG");
  const bool webp = path.ends_with("webp");
  testing::FixtureOptions options{.encoder = jpeg ? "mjpeg" : webp ? "libwebp" : path.ends_with("bmp") ? "bmp" : "png"};
  options.pixel_format = jpeg ? "yuvj444p" : webp ? "yuv420p" : path.ends_with("bmp") ? "gray" : "gray";
  options.full_range = jpeg;
  options.width = width;
  options.height = height;
  options.frames = 1;
  options.paint = [=](int, int, int) { return Ycbcr{luma, 128, 128}; };
  const TempPath made(jpeg ? ".mjpeg" : webp ? ".webp" : path.ends_with("bmp") ? ".bmp" : ".png");
  if (!make_video(made.str(), options)) return false;
  std::filesystem::copy_file(made.str(), path, std::filesystem::copy_options::overwrite_existing);
  return true;
}

TEST(NaturalOrder, ComparesRunsOfDigitsAsNumbers) {
  std::vector<std::string> names = {"f10.jpg",
                                    "f9.jpg",
                                    "f010.jpg",
                                    "f1.jpg",
                                    "a.jpg",
                                    "f1b.jpg",
                                    "f",
                                    "f18446744073709551617.jpg",
                                    "f18446744073709551616.jpg"};
  std::sort(names.begin(), names.end(), natural_less);
  const std::vector<std::string> expected = {"a.jpg",
                                             "f",
                                             "f1.jpg",
                                             "f1b.jpg",
                                             "f9.jpg",
                                             "f010.jpg",
                                             "f10.jpg",
                                             "f18446744073709551616.jpg",
                                             "f18446744073709551617.jpg"};
  EXPECT_EQ(names, expected);
  EXPECT_FALSE(natural_less("x1", "x1"));
  EXPECT_TRUE(natural_less("", "x"));
}

TEST(FolderReader, ReadsEveryFormatInNaturalOrderEachAtItsSize) {
  const TempPath folder("");
  std::filesystem::create_directory(folder.str());
  ASSERT_TRUE(make_picture(folder.str() + "/shot10.png", 130, 33, 21));
  ASSERT_TRUE(make_picture(folder.str() + "/shot2.JPG", 90, 40, 30));
  ASSERT_TRUE(make_picture(folder.str() + "/shot3.bmp", 50));
  const bool webp = make_picture(folder.str() + "/shot30.webp", 200);
  std::ofstream(folder.str() + "/notes.txt") << "not a picture";
  std::ofstream(folder.str() + "/.shot1.jpg") << "hidden";
  const auto reader = FrameReader::open(folder.str(), {.folder_frame_rate = 10});
  EXPECT_EQ(reader->info().frames_estimate, webp ? 4 : 3);
  EXPECT_EQ(reader->info().width, 40);
  EXPECT_EQ(reader->info().codec, "mjpeg");
  const auto jpg = reader->next();
  const auto bmp = reader->next();
  const auto png = reader->next();
  ASSERT_TRUE(jpg && bmp && png);
  EXPECT_NEAR(jpg->picture.y.at(20, 15), 90, 2);
  EXPECT_EQ(jpg->picture.color, (image::ColorSpace{image::ColorMatrix::kBt601, image::ColorRange::kFull}));
  EXPECT_EQ(png->width(), 33);
  EXPECT_EQ(png->height(), 21);
  EXPECT_EQ(png->index, 2);
  EXPECT_DOUBLE_EQ(png->pts_s, 0.2);
  if (webp) {
    EXPECT_TRUE(reader->next());
  }
  EXPECT_FALSE(reader->next());
}

TEST(FolderReader, SkipsAndCountsBrokenPictures) {
  const TempPath folder("");
  std::filesystem::create_directory(folder.str());
  ASSERT_TRUE(make_picture(folder.str() + "/1.png", 60));
  std::ofstream(folder.str() + "/2.png") << "this is text";
  std::ofstream(folder.str() + "/3.jpg");
  ASSERT_TRUE(make_picture(folder.str() + "/4.png", 80));
  const std::string whole = testing::read_bytes(folder.str() + "/4.png");
  testing::write_bytes(folder.str() + "/5.png", whole.substr(0, whole.size() / 2));
  const auto reader = FrameReader::open(folder.str());
  const auto first = reader->next();
  const auto second = reader->next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->index, 1);
  EXPECT_DOUBLE_EQ(second->pts_s, 3.0 / 25) << "a lost picture leaves its time empty";
  EXPECT_FALSE(reader->next());
  EXPECT_EQ(reader->damage().packets_lost, 3);
  ASSERT_TRUE(reader->damage().first_s);
  EXPECT_DOUBLE_EQ(*reader->damage().first_s, 1.0 / 25);
}

TEST(FolderReader, RgbPicturesBecomeBt709Limited) {
  const TempPath folder("");
  std::filesystem::create_directory(folder.str());
  testing::FixtureOptions options{.encoder = "png", .pixel_format = "rgb24", .frames = 1};
  options.paint = [](int, int, int) { return Ycbcr{255, 0, 0}; };  // components in the format's order: red
  ASSERT_TRUE(make_video(folder.str() + "/red.png", options));
  const auto frame = FrameReader::open(folder.str())->next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->picture.color, (image::ColorSpace{image::ColorMatrix::kBt709, image::ColorRange::kLimited}));
  EXPECT_NEAR(frame->picture.y.at(9, 9), 63, 1);
  EXPECT_NEAR(frame->picture.u.at(4, 4), 102, 1);
  EXPECT_NEAR(frame->picture.v.at(4, 4), 240, 1);
}

TEST(FolderReader, FolderWithoutPicturesIsOneSentence) {
  const TempPath folder("");
  std::filesystem::create_directory(folder.str());
  EXPECT_EQ(testing::error_of([&] { FrameReader::open(folder.str()); }),
            "folder " + folder.str() + " holds no pictures (jpg, png, bmp, webp); give another folder or a video");
  std::ofstream(folder.str() + "/1.png") << "this is text";
  EXPECT_EQ(testing::error_of([&] { FrameReader::open(folder.str()); }),
            "none of the 1 pictures in folder " + folder.str() + " can be read; they are damaged");
}

}  // namespace
}  // namespace touchline::media
