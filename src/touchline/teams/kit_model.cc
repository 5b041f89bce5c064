#include "touchline/teams/kit_model.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

constexpr std::size_t kMaxSamples = 64;
constexpr int kRounds = 8;
constexpr int kPowerSteps = 12;
constexpr float kOutlier = 9;  // times the median squared distance to the own kit

struct Sorted {
  std::array<KitSample, kMaxSamples> samples{};
  std::array<int, kMaxSamples> kit{};  // −1: like neither
  std::size_t count = 0;

  Color mean(int which, float& weight) const {
    Color sum{};
    weight = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (which >= 0 && kit[i] != which) continue;
      if (which < 0 && kit[i] < 0) continue;
      for (std::size_t c = 0; c < 3; ++c) sum[c] += samples[i].weight * samples[i].color[c];
      weight += samples[i].weight;
    }
    for (float& v : sum) v /= std::max(weight, 1e-6F);
    return sum;
  }
  int size(int which) const {
    return static_cast<int>(std::count(kit.begin(), kit.begin() + static_cast<std::ptrdiff_t>(count), which));
  }
};

/// Splits along the direction in which the colours differ most.
void split_by_main_axis(Sorted& sorted) {
  float weight = 0;
  const Color middle = sorted.mean(-1, weight);
  Color axis = {0.57F, 0.58F, 0.58F};
  for (int step = 0; step < kPowerSteps; ++step) {
    Color next{};
    for (std::size_t i = 0; i < sorted.count; ++i) {
      if (sorted.kit[i] < 0) continue;
      const auto& c = sorted.samples[i].color;
      const Color d = {c[0] - middle[0], c[1] - middle[1], c[2] - middle[2]};
      const float along = sorted.samples[i].weight * (d[0] * axis[0] + d[1] * axis[1] + d[2] * axis[2]);
      for (std::size_t k = 0; k < 3; ++k) next[k] += along * d[k];
    }
    const float norm = std::sqrt(squared_distance(next, {}));
    if (norm < 1e-6F) return;
    for (std::size_t k = 0; k < 3; ++k) axis[k] = next[k] / norm;
  }
  for (std::size_t i = 0; i < sorted.count; ++i) {
    if (sorted.kit[i] < 0) continue;
    const auto& c = sorted.samples[i].color;
    const float along = (c[0] - middle[0]) * axis[0] + (c[1] - middle[1]) * axis[1] + (c[2] - middle[2]) * axis[2];
    sorted.kit[i] = along >= 0 ? 0 : 1;
  }
}

/// Two means from the present split; colours far from both are set aside.
std::array<Color, 2> two_means(Sorted& sorted) {
  std::array<Color, 2> kits{};
  std::array<float, kMaxSamples> nearest{};
  std::array<float, kMaxSamples> ordered{};
  std::array<bool, kMaxSamples> aside{};
  for (std::size_t i = 0; i < sorted.count; ++i) aside[i] = sorted.kit[i] < 0;
  for (int round = 0; round < kRounds; ++round) {
    float weight = 0;
    for (const int k : {0, 1}) kits[static_cast<std::size_t>(k)] = sorted.mean(k, weight);
    std::size_t left = 0;
    for (std::size_t i = 0; i < sorted.count; ++i) {
      if (aside[i]) continue;
      const float d0 = squared_distance(sorted.samples[i].color, kits[0]);
      const float d1 = squared_distance(sorted.samples[i].color, kits[1]);
      sorted.kit[i] = d0 <= d1 ? 0 : 1;
      nearest[i] = std::min(d0, d1);
      ordered[left++] = nearest[i];
    }
    if (left == 0) return kits;
    const auto middle = ordered.begin() + static_cast<std::ptrdiff_t>(left / 2);
    std::nth_element(ordered.begin(), middle, ordered.begin() + static_cast<std::ptrdiff_t>(left));
    const float limit = std::max(kOutlier * *middle, 25.0F);
    if (round < 2) continue;
    for (std::size_t i = 0; i < sorted.count; ++i) {
      if (!aside[i] && nearest[i] > limit) sorted.kit[i] = -1;
    }
  }
  return kits;
}

/// Spread of both kits along the line between them.
float spread_between(const Sorted& sorted, const std::array<Color, 2>& kits) {
  const float apart = std::sqrt(squared_distance(kits[0], kits[1]));
  float squares = 0;
  float weight = 0;
  for (std::size_t i = 0; i < sorted.count; ++i) {
    if (sorted.kit[i] < 0) continue;
    const auto& own = kits[static_cast<std::size_t>(sorted.kit[i])];
    float along = 0;
    for (std::size_t c = 0; c < 3; ++c) along += (sorted.samples[i].color[c] - own[c]) * (kits[1][c] - kits[0][c]);
    along /= std::max(apart, 1e-6F);
    squares += sorted.samples[i].weight * along * along;
    weight += sorted.samples[i].weight;
  }
  return std::sqrt(squares / std::max(weight, 1e-6F));
}

