#pragma once

#include <optional>

namespace touchline::match {

/// The four terms of the evaluation bar, each in [−1, 1], positive = good for team a; empty = unknown.
/// Definition: ANALYTICS in docs/analytics.md.
struct EvalTerms {
  std::optional<double> control;
  std::optional<double> threat;
  std::optional<double> ball;
  std::optional<double> pressure;
};

/// The evaluation bar of one frame.
struct EvalBar {
  double value = 0;       ///< shown value in [−100, 100], smoothed over time
  double confidence = 0;  ///< in [0, 1]; sets the bar's opacity, never scales the value
  EvalTerms terms;
};

}  // namespace touchline::match
