#include "touchline/teams/roles.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

// Note [Odd shirts in close-ups]
// A shirt unlike both kits tells a goalkeeper or an official, almost whatever the detector says. Less so of somebody
// who was never seen on the pitch nor among many: in a close-up three who embrace make a kit, each in his own light and
// behind another's arm, and the fourth looks odd. Of 3,456 boxes of teams' players in six made-up close-ups whose kits
// had been learnt, 7 % had shirts less like a kit than 0.1 (touchline_n, 640 px): so likely is an odd shirt of a
// player's there. Elsewhere it is options.kit_doubt.

using match::PersonClass;

constexpr auto kKeeper = static_cast<std::size_t>(PersonClass::kGoalkeeper);
constexpr auto kPlayer = static_cast<std::size_t>(PersonClass::kPlayer);
constexpr auto kReferee = static_cast<std::size_t>(PersonClass::kReferee);
constexpr float kOddShirt = 0.6F;  // likelihood of a shirt unlike the teams' for somebody whose own is not known
constexpr float kNever = 1e6F;
constexpr double kNetDepth_m = 2;  // the poles that hold a net stand that far behind its posts
constexpr float kPost = 15;        // what being a goal post costs: nobody's seat is for one
constexpr float kMostly = 0.5F;  // of the last seconds, so that a winger on the line is no official for a frame or two
constexpr float kFarthest = 5;   // what a place can cost at most

/// Seats of a role in one part of the pitch.
struct Seats {
  std::size_t role;
  int part;
  int count;
};

double to_goal_m(const geometry::PitchPoint& place, const RoleOptions& options) {
  return std::hypot(std::abs(place.x) - options.pitch.length_m() / 2, place.y);
}

/// How much more often goalkeepers than others are that far from a goal.
float keepers_place(double goal_m, const RoleOptions& options) {
  if (goal_m < options.keeper_m) return options.at_home * static_cast<float>(1 - goal_m / options.keeper_m);
  return -std::min(static_cast<float>((goal_m - options.keeper_m) / options.keeper_fade_m), kFarthest);
}

void require_same_lengths(std::span<const PersonClass> roles, std::span<const RoleScores> scores,
                          std::span<const RoleEvidence> people) {
  TOUCHLINE_REQUIRE(roles.size() == people.size() && scores.size() == people.size(),
                    "{} people need as many roles and scores, not {} and {}", people.size(), roles.size(),
                    scores.size());
}

/// 1 for the left goal, 2 for the right one.
int nearer_goal(const geometry::PitchPoint& place) {
  return place.x < 0 ? 1 : 2;
}

/// From the nearest line inwards; negative beyond it.
double inside_m(const geometry::PitchPoint& place_m, const RoleOptions& options) {
  return std::min(options.pitch.width_m() / 2 - std::abs(place_m.y),
                  options.pitch.length_m() / 2 - std::abs(place_m.x));
}

/// Whom the detector itself takes for an official. Odd shirts alone do not make a winger an assistant.
bool is_seen_as_official(const RoleEvidence& person) {
  const auto& share = person.class_share;
  return share[kReferee] > share[kKeeper] + share[kPlayer];
}

/// Which seats somebody takes: goalkeepers of the left and right goal, officials on the pitch and at its lines.
int part_of(std::size_t role, const RoleEvidence& person, bool at_line) {
  if (role == kPlayer || !person.place_m) return 0;
  if (role == kKeeper) return nearer_goal(*person.place_m);
  return at_line || person.beside_share > kMostly ? 0 : 1;
}

/// What it costs to take somebody on the pitch for an assistant.
double assistant_cost(const RoleEvidence& person, const RoleOptions& options) {
  if (!person.place_m || !is_seen_as_official(person)) return kNever;
  return std::max(inside_m(*person.place_m, options) - options.line_m, 0.0) / options.line_fade_m;
}

/// How much likelier than anything else a role is.
float lead(const RoleScores& scores, std::size_t role) {
  float other = -kNever;
  for (std::size_t r = 0; r < scores.size(); ++r) {
    if (r != role) other = std::max(other, scores[r]);
  }
  return scores[role] - other;
}

std::size_t likeliest(const RoleScores& scores) {
  // A tie is a player.
  std::size_t best = kPlayer;
  for (const std::size_t role : {kKeeper, kReferee}) {
    if (scores[role] > scores[best]) best = role;
  }
  return best;
}

/// Those who claim the seats of one part: whose role is the least likely, and who may best be an assistant instead.
struct Claims {
  int count = 0;
  std::size_t weakest = 0;
  std::size_t nearest = 0;
};

