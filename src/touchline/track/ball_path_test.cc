#include "touchline/track/ball_path.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::track {
namespace {

using match::BallCandidate;
using match::State;

constexpr double kFrame_s = 0.04;

BallCandidate ball(double x, double y, float score = 0.8F) {
  const auto fx = static_cast<float>(x);
  const auto fy = static_cast<float>(y);
  return {.point_px = {x, y}, .box_px = {fx - 5, fy - 5, fx + 5, fy + 5}, .score = score};
}

/// People 80 px tall, standing still when the camera moves by `shift_px`.
std::vector<match::Track> crowd(double shift_px) {
  std::vector<match::Track> people;
  for (int i = 0; i < 10; ++i) {
    match::Track person;
    person.id = i + 1;
    const auto x = static_cast<float>(100 + 90 * i + shift_px);
    const auto y = static_cast<float>(200 + 37 * (i % 5));
    person.box_px = {x, y, x + 30, y + 80};
    people.push_back(person);
  }
  return people;
}

std::vector<std::optional<match::Ball>> follow(const std::vector<std::vector<BallCandidate>>& frames,
                                               const BallPathOptions& options = {}, double pan_px = 0) {
  BallPath path(options);
  std::vector<std::optional<match::Ball>> balls;
  const auto take = [&] {
    while (const auto decision = path.pop_ready()) {
      EXPECT_EQ(decision->frame, static_cast<std::int64_t>(balls.size()));
      balls.push_back(decision->ball);
    }
  };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    path.push(static_cast<std::int64_t>(i), frames[i], {}, crowd(pan_px * static_cast<double>(i)),
              static_cast<double>(i) * kFrame_s);
    take();
  }
  path.finish();
  take();
  EXPECT_EQ(balls.size(), frames.size());
  return balls;
}

TEST(BallPath, AParabolaWithGapsIsBridged) {
  const auto x = [](int i) { return 100 + 8.0 * i; };
  const auto y = [](int i) { return 400 - 12.0 * i + 0.15 * i * i; };
  std::vector<std::vector<BallCandidate>> frames;
  const auto missing = [](int i) { return (i >= 10 && i < 18) || i == 30 || (i >= 50 && i < 70); };
  for (int i = 0; i < 90; ++i)
    frames.push_back(missing(i) ? std::vector<BallCandidate>{} : std::vector{ball(x(i), y(i))});
  const auto balls = follow(frames);
  for (int i = 0; i < 90; ++i) {
    const auto& found = balls[static_cast<std::size_t>(i)];
    ASSERT_TRUE(found) << i;
    EXPECT_EQ(found->state, missing(i) ? State::kInterpolated : State::kDetected) << i;
    EXPECT_NEAR(found->point_px.x, x(i), 3) << i;
    EXPECT_NEAR(found->point_px.y, y(i), 3) << i;
  }
}

TEST(BallPath, WithoutCandidatesThereIsNoBall) {
  for (const auto& found : follow(std::vector<std::vector<BallCandidate>>(60))) EXPECT_FALSE(found);
}

}  // namespace
}  // namespace touchline::track
