#include "touchline/media/sample_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/media/testing/fixture.h"

namespace touchline::media {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::frame_of;
using testing::TempPath;
using testing::Ycbcr;
using Numbers = std::vector<int>;

/// A folder of ten pictures, 0.png to 9.png, each of the gray that names it.
class SampleReaderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_.path());
    for (int i = 0; i < 10; ++i) {
      testing::FixtureOptions options{.encoder = "png"};
      options.pixel_format = "gray";
      options.frames = 1;
      options.paint = [i](int, int, int) { return Ycbcr{testing::luma_of(i), 128, 128}; };
      const TempPath made(".png");
      ASSERT_TRUE(testing::make_video(made.str(), options));
      fs::copy_file(made.path(), folder_.path() / (std::to_string(i) + ".png"));
    }
  }

  static Numbers frames_of(SampleReader& reader) {
    Numbers numbers;
    while (const auto frame = reader.next()) numbers.push_back(frame_of(frame->picture.y.row(5)[5]));
    return numbers;
  }

  TempPath folder_;
};

TEST_F(SampleReaderTest, PicturesAreSpreadEvenly) {
  SampleReader some({folder_.str()}, 4);
  EXPECT_EQ(some.expected(), 4);
  const Numbers four = frames_of(some);
  ASSERT_EQ(four.size(), 4U);
  SampleReader more({folder_.str()}, 99);
  EXPECT_EQ(more.expected(), 10);
  const Numbers all = frames_of(more);
  ASSERT_EQ(all.size(), 10U);
  EXPECT_EQ(four, (Numbers{all[1], all[3], all[6], all[8]}));
}

TEST_F(SampleReaderTest, ClipsAreReadToTheirEnd) {
  const TempPath clip(".mp4");
  ASSERT_TRUE(testing::make_video(clip.str(), {}));
  SampleReader five({clip.str()}, 5);
  EXPECT_EQ(frames_of(five), (Numbers{2, 7, 12, 17, 22}));
  SampleReader all({clip.str()}, 1000);
  EXPECT_EQ(frames_of(all).size(), 25U);
}

TEST_F(SampleReaderTest, ClipsAndPicturesGiveEqualShares) {
  const TempPath clip(".mp4");
  ASSERT_TRUE(testing::make_video(clip.str(), {}));
  SampleReader reader({clip.str(), folder_.str()}, 6);
  EXPECT_EQ(reader.expected(), 6);
  EXPECT_EQ(frames_of(reader).size(), 6U);
}

TEST_F(SampleReaderTest, ABrokenPictureIsNamedAndTheOthersGoOn) {
  std::ofstream(folder_.path() / "3.png") << "no picture";
  SampleReader reader({folder_.str()}, 10);
  int good = 0;
  int broken = 0;
  for (bool more = true; more;) {
    try {
      more = reader.next().has_value();
      good += more ? 1 : 0;
    } catch (const base::Error& error) {
      EXPECT_NE(std::string(error.what()).find("3.png"), std::string::npos) << error.what();
      ++broken;
    }
  }
  EXPECT_EQ(good, 9);
  EXPECT_EQ(broken, 1);
}

TEST_F(SampleReaderTest, RefusesWhatIsNotThere) {
  EXPECT_EQ(error_of([] { SampleReader({"/no/such/clip.mp4"}, 3); }),
            "there is no picture, folder or clip /no/such/clip.mp4");
  const TempPath empty;
  fs::create_directories(empty.path());
  EXPECT_NE(error_of([&] { SampleReader({empty.str()}, 3); }).find("holds no pictures"), std::string::npos);
  EXPECT_NE(error_of([&] { SampleReader({folder_.str()}, 0); }), "no error");
}

TEST_F(SampleReaderTest, StopsWhenAsked) {
  std::stop_source stop;
  SampleReader reader({folder_.str()}, 10, {.stop = stop.get_token()});
  EXPECT_TRUE(reader.next().has_value());
  stop.request_stop();
  EXPECT_FALSE(reader.next().has_value());
}

}  // namespace
}  // namespace touchline::media
