#include "touchline/analytics/eval_bar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::analytics {
namespace {

constexpr double kUselessErrorM = 2;  // a camera wrong by this much says nothing
constexpr double kHeldHalvesPerS = 0.5;

using WeightedTerm = std::pair<double, std::optional<double>>;

std::array<WeightedTerm, 4> weighted(const match::EvalTerms& terms, const EvalBarOptions& options) {
  return {{{options.weight_control, terms.control},
           {options.weight_threat, terms.threat},
           {options.weight_ball, terms.ball},
           {options.weight_pressure, terms.pressure}}};
}

}  // namespace

void EvalBarOptions::check() const {
  for (const double weight : {weight_control, weight_threat, weight_ball, weight_pressure}) {
    TOUCHLINE_REQUIRE(weight >= 0 && weight <= 1, "a weight of {} in the evaluation bar is outside 0 to 1", weight);
  }
  TOUCHLINE_REQUIRE(weight_control + weight_threat + weight_ball + weight_pressure > 0,
                    "the evaluation bar needs one weight above 0");
  TOUCHLINE_REQUIRE(steepness >= 0.1 && steepness <= 10, "a steepness of {} is outside 0.1 to 10", steepness);
  TOUCHLINE_REQUIRE(time_constant_s >= 0.01 && time_constant_s <= 10, "a time constant of {} s is outside 0.01 to 10",
                    time_constant_s);
  TOUCHLINE_REQUIRE(least_visible_pitch >= 0 && least_visible_pitch <= 1,
                    "a least visible pitch of {} is outside 0 to 1", least_visible_pitch);
}

match::EvalTerms eval_terms(const EvalInputs& inputs, const EvalBarOptions& options) {
  match::EvalTerms terms;
  if (!inputs.visible_pitch || *inputs.visible_pitch < options.least_visible_pitch) return terms;
  if (inputs.share_a) terms.control = 2 * *inputs.share_a - 1;
  if (inputs.threat) {
    const double sum = inputs.threat->a + inputs.threat->b;
    terms.threat = sum > 0 ? (inputs.threat->a - inputs.threat->b) / sum : 0;
  }
  if (inputs.possession != match::Possession::kA && inputs.possession != match::Possession::kB) return terms;
  const double sign = inputs.possession == match::Possession::kA ? 1 : -1;
  if (inputs.ball_threat) terms.ball = sign * *inputs.ball_threat;
  if (inputs.owner_pressure) terms.pressure = -sign * *inputs.owner_pressure;
  return terms;
}

std::optional<double> raw_eval(const match::EvalTerms& terms, const EvalBarOptions& options) {
  double sum = 0;
  double weights = 0;
  for (const auto& [weight, term] : weighted(terms, options)) {
    if (!term) continue;
    sum += weight * *term;
    weights += weight;
  }
  if (weights == 0) return std::nullopt;
  return 100 * std::tanh(options.steepness * sum / weights);
}

EvalBarFilter::EvalBarFilter(const EvalBarOptions& options) : options_(options) {
  options.check();
}

void EvalBarFilter::cut() {
  fresh_ = true;
  last_measured_s_.reset();
}

std::optional<match::EvalBar> EvalBarFilter::update(const EvalInputs& inputs, const match::PitchPose& pose,
                                                    double team_share, double pts_s) {
  if (pose.camera && pose.state != match::PoseState::kHeld) last_measured_s_ = pts_s;
  match::EvalBar bar;
  bar.terms = eval_terms(inputs, options_);
  const auto raw = raw_eval(bar.terms, options_);
  if (!raw && !value_) return std::nullopt;
  if (raw && (fresh_ || !value_)) {
    value_ = raw;
    fresh_ = false;
    value_pts_s_ = pts_s;
  } else if (raw) {
    const double elapsed_s = std::max(0.0, pts_s - value_pts_s_);
    *value_ += (1 - std::exp(-elapsed_s / options_.time_constant_s)) * (*raw - *value_);
    value_pts_s_ = pts_s;
  }
  bar.value = *value_;
  bar.confidence = raw ? confidence(bar.terms, pose, team_share, pts_s) : 0;
  return bar;
}

double EvalBarFilter::confidence(const match::EvalTerms& terms, const match::PitchPose& pose, double team_share,
                                 double pts_s) const {
  if (!pose.camera) return 0;
  double known = 0;
  double all = 0;
  for (const auto& [weight, term] : weighted(terms, options_)) {
    all += weight;
    if (term) known += weight;
  }
  const double held_s = last_measured_s_ ? pts_s - *last_measured_s_ : 0;
  const double error_m = pose.error_m.value_or(kUselessErrorM);
  const double quality = std::clamp(1 - error_m / kUselessErrorM, 0.0, 1.0) * std::pow(kHeldHalvesPerS, held_s);
  return std::clamp(known / all * quality * team_share, 0.0, 1.0);
}

}  // namespace touchline::analytics
