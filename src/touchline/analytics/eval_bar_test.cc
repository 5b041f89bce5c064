#include "touchline/analytics/eval_bar.h"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

using match::Possession;

match::PitchPose measured_pose(double error_m) {
  match::PitchPose pose;
  pose.state = match::PoseState::kMeasured;
  pose.camera = geometry::PitchCamera::make({10, 0, 640, 0, -10, 360, 0, 0, 1}, 0, 1280, 720);
  pose.error_m = error_m;
  return pose;
}

EvalInputs everything() {
  EvalInputs inputs;
  inputs.share_a = 0.5412;
  inputs.threat = match::Threat{0.22, 0.18};
  inputs.possession = Possession::kA;
  inputs.ball_threat = 0.3;
  inputs.owner_pressure = 0.2;
  inputs.visible_pitch = 0.4;
  return inputs;
}

TEST(EvalTerms, FollowTheirDefinitions) {
  EvalInputs inputs = everything();
  auto terms = eval_terms(inputs, {});
  EXPECT_NEAR(*terms.control, 0.0824, 1e-12);
  EXPECT_NEAR(*terms.threat, 0.1, 1e-12);
  EXPECT_EQ(terms.ball, 0.3);
  EXPECT_EQ(terms.pressure, -0.2);
  inputs.possession = Possession::kB;
  terms = eval_terms(inputs, {});
  EXPECT_EQ(terms.ball, -0.3);
  EXPECT_EQ(terms.pressure, 0.2);
}

TEST(EvalTerms, UnknownPossessionLeavesBallAndPressureUnknown) {
  for (const auto possession : {Possession::kUnknown, Possession::kContested}) {
    EvalInputs inputs = everything();
    inputs.possession = possession;
    const auto terms = eval_terms(inputs, {});
    EXPECT_TRUE(terms.control && terms.threat);
    EXPECT_FALSE(terms.ball || terms.pressure);
  }
}

TEST(EvalTerms, TooLittlePitchLeavesAllUnknown) {
  for (const std::optional<double> visible : {std::optional<double>(0.149), std::optional<double>()}) {
    EvalInputs inputs = everything();
    inputs.visible_pitch = visible;
    EXPECT_FALSE(raw_eval(eval_terms(inputs, {}), {}).has_value());
  }
}

// By hand and NumPy: 100·tanh(1.6·Σ w·t / Σ w).
TEST(RawEval, AgreesWithNumPy) {
  EvalInputs inputs = everything();
  EXPECT_NEAR(*raw_eval(eval_terms(inputs, {}), {}), 15.821174915241812, 1e-9);
  inputs.possession = Possession::kContested;
  EXPECT_NEAR(*raw_eval(eval_terms(inputs, {}), {}), 14.489307120578978, 1e-9);
}

TEST(RawEval, ExchangedTeamsChangeTheSign) {
  EvalInputs inputs = everything();
  const double value = *raw_eval(eval_terms(inputs, {}), {});
  inputs.share_a = 1 - *inputs.share_a;
  inputs.threat = match::Threat{inputs.threat->b, inputs.threat->a};
  inputs.possession = Possession::kB;
  EXPECT_NEAR(*raw_eval(eval_terms(inputs, {}), {}), -value, 1e-9);
}

EvalInputs control_only(double share_a) {
  EvalInputs inputs;
  inputs.share_a = share_a;
  inputs.visible_pitch = 1;
  return inputs;
}

double raw_of(double share_a) {
  return *raw_eval(eval_terms(control_only(share_a), {}), {});
}

TEST(EvalBarFilter, FirstValueIsRawAndLaterOnesAreSmoothedByTime) {
  EvalBarFilter filter({});
  EXPECT_DOUBLE_EQ(filter.update(control_only(0.6), measured_pose(0), 1, 10)->value, raw_of(0.6));
  const double after = filter.update(control_only(0.9), measured_pose(0), 1, 10.04)->value;
  // NumPy: 1 − exp(−0.04 / 0.6) = 0.06449301
  EXPECT_NEAR(after, raw_of(0.6) + 0.0644930149682 * (raw_of(0.9) - raw_of(0.6)), 1e-9);
}

TEST(EvalBarFilter, FrameRateDoesNotChangeTheValue) {
  EvalBarFilter slow({});
  EvalBarFilter fast({});
  slow.update(control_only(0.3), measured_pose(0), 1, 0);
  fast.update(control_only(0.3), measured_pose(0), 1, 0);
  double slow_value = 0;
  double fast_value = 0;
  for (int i = 1; i <= 25; ++i) slow_value = slow.update(control_only(0.8), measured_pose(0), 1, i / 25.0)->value;
  for (int i = 1; i <= 50; ++i) fast_value = fast.update(control_only(0.8), measured_pose(0), 1, i / 50.0)->value;
  EXPECT_NEAR(slow_value, fast_value, 1e-9);
}

TEST(EvalBarFilter, AfterACutTheRawValueStands) {
  EvalBarFilter filter({});
  filter.update(control_only(0.3), measured_pose(0), 1, 0);
  filter.cut();
  EXPECT_DOUBLE_EQ(filter.update(control_only(0.8), measured_pose(0), 1, 0.04)->value, raw_of(0.8));
}

TEST(EvalBarFilter, WithoutATermTheValueIsHeldWithoutConfidence) {
  EvalBarFilter filter({});
  EXPECT_FALSE(filter.update({}, measured_pose(0), 1, 0).has_value());
  filter.update(control_only(0.8), measured_pose(0), 1, 0.04);
  const auto held = filter.update({}, match::PitchPose{}, 1, 0.08);
  EXPECT_DOUBLE_EQ(held->value, raw_of(0.8));
  EXPECT_EQ(held->confidence, 0);
  EXPECT_FALSE(held->terms.control.has_value());
}

TEST(EvalBarFilter, ConfidenceIsTheProductOfItsParts) {
  EvalBarFilter filter({});
  EXPECT_NEAR(filter.update(everything(), measured_pose(0.5), 0.9, 0)->confidence, 0.75 * 0.9, 1e-12);
  EXPECT_NEAR(filter.update(control_only(0.5), measured_pose(0), 1, 0.04)->confidence, 0.3, 1e-12);
  EXPECT_EQ(filter.update(everything(), measured_pose(3), 1, 0.08)->confidence, 0);
  match::PitchPose held = measured_pose(0);
  held.state = match::PoseState::kHeld;
  EXPECT_NEAR(filter.update(everything(), held, 1, 0.58)->confidence, 0.70710678118, 1e-9);  // ½^(0.5 s)
  EXPECT_EQ(filter.update(everything(), match::PitchPose{}, 1, 0.6)->confidence, 0);
}

TEST(EvalBarOptions, EachRangeIsChecked) {
  const std::vector<std::function<void(EvalBarOptions&)>> table = {
      [](auto& o) { o.weight_ball = -0.1; },
      [](auto& o) { o.steepness = 0; },
      [](auto& o) { o.time_constant_s = 0; },
      [](auto& o) { o.least_visible_pitch = 2; },
      [](auto& o) { o.weight_control = o.weight_threat = o.weight_ball = o.weight_pressure = 0; },
  };
  for (const auto& break_it : table) {
    EvalBarOptions options;
    break_it(options);
    EXPECT_THROW(EvalBarFilter{options}, base::Error);
  }
}

}  // namespace
}  // namespace touchline::analytics