Claims claims_of(const Seats& seats, std::span<const RoleScores> scores, std::span<const RoleEvidence> people,
                 std::span<const bool> at_line, const RoleOptions& options) {
  Claims claims;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (likeliest(scores[i]) != seats.role || part_of(seats.role, people[i], at_line[i]) != seats.part) continue;
    const bool first = claims.count++ == 0;
    if (first || lead(scores[i], seats.role) < lead(scores[claims.weakest], seats.role)) claims.weakest = i;
    if (first || assistant_cost(people[i], options) < assistant_cost(people[claims.nearest], options)) {
      claims.nearest = i;
    }
  }
  return claims;
}

/// Until no more claim these seats than there are.
void turn_away(const Seats& seats, std::span<RoleScores> scores, std::span<const RoleEvidence> people,
               std::span<bool> at_line, const RoleOptions& options) {
  const bool on_pitch = seats.role == kReferee && seats.part == 1;
  for (;;) {
    const Claims claims = claims_of(seats, scores, people, at_line, options);
    if (claims.count <= seats.count) return;
    const double loss = lead(scores[claims.weakest], seats.role);
    if (on_pitch && assistant_cost(people[claims.nearest], options) < loss) {
      at_line[claims.nearest] = true;
    } else {
      scores[claims.weakest][seats.role] = -kNever;
    }
  }
}

/// Where nobody has a seat, the likeliest of those who `may` have it is ahead by so much.
template <typename May>
void fill_seat(std::span<RoleScores> scores, std::size_t role, float ahead, May may) {
  RoleScores* next = nullptr;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!may(i)) continue;
    if (likeliest(scores[i]) == role) return;
    if (!next || lead(scores[i], role) > lead(*next, role)) next = &scores[i];
  }
  if (next) (*next)[role] += ahead;
}

/// What a picture shows of a match has its goalkeeper and its referee in it, though their shirts may be like a team's.
void fill_seats(std::span<RoleScores> scores, std::span<const RoleEvidence> people, std::span<const bool> at_line,
                const RoleOptions& options) {
  for (const int goal : {1, 2}) {
    fill_seat(scores, kKeeper, options.minded, [&](std::size_t i) {
      if (part_of(kKeeper, people[i], false) != goal) return false;
      return likeliest(scores[i]) == kKeeper || to_goal_m(*people[i].place_m, options) <= options.minded_m;
    });
  }
  const auto on_pitch = [&](const RoleEvidence& person) {
    return person.place_m && !is_beside(*person.place_m, options);
  };
  if (std::ranges::count_if(people, on_pitch) < options.crowd) return;
  fill_seat(scores, kReferee, options.led,
            [&](std::size_t i) { return part_of(kReferee, people[i], at_line[i]) == 1; });
}

}  // namespace

void RoleOptions::check() const {
  TOUCHLINE_REQUIRE(doubt > 0 && doubt <= 1, "doubt {} is not in (0, 1]", doubt);
  TOUCHLINE_REQUIRE(kit_doubt > 0 && kit_doubt <= 1, "kit_doubt {} is not in (0, 1]", kit_doubt);
  TOUCHLINE_REQUIRE(close_up_doubt > 0 && close_up_doubt <= 1, "close_up_doubt {} is not in (0, 1]", close_up_doubt);
  TOUCHLINE_REQUIRE(rarity >= 0 && rarity <= 10, "rarity {} is not in [0, 10]", rarity);
  TOUCHLINE_REQUIRE(hysteresis >= 0 && hysteresis <= 10, "hysteresis {} is not in [0, 10]", hysteresis);
  TOUCHLINE_REQUIRE(outside >= 0 && outside <= 10, "outside {} is not in [0, 10]", outside);
  TOUCHLINE_REQUIRE(keeper_m >= 1 && keeper_m <= 60, "keeper_m {} is not in [1, 60]", keeper_m);
  TOUCHLINE_REQUIRE(keeper_fade_m >= 0.1 && keeper_fade_m <= 60, "keeper_fade_m {} is not in [0.1, 60]", keeper_fade_m);
  TOUCHLINE_REQUIRE(at_home >= 0 && at_home <= 10, "at_home {} is not in [0, 10]", at_home);
  TOUCHLINE_REQUIRE(minded >= 0 && minded <= 10, "minded {} is not in [0, 10]", minded);
  TOUCHLINE_REQUIRE(minded_m >= 0 && minded_m <= 60, "minded_m {} is not in [0, 60]", minded_m);
  TOUCHLINE_REQUIRE(led >= 0 && led <= 10, "led {} is not in [0, 10]", led);
  TOUCHLINE_REQUIRE(crowd >= 0 && crowd <= 100, "crowd {} is not in [0, 100]", crowd);
  TOUCHLINE_REQUIRE(beside_m >= -10 && beside_m <= 10, "beside_m {} is not in [-10, 10]", beside_m);
  TOUCHLINE_REQUIRE(line_m >= 0 && line_m <= 20, "line_m {} is not in [0, 20]", line_m);
  TOUCHLINE_REQUIRE(line_fade_m >= 0.1 && line_fade_m <= 20, "line_fade_m {} is not in [0.1, 20]", line_fade_m);
  TOUCHLINE_REQUIRE(post_m >= 0 && post_m <= 10, "post_m {} is not in [0, 10]", post_m);
  TOUCHLINE_REQUIRE(post_score >= 0 && post_score <= 1, "post_score {} is not in [0, 1]", post_score);
  TOUCHLINE_REQUIRE(referees >= 0 && referees <= 8, "referees {} is not in [0, 8]", referees);
  TOUCHLINE_REQUIRE(assistants >= 0 && assistants <= 8, "assistants {} is not in [0, 8]", assistants);
}

