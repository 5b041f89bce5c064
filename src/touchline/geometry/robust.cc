#include "touchline/geometry/robust.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "touchline/base/error.h"

namespace touchline::geometry {
namespace {

constexpr std::size_t kMaxPairs = 64;
constexpr int kReweightRounds = 3;

/// xorshift64*: small, the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed == 0 ? 1 : seed) {}
  std::size_t below(std::size_t n) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::size_t>(((state_ * 0x2545F4914F6CDD1DULL) >> 32) * n >> 32);
  }

 private:
  std::uint64_t state_;
};

std::array<PointPair, 4> draw(std::span<const PointPair> pairs, Random& random) {
  std::array<std::size_t, 4> picked{};
  for (std::size_t i = 0; i < 4; ++i) {
    std::size_t candidate = random.below(pairs.size());
    while (std::find(picked.begin(), picked.begin() + i, candidate) != picked.begin() + i) {
      candidate = random.below(pairs.size());
    }
    picked[i] = candidate;
  }
  return {pairs[picked[0]], pairs[picked[1]], pairs[picked[2]], pairs[picked[3]]};
}

/// Pitch y points away from the camera and image y down, so seen from above every triangle changes its sense.
bool seen_from_above(const std::array<PointPair, 4>& s) {
  const auto turned = [&](std::size_t a, std::size_t b, std::size_t c) {
    return signed_area(s[a].pitch_m, s[b].pitch_m, s[c].pitch_m) *
               signed_area(s[a].image_px, s[b].image_px, s[c].image_px) <
           0;
  };
  return turned(0, 1, 2) && turned(0, 1, 3) && turned(0, 2, 3) && turned(1, 2, 3);
}

double squared_error(const Mat3& h, const PointPair& pair) {
  const auto q = apply(h, pair.pitch_m.x, pair.pitch_m.y);
  if (!(q[2] > 0)) return std::numeric_limits<double>::infinity();
  const double dx = q[0] / q[2] - pair.image_px.x;
  const double dy = q[1] / q[2] - pair.image_px.y;
  return dx * dx + dy * dy;
}

struct Scored {
  Mat3 h{};
  double cost = std::numeric_limits<double>::infinity();
  std::uint64_t inliers = 0;
};

Scored scored(const Mat3& h, std::span<const PointPair> pairs, double threshold_px) {
  const double limit = threshold_px * threshold_px;
  Scored result{h, 0, 0};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double error = squared_error(h, pairs[i]);
    result.cost += pairs[i].weight * std::min(error, limit);
    if (error < limit) result.inliers |= std::uint64_t{1} << i;
  }
  return result;
}

int samples_needed(int inliers, std::size_t pairs, const RansacOptions& options) {
  const double clean = std::pow(static_cast<double>(inliers) / static_cast<double>(pairs), 4);
  if (clean >= 1 - 1e-9) return 1;
  const double needed = std::log(1 - options.confidence) / std::log(1 - clean);
  return static_cast<int>(std::min(needed + 1, static_cast<double>(options.max_samples)));
}

Scored polished(Scored best, std::span<const PointPair> pairs, double threshold_px) {
  std::array<PointPair, kMaxPairs> weighted;
  for (int round = 0; round < kReweightRounds; ++round) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      weighted[i] = pairs[i];
      const double u = squared_error(best.h, pairs[i]) / (threshold_px * threshold_px);
      weighted[i].weight = u < 1 ? pairs[i].weight * (1 - u) * (1 - u) : 0;  // Tukey's biweight
    }
    const auto h = fit_homography(std::span(weighted).first(pairs.size()));
    if (!h) break;
    const Scored next = scored(*h, pairs, threshold_px);
    if (!(next.cost < best.cost)) break;
    best = next;
  }
  return best;
}

}  // namespace

void RansacOptions::check() const {
  TOUCHLINE_REQUIRE(threshold_px > 0 && threshold_px <= 1000, "threshold_px {} is not in (0, 1000]", threshold_px);
  TOUCHLINE_REQUIRE(max_samples >= 1 && max_samples <= 100000, "max_samples {} is not in [1, 100000]", max_samples);
  TOUCHLINE_REQUIRE(confidence > 0 && confidence < 1, "confidence {} is not in (0, 1)", confidence);
}

std::optional<RobustHomography> find_homography(std::span<const PointPair> pairs, const RansacOptions& options) {
  options.check();
  TOUCHLINE_REQUIRE(pairs.size() <= kMaxPairs, "{} pairs are more than the {} a homography is fitted to", pairs.size(),
                    kMaxPairs);
  if (pairs.size() < 4) return std::nullopt;
  Random random(options.seed);
  Scored best;
  int needed = options.max_samples;
  for (int sample = 0; sample < needed; ++sample) {
    const auto four = draw(pairs, random);
    if (!seen_from_above(four)) continue;
    const auto h = exact_homography(four);
    if (!h) continue;
    const Scored candidate = scored(*h, pairs, options.threshold_px);
    if (!(candidate.cost < best.cost)) continue;
    best = candidate;
    needed = std::min(options.max_samples, samples_needed(std::popcount(best.inliers), pairs.size(), options));
  }
  if (std::popcount(best.inliers) < 4) return std::nullopt;
  best = polished(best, pairs, options.threshold_px);
  return RobustHomography{best.h, best.inliers, std::popcount(best.inliers)};
}

}  // namespace touchline::geometry
