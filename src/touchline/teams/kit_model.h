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
  float separation = 3.5F;  ///< distance of the kits over the spread within them, to be sure; in [1, 100]
  float min_distance = 12;  ///< Lab units (lightness as in kit_space) that two kits differ by at least; in (0, 100]
  float drift_s = 20;       ///< s, time constant at which colours follow the light; in [0.1, 1e4]

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// L*, a*, b* weighed for shirts: lightness counts 0.6 because one shirt is seen in sun and shade.
Color kit_space(const std::array<float, 3>& lab);

/// The colours of the two teams and of the officials. Kits are 0 and 1 here; who is called a is decided elsewhere.
/// Not thread-safe.
class KitModel {
 public:
  explicit KitModel(const KitModelOptions& options = {});

  /// Learns both kits anew from all outfield players known; kits learnt before keep their numbers. True when two kits
  /// are told apart clearly.
  bool learn(std::span<const KitSample> players);

  /// Learns the officials' colour; forgets it when there is no sample.
  void learn_officials(std::span<const KitSample> officials);

  bool known() const { return known_; }

  /// +1 surely kit 0, −1 surely kit 1, near 0 between them or like neither; 0 while unknown.
  float lean(const Color& color) const;

  /// True when a colour is much nearer to the officials' than to both kits.
  bool like_official(const Color& color) const;

  /// Moves a kit toward a colour seen for dt_s on one of `sharing` people.
  void follow(int kit, const Color& color, float weight, float dt_s, int sharing);

  const std::array<Color, 2>& kits() const { return kits_; }

 private:
  KitModelOptions options_;
  std::array<Color, 2> kits_{};
  std::optional<Color> officials_;
  float distance_ = 0;
  bool known_ = false;
};

}  // namespace touchline::teams
