#pragma once

#include <array>
#include <optional>
#include <span>

#include "touchline/geometry/point.h"
#include "touchline/match/detection.h"
#include "touchline/match/pitch_model.h"

namespace touchline::teams {

/// How the role of a person is weighed. Evidence adds up as logarithms of likelihoods; a role's natural rarity and the
/// limits of the game decide the rest.
struct RoleOptions {
  float doubt = 0.03F;           ///< share of the detector's votes that a class has at least; in (0, 1]
  float kit_doubt = 0.005F;      ///< likelihood of the most unlikely shirt; in (0, 1]
  float close_up_doubt = 0.07F;  ///< of a player's in close-ups, Note [Odd shirts in close-ups]; in (0, 1]
  float rarity = 0.2F;           ///< what being no outfield player costs; in [0, 10]
  float hysteresis = 0.5F;       ///< what the present role is ahead; in [0, 10]
  float outside = 6;     ///< what being nothing but an official costs for who is always beside the pitch; in [0, 10]
  double keeper_m = 22;  ///< a goalkeeper seldom stands farther from his goal's middle; in [1, 60]
  double keeper_fade_m = 4;  ///< beyond that his likelihood falls by a factor of e within this; in [0.1, 60]
  float at_home = 3;         ///< what standing on his goal's middle says for a goalkeeper, 0 at keeper_m; in [0, 10]
  float minded = 3;          ///< how unlikely it is that nobody minds a goal beside which somebody is; in [0, 10]
  double minded_m = 11;      ///< who is this near to a goal's middle is beside it; in [0, 60]
  float led = 1.5F;          ///< how unlikely it is that a crowd on the pitch has no referee among it; in [0, 10]
  int crowd = 10;            ///< so many on the pitch, or in a picture without a camera, are one; in [0, 100]
  double beside_m = 1;       ///< whoever is this near to a touchline, or beyond, is beside the pitch; in [-10, 10]
  double line_m = 4;  ///< whom the detector takes for an official this near to a line may be an assistant; in [0, 20]
  double line_fade_m = 1;  ///< farther in, that gets unlikelier by a factor of e within this; in [0.1, 20]
  double post_m = 2;  ///< whoever is always this near to the foot of a goal post or its net may be the post; in [0, 10]
  float post_score = 0.65F;  ///< the detector's mean score of a post stays below this; in [0, 1]
  int referees = 1;          ///< officials on the pitch at most; in [0, 8]
  int assistants = 3;        ///< at its lines or without a known place; in [0, 8]
  match::PitchModel pitch = match::PitchModel();

  /// Throws Error(kInvalidArgument) naming the value out of range.
  void check() const;
};

/// What is known of one person of a frame.
struct RoleEvidence {
  match::ClassScores class_share{};               ///< the detector's votes by PersonClass; all 0: unknown
  std::optional<float> like_team, like_official;  ///< of the shirt, KitModel's; empty: no shirt seen or no kits known
  std::optional<geometry::PitchPoint> place_m;
  bool close_up = false;   ///< never seen on the pitch nor among many
  float beside_share = 0;  ///< of the last seconds spent beside the pitch
  float post_share = 0;    ///< of the last seconds spent at a goal post, seen as weakly as a post is
  match::PersonClass present = match::PersonClass::kPlayer;  ///< the role so far
};

/// True for somebody near a touchline or beyond it. Thread-safe.
bool is_beside(const geometry::PitchPoint& place_m, const RoleOptions& options);

/// True for somebody at the foot of a goal post, or beside the net behind it. Thread-safe.
bool is_at_post(const geometry::PitchPoint& place_m, const RoleOptions& options);

/// Weighs roles; larger is likelier; by PersonClass.
using RoleScores = std::array<float, 3>;

/// What one person alone says. Thread-safe.
RoleScores role_scores(const RoleEvidence& person, const RoleOptions& options);

/// The likeliest role of everyone of a frame under the limits of the game: one goalkeeper at either goal (two where
/// places are unknown), options.referees on the pitch and options.assistants who mostly are beside it; so are those
/// within options.line_m of its lines whom the detector mostly takes for officials: a camera that is a metre or two out
/// puts an assistant on the pitch, and the referee must not lose his seat to him. Of officials who are too many on the
/// pitch, the one nearest to a line is an assistant where that costs less (options.line_fade_m) than turning the
/// weakest away. Whoever is one too many gets the next likely role. Where nobody is a goal's goalkeeper, the likeliest
/// of those within options.minded_m of its middle becomes it, unless another role is likelier by more than
/// options.minded; where nobody of a crowd on the pitch is the referee, the likeliest, unless another is likelier by
/// more than options.led.
///
/// roles   [N] out
/// scores  [N] as of role_scores(), or their means over time
/// people  [N] places and present roles
///
/// Throws Error(kInvalidArgument) when the lengths differ. Thread-safe.
void decide_roles(std::span<match::PersonClass> roles, std::span<const RoleScores> scores,
                  std::span<const RoleEvidence> people, const RoleOptions& options);

/// Of several goalkeepers at one goal, who were decided about at different moments, the likeliest stays one and the
/// others become players.
///
/// roles   [N] in and out
/// scores  [N] as of role_scores()
/// people  [N] places
///
/// Throws Error(kInvalidArgument) when the lengths differ. Thread-safe.
void limit_goalkeepers(std::span<match::PersonClass> roles, std::span<const RoleScores> scores,
                       std::span<const RoleEvidence> people);

}  // namespace touchline::teams
