#include "touchline/teams/kit_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

constexpr std::size_t kMaxSamples = 40;
constexpr int kRounds = 3;
constexpr float kLeastSpread = 4;     // Lab units: a kit seen on few people is not known more exactly
constexpr float kLikeSpreads = 1.3F;  // a shirt this many spreads away is no longer quite like a kit
constexpr float kSameKits = 0.35F;    // of the kits' distance: nearer ones are the same
constexpr float kBetween = 0.8F;      // of the kits' distance: what is nearer to both lies between them
constexpr double kMergePatience = 4;  // a split that takes both teams for one must be found so much longer
constexpr float kRefine = 0.2F;       // share by which a look that agrees moves the kits

/// Who belongs to which of two colours.
struct Split {
  std::array<Color, 2> colors{};
  std::array<float, 2> weight{};
  std::array<int, 2> count{};
  float along2 = 0;                ///< weighted squares of distances from the own colour along the line between both
  std::array<float, 2> around2{};  ///< and in every direction
};

/// The pair of shirts that leaves the least of all shirts unexplained; (0, 0) when no pair has enough of each kind.
std::pair<std::size_t, std::size_t> best_pair(std::span<const KitSample> people, const KitModelOptions& options) {
  std::array<std::array<float, kMaxSamples>, kMaxSamples> unexplained;
  const float reach2 = options.reach * options.reach;
  const std::size_t n = people.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const float d = std::min(1.0F, squared_distance(people[i].color, people[j].color) / reach2);
      unexplained[i][j] = unexplained[j][i] = d;
    }
  }
  const float apart2 = options.min_distance * options.min_distance / reach2;
  std::pair<std::size_t, std::size_t> best{0, 0};
  float least = INFINITY;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (unexplained[i][j] < std::min(1.0F, apart2)) continue;
      float cost = 0;
      int first = 0;
      int second = 0;
      for (std::size_t k = 0; k < n; ++k) {
        const float di = unexplained[i][k];
        const float dj = unexplained[j][k];
        cost += people[k].weight * std::min(di, dj);
        first += di < 1 && di <= dj;
        second += dj < 1 && dj < di;
      }
      if (cost >= least || std::min(first, second) < options.min_tracks) continue;
      least = cost;
      best = {i, j};
    }
  }
  return best;
}

Split split_around(const std::array<Color, 2>& centers, std::span<const KitSample> people, float reach) {
  Split split;
  const float apart = std::sqrt(squared_distance(centers[0], centers[1]));
  for (const auto& sample : people) {
    const float d0 = squared_distance(sample.color, centers[0]);
    const float d1 = squared_distance(sample.color, centers[1]);
    if (std::min(d0, d1) >= reach * reach) continue;
    const std::size_t own = d0 <= d1 ? 0 : 1;
    float along = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      split.colors[own][c] += sample.weight * sample.color[c];
      along += (sample.color[c] - centers[own][c]) * (centers[1][c] - centers[0][c]);
    }
    along /= std::max(apart, 1e-6F);
    split.along2 += sample.weight * along * along;
    split.around2[own] += sample.weight * std::min(d0, d1);
    split.weight[own] += sample.weight;
    ++split.count[own];
  }
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    for (float& v : split.colors[k]) v /= std::max(split.weight[k], 1e-6F);
  }
  return split;
}

float likeness(float squared, float scale) {
  return std::exp(-0.5F * squared / (scale * scale));
}

/// True when one of the colours seen lies between both known kits: a split of something else than the teams.
bool merges(const std::array<Color, 2>& kits, const KitPair& seen) {
  const float near = kBetween * kBetween * squared_distance(kits[0], kits[1]);
  return std::ranges::any_of(seen.colors, [&](const Color& color) {
    return squared_distance(color, kits[0]) < near && squared_distance(color, kits[1]) < near;
  });
}

}  // namespace

void KitModelOptions::check() const {
  TOUCHLINE_REQUIRE(min_tracks >= 2 && min_tracks <= 11, "min_tracks {} is not in [2, 11]", min_tracks);
  TOUCHLINE_REQUIRE(reach >= 1 && reach <= 100, "reach {} is not in [1, 100]", reach);
  TOUCHLINE_REQUIRE(separation >= 1 && separation <= 100, "separation {} is not in [1, 100]", separation);
  TOUCHLINE_REQUIRE(min_distance > 0 && min_distance <= 100, "min_distance {} is not in (0, 100]", min_distance);
  TOUCHLINE_REQUIRE(settle_s >= 0 && settle_s <= 60, "settle_s {} is not in [0, 60]", settle_s);
  TOUCHLINE_REQUIRE(revise_s >= 0 && revise_s <= 600, "revise_s {} is not in [0, 600]", revise_s);
  TOUCHLINE_REQUIRE(drift_s >= 0.1F && drift_s <= 1e4F, "drift_s {} is not in [0.1, 1e4]", drift_s);
}