struct Split {
  Sorted sorted;
  std::array<Color, 2> kits{};
  float apart = 0;
  float spread = 1;
  bool found = false;

  int smaller() const { return std::min(sorted.size(0), sorted.size(1)); }
  int larger() const { return std::max(sorted.size(0), sorted.size(1)); }
  float clarity() const { return apart / std::max(spread, 0.5F); }
};

Split best_split(const Sorted& sorted, int min_tracks) {
  Split split{sorted};
  if (static_cast<int>(sorted.count) - sorted.size(-1) < 2 * min_tracks) return split;
  split_by_main_axis(split.sorted);
  split.kits = two_means(split.sorted);
  split.apart = std::sqrt(squared_distance(split.kits[0], split.kits[1]));
  split.spread = spread_between(split.sorted, split.kits);
  split.found = split.smaller() >= min_tracks;
  return split;
}

/// Leaves out of `sorted` the smaller kit of a split of it.
void set_aside(Sorted& sorted, const Sorted& split) {
  const int small = split.size(0) < split.size(1) ? 0 : 1;
  for (std::size_t i = 0; i < sorted.count; ++i) {
    if (split.kit[i] == small) sorted.kit[i] = -1;
  }
}

}  // namespace

void KitModelOptions::check() const {
  TOUCHLINE_REQUIRE(min_tracks >= 2 && min_tracks <= 11, "min_tracks {} is not in [2, 11]", min_tracks);
  TOUCHLINE_REQUIRE(separation >= 1 && separation <= 100, "separation {} is not in [1, 100]", separation);
  TOUCHLINE_REQUIRE(min_distance > 0 && min_distance <= 100, "min_distance {} is not in (0, 100]", min_distance);
  TOUCHLINE_REQUIRE(drift_s >= 0.1F && drift_s <= 1e4F, "drift_s {} is not in [0.1, 1e4]", drift_s);
}

Color kit_space(const std::array<float, 3>& lab) {
  return {0.6F * lab[0], lab[1], lab[2]};
}

KitModel::KitModel(const KitModelOptions& options) : options_(options) {
  options.check();
}

bool KitModel::learn(std::span<const KitSample> players) {
  Sorted sorted;
  for (const auto& sample : players) {
    if (sample.weight > 0 && sorted.count < kMaxSamples) sorted.samples[sorted.count++] = sample;
  }
  Split best = best_split(sorted, options_.min_tracks);
  const bool lopsided = best.found && 2 * best.smaller() < best.larger();
  if (!best.found || lopsided) {
    // A kit of few is often goalkeepers and officials taken for players, and both teams are in the other.
    set_aside(sorted, best.sorted);
    const Split other = best_split(sorted, options_.min_tracks);
    if (other.found && (!best.found || other.clarity() > best.clarity())) best = other;
  }
  if (!best.found || best.apart < options_.min_distance || best.clarity() < options_.separation) return false;
  auto kits = best.kits;
  const bool crossed = known_ && squared_distance(kits[0], kits_[0]) + squared_distance(kits[1], kits_[1]) >
                                     squared_distance(kits[0], kits_[1]) + squared_distance(kits[1], kits_[0]);
  if (crossed) std::swap(kits[0], kits[1]);
  kits_ = kits;
  distance_ = best.apart;
  known_ = true;
  return true;
}

void KitModel::learn_officials(std::span<const KitSample> officials) {
  Color sum{};
  float weight = 0;
  for (const auto& sample : officials) {
    for (std::size_t c = 0; c < 3; ++c) sum[c] += sample.weight * sample.color[c];
    weight += sample.weight;
  }
  officials_.reset();
  if (weight <= 0) return;
  for (float& v : sum) v /= weight;
  officials_ = sum;
}

float KitModel::lean(const Color& color) const {
  if (!known_) return 0;
  const float d0 = squared_distance(color, kits_[0]);
  const float d1 = squared_distance(color, kits_[1]);
  const float near_one = std::exp(-std::min(d0, d1) / (distance_ * distance_));
  return near_one * (d1 - d0) / (d0 + d1 + 1e-6F);
}

bool KitModel::like_official(const Color& color) const {
  if (!known_ || !officials_) return false;
  const float to_kit = std::min(squared_distance(color, kits_[0]), squared_distance(color, kits_[1]));
  return squared_distance(color, *officials_) < 0.25F * to_kit;
}

void KitModel::follow(int kit, const Color& color, float weight, float dt_s, int sharing) {
  const float rate = std::min(0.1F, weight * dt_s / (options_.drift_s * static_cast<float>(std::max(sharing, 1))));
  auto& own = kits_[static_cast<std::size_t>(kit)];
  for (std::size_t c = 0; c < 3; ++c) own[c] += rate * (color[c] - own[c]);
  distance_ = std::sqrt(squared_distance(kits_[0], kits_[1]));
}

}  // namespace touchline::teams
