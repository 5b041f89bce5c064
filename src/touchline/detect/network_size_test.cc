#include "touchline/detect/network_size.h"

#include <gtest/gtest.h>

#include "touchline/base/error.h"

namespace touchline::detect {
namespace {

TEST(NetworkSize, AutoFollowsCoresAndAspect) {
  EXPECT_EQ(network_size("auto", 1280, 720, 1), (NetworkSize{640, 384}));
  EXPECT_EQ(network_size("auto", 1280, 720, 2), (NetworkSize{960, 544}));
  EXPECT_EQ(network_size("auto", 1920, 1080, 4), (NetworkSize{1280, 736}));
  EXPECT_EQ(network_size("auto", 848, 478, 64), (NetworkSize{1280, 736}));
  EXPECT_EQ(network_size("auto", 720, 1280, 8), (NetworkSize{736, 1280}));
  EXPECT_EQ(network_size("auto", 4000, 10, 8), (NetworkSize{1280, 32}));
}

TEST(NetworkSize, LongerSideAndExactSize) {
  EXPECT_EQ(network_size("640", 1280, 720, 64), (NetworkSize{640, 384}));
  EXPECT_EQ(network_size("1000", 1000, 1000, 1), (NetworkSize{1024, 1024}));
  EXPECT_EQ(network_size("1280x720", 100, 100, 1), (NetworkSize{1280, 736}));
  EXPECT_EQ(network_size("32x4096", 100, 100, 1), (NetworkSize{32, 4096}));
}

TEST(NetworkSize, AnythingElseIsRefused) {
  for (const char* text :
       {"", "big", "63", "4097", "-640", "640x", "x640", "640x31", "640 x 640", "1e3", "640x640x3"}) {
    EXPECT_THROW(network_size(text, 1280, 720, 2), base::Error) << text;
  }
  EXPECT_THROW(network_size("auto", 0, 720, 2), base::Error);
}

}  // namespace
}  // namespace touchline::detect