Color kit_space(const std::array<float, 3>& lab) {
  return {0.6F * lab[0], lab[1], lab[2]};
}

std::optional<KitPair> find_kits(std::span<const KitSample> people, const KitModelOptions& options) {
  people = people.first(std::min(people.size(), kMaxSamples));
  const auto [first, second] = best_pair(people, options);
  if (first == second) return std::nullopt;
  std::array<Color, 2> centers = {people[first].color, people[second].color};
  Split split;
  for (int round = 0; round < kRounds; ++round) {
    split = split_around(centers, people, options.reach);
    if (std::min(split.count[0], split.count[1]) < options.min_tracks) return std::nullopt;
    centers = split.colors;
  }
  const float apart = std::sqrt(squared_distance(centers[0], centers[1]));
  const float weight = std::max(split.weight[0] + split.weight[1], 1e-6F);
  const float blur = std::max(std::sqrt(split.along2 / weight), 0.5F);
  if (apart < options.min_distance || apart < options.separation * blur) return std::nullopt;
  KitPair kits{centers, {}};
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    kits.spreads[k] = std::sqrt(split.around2[k] / std::max(split.weight[k], 1e-6F));
  }
  return kits;
}

KitModel::KitModel(const KitModelOptions& options) : options_(options) {
  options.check();
}

bool KitModel::agrees(const std::array<Color, 2>& kits, const KitPair& seen) const {
  const float far = kSameKits * kSameKits * squared_distance(kits[0], kits[1]);
  return squared_distance(kits[0], seen.colors[0]) < far && squared_distance(kits[1], seen.colors[1]) < far;
}

void KitModel::adopt(const KitPair& seen, float share) {
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    for (std::size_t c = 0; c < 3; ++c) kits_[k][c] += share * (seen.colors[k][c] - kits_[k][c]);
    spreads_[k] += share * (std::max(seen.spreads[k], kLeastSpread) - spreads_[k]);
  }
  distance_ = std::sqrt(squared_distance(kits_[0], kits_[1]));
}

void KitModel::learn(std::span<const KitSample> people, double pts_s) {
  auto seen = find_kits(people, options_);
  if (!seen) return;
  const auto& model = known_ || !candidate_ ? kits_ : candidate_->colors;
  const auto& c = seen->colors;
  // The kit that changed least keeps its number: the other may be quite another one.
  const bool crossed = std::min(squared_distance(c[0], model[0]), squared_distance(c[1], model[1])) >
                       std::min(squared_distance(c[0], model[1]), squared_distance(c[1], model[0]));
  if (crossed) {
    std::swap(seen->colors[0], seen->colors[1]);
    std::swap(seen->spreads[0], seen->spreads[1]);
  }
  if (known_ && agrees(kits_, *seen)) {
    adopt(*seen, kRefine);
    candidate_.reset();
    return;
  }
  if (!candidate_ || !agrees(candidate_->colors, *seen)) candidate_since_s_ = pts_s;
  candidate_ = seen;
  const double needed_s = !known_ ? options_.settle_s : options_.revise_s * (merges(kits_, *seen) ? kMergePatience : 1);
  if (pts_s - candidate_since_s_ < needed_s) return;
  adopt(*seen, 1);
  known_ = true;
  candidate_.reset();
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
  // A patterned kit looks different on every player: the same distance means less.
  const float q0 = d0 / (spreads_[0] * spreads_[0]);
  const float q1 = d1 / (spreads_[1] * spreads_[1]);
  return near_one * (q1 - q0) / (q0 + q1 + 1e-6F);
}

float KitModel::like_team(const Color& color) const {
  if (!known_) return 0;
  return std::max(likeness(squared_distance(color, kits_[0]), kLikeSpreads * spreads_[0]),
                  likeness(squared_distance(color, kits_[1]), kLikeSpreads * spreads_[1]));
}

float KitModel::like_official(const Color& color) const {
  if (!officials_ || !known_) return 0;
  return likeness(squared_distance(color, *officials_), kLikeSpreads * std::min(spreads_[0], spreads_[1]));
}

void KitModel::follow(int kit, const Color& color, float weight, float dt_s, int sharing) {
  const float rate = std::min(0.1F, weight * dt_s / (options_.drift_s * static_cast<float>(std::max(sharing, 1))));
  auto& own = kits_[static_cast<std::size_t>(kit)];
  for (std::size_t c = 0; c < 3; ++c) own[c] += rate * (color[c] - own[c]);
  distance_ = std::sqrt(squared_distance(kits_[0], kits_[1]));
}

}  // namespace touchline::teams
