#include "touchline/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace touchline::base {
namespace {

TEST(Error, CarriesCodeAndSentence) {
  try {
    fail(ErrorCode::kNotFound, "cannot open {}", "x.mp4");
    FAIL() << "fail() returned";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_STREQ(error.what(), "cannot open x.mp4");
  }
}

TEST(Error, RequireThrowsOnlyWhenBroken) {
  EXPECT_NO_THROW(TOUCHLINE_REQUIRE(1 + 1 == 2, "arithmetic"));
  EXPECT_THROW(TOUCHLINE_REQUIRE(1 + 1 == 3, "{} is not {}", 2, 3), Error);
}

TEST(Error, SystemTextIsTheSystems) {
  EXPECT_EQ(system_error_text(ENOSPC), "No space left on device");
}

}  // namespace
}  // namespace touchline::base
