#include "touchline/teams/attack_direction.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

constexpr double kGoalSide_m = 34;   // a goalkeeper farther out than this from the halfway line stands at his goal
constexpr double kKeeperWeight = 5;  // how much faster a known goalkeeper convinces than mean places do
constexpr int kMinPlayers = 3;       // of each team, for a mean place

struct Mean {
  double sum = 0;
  int count = 0;
};

/// Positive: kit 0 attacks toward +x. Magnitude 1 for mean places, more for goalkeepers, 0 for nothing to tell.
double frame_evidence(std::span<const Standing> people, double margin_m) {
  std::array<Mean, 2> means{};
  double keepers = 0;
  for (const auto& person : people) {
    if (person.kit < 0) continue;
    if (!person.goalkeeper) {
      auto& mean = means[static_cast<std::size_t>(person.kit)];
      mean.sum += person.place_m.x;
      ++mean.count;
    } else if (std::abs(person.place_m.x) > kGoalSide_m) {
      const bool left = person.place_m.x < 0;
      keepers += (left == (person.kit == 0)) ? 1 : -1;
    }
  }
  if (keepers != 0) return kKeeperWeight * (keepers > 0 ? 1 : -1);
  if (means[0].count < kMinPlayers || means[1].count < kMinPlayers) return 0;
  const double apart = means[1].sum / means[1].count - means[0].sum / means[0].count;
  if (std::abs(apart) < margin_m) return 0;
  return apart > 0 ? 1 : -1;
}

}  // namespace

void AttackOptions::check() const {
  TOUCHLINE_REQUIRE(agreement_s > 0 && agreement_s <= 60, "agreement_s {} is not in (0, 60]", agreement_s);
  TOUCHLINE_REQUIRE(margin_m >= 0 && margin_m <= 50, "margin_m {} is not in [0, 50]", margin_m);
  TOUCHLINE_REQUIRE(reversal_s > 0 && reversal_s <= 1000, "reversal_s {} is not in (0, 1000]", reversal_s);
}

AttackTracker::AttackTracker(const AttackOptions& options) : options_(options) {
  options.check();
}

void AttackTracker::update(std::span<const Standing> people, double dt_s) {
  const double step = frame_evidence(people, options_.margin_m) * dt_s;
  if (step == 0) return;
  if (agreed_s_ * step < 0) agreed_s_ = 0;
  agreed_s_ += step;
  evidence_s_ = std::clamp(evidence_s_ + step, -2 * options_.reversal_s, 2 * options_.reversal_s);
  const int sign = agreed_s_ > 0 ? 1 : -1;
  const bool agreed = std::abs(agreed_s_) >= options_.agreement_s;
  if (direction_ == 0 && agreed) direction_ = sign;
  if (direction_ == -sign && agreed && sign * evidence_s_ >= options_.reversal_s) direction_ = sign;
}

void AttackTracker::cut() {
  direction_ = 0;
  agreed_s_ = 0;
  evidence_s_ = 0;
}

int AttackTracker::likely() const {
  if (direction_ != 0) return direction_;
  return evidence_s_ > 0 ? 1 : (evidence_s_ < 0 ? -1 : 0);
}

}  // namespace touchline::teams
