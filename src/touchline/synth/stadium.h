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
  bool thin = false;  ///< may be lower than a few pixels
};

/// Grass, advertising boards and stands of one match. Immutable after construction; thread-safe.
class Stadium {
 public:
  Stadium(const match::PitchModel& pitch, const Look& look, std::uint64_t seed);
  Stadium(const Stadium&) = delete;
  Stadium& operator=(const Stadium&) = delete;

  /// What the cameras of the main stand see; the first is the ground. Its own seats are seen from behind, low enough to
  /// hide nothing.
  const std::vector<Surface>& surfaces() const { return surfaces_; }

  /// What any other camera sees: stands on all four sides and a ground without end, but nothing of a side the eye
  /// stands behind that would hide the pitch. So every point of the pitch lies open.
  std::vector<Surface> surfaces_round(Vec3 eye) const;

  /// What is above and behind the stands.
  Pixel sky() const { return sky_; }

 private:
  /// One of the four sides of the ground, as seen from the pitch: its left end, its directions and its distance.
  struct Side {
    Vec3 along;
    Vec3 back;
    double half_along_m;  ///< half the length of the pitch's edge
    double edge_m;        ///< of the pitch's edge from the centre spot
    double margin_m;      ///< from the edge to the boards
    float shift_m;        ///< so that sides do not look alike
  };
  void add_boards(double half_length, double half_width, std::uint64_t seed);
  void add_stands(double half_length, double half_width);
  void add_near_side(double half_length, double half_width, std::uint64_t seed);
  void add_stand(std::vector<Surface>& to, Vec3 corner, Vec3 along, Vec3 back, double width_m, float shift_m) const;
  void add_seats_before(std::vector<Surface>& to, const Side& side) const;

  Texture grass_;
  Texture boards_;
  Texture crowd_;
  Texture backs_;
  Texture concrete_;
  Texture roof_;
  Texture apron_;
  std::vector<Surface> surfaces_;
  double half_length_m_;
  double half_width_m_;
  double rise_;  ///< tangent of the tiers' slope
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

/// What lies round the grass: asphalt, a running track's red or more green, coarse.
inline constexpr double kApron_m = 400;
Texture paint_apron(const Look& look, std::uint64_t seed);

/// Sheets of a roof, with ribs.
Texture paint_roof(const Look& look);

}  // namespace touchline::synth