bool is_beside(const geometry::PitchPoint& place_m, const RoleOptions& options) {
  return std::abs(place_m.y) > options.pitch.width_m() / 2 - options.beside_m;
}

bool is_at_post(const geometry::PitchPoint& place_m, const RoleOptions& options) {
  const double behind_m = std::abs(place_m.x) - options.pitch.length_m() / 2;
  const double from_frame_m = behind_m - std::clamp(behind_m, 0.0, kNetDepth_m);
  return std::hypot(from_frame_m, std::abs(place_m.y) - match::kHalfGoal_m) < options.post_m;
}

RoleScores role_scores(const RoleEvidence& person, const RoleOptions& options) {
  RoleScores scores{-options.rarity, 0, -options.rarity};
  float votes = 0;
  for (const float share : person.class_share) votes += share;
  for (std::size_t r = 0; r < scores.size() && votes > 0; ++r) {
    scores[r] += std::log(std::max(person.class_share[r] / votes, options.doubt));
  }
  if (person.like_team) {
    const float odd = kOddShirt * (1 - *person.like_team);
    const float least = person.close_up ? options.close_up_doubt : options.kit_doubt;
    scores[kPlayer] += std::log(std::max(*person.like_team, least));
    scores[kKeeper] += std::log(std::max(odd, options.kit_doubt));
    scores[kReferee] += std::log(std::max({odd, person.like_official.value_or(0), options.kit_doubt}));
  }
  scores[kPlayer] -= options.outside * person.beside_share;
  scores[kReferee] -= kPost * person.post_share;
  scores[kKeeper] -= std::max(options.outside * person.beside_share, kPost * person.post_share);
  if (person.place_m) {
    scores[kKeeper] += keepers_place(to_goal_m(*person.place_m, options), options);
  }
  return scores;
}

void decide_roles(std::span<PersonClass> roles, std::span<const RoleScores> scores,
                  std::span<const RoleEvidence> people, const RoleOptions& options) {
  require_same_lengths(roles, scores, people);
  // Part 0 of the goalkeepers: those without a place.
  const std::array<Seats, 5> limits = {{{kKeeper, 0, 2},
                                        {kKeeper, 1, 1},
                                        {kKeeper, 2, 1},
                                        {kReferee, 0, options.assistants},
                                        {kReferee, 1, options.referees}}};
  std::array<RoleScores, match::kMaxPeople> left{};
  std::array<bool, match::kMaxPeople> at_line{};
  const std::size_t n = std::min(people.size(), left.size());
  for (std::size_t i = 0; i < people.size(); ++i) roles[i] = people[i].present;
  for (std::size_t i = 0; i < n; ++i) {
    left[i] = scores[i];
    left[i][static_cast<std::size_t>(people[i].present)] += options.hysteresis;
    at_line[i] = assistant_cost(people[i], options) <= 0;
  }
  // Turning one away can only send him on to seats that are looked at again: three rounds reach everybody's last
  // choice.
  for (int round = 0; round < 3; ++round) {
    for (const auto& seats : limits) {
      turn_away(seats, std::span(left).first(n), people.first(n), std::span(at_line).first(n), options);
    }
  }
  fill_seats(std::span(left).first(n), people.first(n), std::span(at_line).first(n), options);
  for (std::size_t i = 0; i < n; ++i) roles[i] = static_cast<PersonClass>(likeliest(left[i]));
}

void limit_goalkeepers(std::span<PersonClass> roles, std::span<const RoleScores> scores,
                       std::span<const RoleEvidence> people) {
  require_same_lengths(roles, scores, people);
  std::array<std::size_t, 3> keeper{};  // by goal, one more than his place among the people
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (roles[i] != PersonClass::kGoalkeeper || !people[i].place_m) continue;
    std::size_t& seat = keeper[static_cast<std::size_t>(nearer_goal(*people[i].place_m))];
    if (seat == 0) {
      seat = i + 1;
    } else if (lead(scores[i], kKeeper) > lead(scores[seat - 1], kKeeper)) {
      roles[seat - 1] = PersonClass::kPlayer;
      seat = i + 1;
    } else {
      roles[i] = PersonClass::kPlayer;
    }
  }
}

}  // namespace touchline::teams
