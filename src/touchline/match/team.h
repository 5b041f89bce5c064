#pragma once

#include <cstdint>

namespace touchline::match {

/// Team a is the one that defends the left goal when first known; the names stay for the whole run.
enum class Team : std::uint8_t { kNone, kA, kB };

/// A team and how sure we are, in [0, 1].
struct TeamLabel {
  Team team = Team::kNone;
  float confidence = 0;
};

/// Sign of the direction a team attacks along x: +1, −1, or 0 when unknown. The other team's is the opposite.
struct AttackDirection {
  int a = 0;
  int b() const { return -a; }
};

}  // namespace touchline::match
