#pragma once

#include <array>
#include <optional>
#include <span>

#include "touchline/teams/assign_teams.h"

namespace touchline::teams {

/// One track's shirt: its mean colour and how much was seen of it.
struct KitSample {
  Color color{};     ///< kit space, see kit_space()
  float weight = 0;  ///< ≥ 0
};

/// When two kits count as found, and how they follow the light.
struct KitModelOptions {
  int min_tracks = 3;       ///< tracks of each kit from which it can be learnt; in [2, 11]
  float reach = 18;         ///< Lab units (as in kit_space) from a kit within which a shirt can be one; in [1, 100]
  float separation = 3.5F;  ///< distance of the kits over the spread within them, to be sure; in [1, 100]
  float min_distance = 12;  ///< Lab units that two kits differ by at least; in (0, 100]
  double settle_s = 0.4;    ///< s for which the first kits must be found again and again; in [0, 60]
  double revise_s = 4;      ///< s for which other kits must be found to replace known ones; in [0, 600]
  float drift_s = 20;       ///< s, time constant at which colours follow the light; in [0.1, 1e4]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// Two kits as one look at everybody's shirts shows them.
struct KitPair {
  std::array<Color, 2> colors{};
  std::array<float, 2> spreads{};  ///< of the shirts about their kit, root mean square, Lab units
};

/// L*, a*, b* weighed for shirts: lightness counts 0.6 because one shirt is seen in sun and shade.
Color kit_space(const std::array<float, 3>& lab);

/// The two colours that explain the most shirts: of all pairs of shirts the one nearest to which the others lie, then
/// the means about them. Shirts farther than options.reach from both (goalkeepers, officials) have no say. Of more than
/// 40 samples the first 40 count. Empty: fewer than min_tracks of either, or not told apart clearly. Thread-safe.
std::optional<KitPair> find_kits(std::span<const KitSample> people, const KitModelOptions& options);

/// The colours of the two teams and of the officials. Kits are 0 and 1 here; who is called a is decided elsewhere.
/// Known kits keep their numbers. Not thread-safe.
class KitModel {
 public:
  explicit KitModel(const KitModelOptions& options = {});

  /// One look at everybody's shirts at pts_s (not before the last look). The first kits become known when looks over
  /// settle_s agree; looks that agree with known kits refine them, and others that agree among themselves over revise_s
  /// replace them.
  void learn(std::span<const KitSample> people, double pts_s);

  /// Learns the officials' colour; forgets it when there is no sample.
  void learn_officials(std::span<const KitSample> officials);

  bool known() const { return known_; }

  /// +1 surely kit 0, −1 surely kit 1, near 0 between them or like neither; 0 while unknown.
  float lean(const Color& color) const;

  /// From 1 (just like one of the kits) to 0 (like neither); 0 while unknown.
  float like_team(const Color& color) const;

  /// The same for the officials' colour; 0 while unknown.
  float like_official(const Color& color) const;

  /// Moves a kit toward a colour seen for dt_s on one of `sharing` people.
  void follow(int kit, const Color& color, float weight, float dt_s, int sharing);

  const std::array<Color, 2>& kits() const { return kits_; }

 private:
  bool agrees(const std::array<Color, 2>& kits, const KitPair& seen) const;
  void adopt(const KitPair& seen, float share);

  KitModelOptions options_;
  std::array<Color, 2> kits_{};
  std::optional<Color> officials_;
  std::optional<KitPair> candidate_;  ///< found instead of what is known
  double candidate_since_s_ = 0;
  float distance_ = 0;
  std::array<float, 2> spreads_{};
  bool known_ = false;
};

}  // namespace touchline::teams
