#pragma once

#include <vector>

#include "touchline/match/pitch_model.h"
#include "touchline/synth/look.h"
#include "touchline/synth/texture.h"

namespace touchline::synth {

/// A flat painted rectangle in space: the points origin + u·along + v·up with 0 ≤ u ≤ width, 0 ≤ v ≤ height.
struct Surface {
  Vec3 origin_m;
  Vec3 along;  ///< unit vector
  Vec3 up;     ///< unit vector at a right angle to `along`
  double width_m = 0;
  double height_m = 0;
  const Texture* texture = nullptr;
  float texture_u_m = 0;  ///< where the rectangle's left edge lies in the texture
  bool ground = false;
};

/// Grass, advertising boards and stands of one match. Immutable after construction; thread-safe.
class Stadium {
 public:
  Stadium(const match::PitchModel& pitch, const Look& look, std::uint64_t seed);
  Stadium(const Stadium&) = delete;
  Stadium& operator=(const Stadium&) = delete;

  /// The first is the ground.
  const std::vector<Surface>& surfaces() const { return surfaces_; }
  /// What is above and behind the stands.
  Pixel sky() const { return sky_; }

 private:
  void add_boards(double half_length, double half_width, std::uint64_t seed);
  void add_stands(double half_length, double half_width, std::uint64_t seed);
  void add_near_side(double half_length, double half_width, std::uint64_t seed);

  Texture grass_;
  Texture boards_;
  Texture crowd_;
  Texture backs_;
  Texture concrete_;
  Texture roof_;
  std::vector<Surface> surfaces_;
  double margin_x_m_ = 6;
  double margin_y_m_ = 5;
  Pixel sky_{};
};

/// The grass of the pitch and its surroundings; its first texel lies at (−length/2 − kGrassMargin_m,
/// −width/2 − kGrassMargin_m).
inline constexpr double kGrassMargin_m = 14;
Texture paint_grass(const match::PitchModel& pitch, const Look& look, std::uint64_t seed);

/// Rows of seats with spectators, repeating across; v = 0 is the front row.
Texture paint_crowd(const Look& look, bool from_behind, std::uint64_t seed);

/// A row of advertising boards, one metre high, repeating across; v = 0 is the lower edge.
Texture paint_boards(const Look& look, std::uint64_t seed);

/// Bare walls.
Texture paint_concrete(const Look& look, std::uint64_t seed);

/// Sheets of a roof, with ribs.
Texture paint_roof(const Look& look);

}  // namespace touchline::synth
