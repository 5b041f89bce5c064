#include "touchline/teams/team_assigner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

// Note [Names]
// Inside, kits are 0 and 1 in the order they were learnt. Team a is the one that defends the left goal when that is
// first known. A clip must not wait for it for ever: after name_by_s the best evidence so far decides (the side of the
// goalkeepers, the deeper team, without a camera the team farther left in the picture), and the names stay for the run.
// Which way a team attacks is another matter, kept per shot.

using match::PersonClass;

constexpr double kLongestStep_s = 0.2;  // a gap longer than this counts as no more than this
constexpr float kSureKeeper = 0.6F;     // a goalkeeper's shirt this clear tells whose he is
constexpr double kOwnThird_m = 28;      // beyond this from the halfway line a goalkeeper is at a goal
constexpr float kSureLean = 0.5F;       // shirts this clear move the kits with the light
constexpr float kLikeNeither = 0.02F;   // likeness with the teams' shirts below which a shirt belongs to neither
constexpr float kNoSide = 0.03F;        // a side nearer to 0 than this is none
constexpr double kSureAfter_s = 0.15;   // sight after which confidence is no longer held back
constexpr float kLeastSight = 0.3F;     // sum of weights from which a shirt has a colour
constexpr float kMostSight = 4;         // beyond this, more sight does not make a shirt count more among the others
constexpr float kDoubtedPlayer = 0.3F;  // how much the shirt of somebody counts whom the detector takes for no player
constexpr float kOtherRole = 0.1F;      // and the shirt of somebody who was found to be none
constexpr double kPlaceMemory_s = 2;    // a player who takes a throw-in stays a player
constexpr float kSurePost = 0.9F;       // share of the time at a post from which somebody is the post
constexpr int kPostFrames = 12;         // and for so many frames at least
constexpr double kRecent_s = 2;         // kits are learnt from those seen within this
constexpr int kTeamSharing = 8;         // of a team's players, this many are in the picture

bool is_seen(const match::Track& track) {
  return track.state == match::State::kDetected && track.kit.weight > 0;
}

/// Share of a shirt that another box touches: those in front hide it, those behind only spoil its edge.
float overlapped(const std::vector<match::Track>& tracks, std::size_t i) {
  const auto& box = tracks[i].box_px;
  const geometry::BoxPx shirt = {box.x0, box.y0, box.x1, box.y0 + 0.6F * box.height()};
  float most = 0;
  for (std::size_t j = 0; j < tracks.size(); ++j) {
    if (j == i) continue;
    const float hiding = tracks[j].box_px.y1 > box.y1 ? 1.0F : 0.5F;
    most = std::max(most, hiding * geometry::intersection_area(shirt, tracks[j].box_px));
  }
  return shirt.area() > 0 ? std::min(1.0F, most / shirt.area()) : 1.0F;
}

}  // namespace

void TeamOptions::check() const {
  TOUCHLINE_REQUIRE(learn_every_s >= 0 && learn_every_s <= 60, "learn_every_s {} is not in [0, 60]", learn_every_s);
  TOUCHLINE_REQUIRE(name_by_s >= 0 && name_by_s <= 60, "name_by_s {} is not in [0, 60]", name_by_s);
  TOUCHLINE_REQUIRE(memory_s >= 0.1 && memory_s <= 600, "memory_s {} is not in [0.1, 600]", memory_s);
  TOUCHLINE_REQUIRE(hysteresis_s >= 0 && hysteresis_s <= 60, "hysteresis_s {} is not in [0, 60]", hysteresis_s);
  TOUCHLINE_REQUIRE(forget_s >= 1 && forget_s <= 600, "forget_s {} is not in [1, 600]", forget_s);
  TOUCHLINE_REQUIRE(min_weight >= 0 && min_weight <= 1, "min_weight {} is not in [0, 1]", min_weight);
  kits.check();
  roles.check();
  attack.check();
}

KitSample TeamAssigner::Person::sample() const {
  KitSample mean{sum, std::min(seen, kMostSight)};
  for (float& v : mean.color) v /= std::max(seen, 1e-6F);
  return mean;
}

TeamAssigner::TeamAssigner(const TeamOptions& options)
    : options_(options), kits_(options.kits), attack_(options.attack) {
  options.check();
}

TeamAssigner::Person& TeamAssigner::person(std::int64_t id) {
  const auto place = std::ranges::lower_bound(people_, id, {}, &Person::id);
  if (place != people_.end() && place->id == id) return *place;
  Person fresh;
  fresh.id = id;
  return *people_.insert(place, fresh);
}

const TeamAssigner::Person* TeamAssigner::find(std::int64_t id) const {
  const auto place = std::ranges::lower_bound(people_, id, {}, &Person::id);
  return place != people_.end() && place->id == id ? &*place : nullptr;
}

void TeamAssigner::update(std::vector<match::Track>& tracks, const match::PitchPose&, double pts_s) {
  if (!first_s_) first_s_ = pts_s;
  const double dt_s = std::clamp(pts_s - last_s_, 0.001, kLongestStep_s);
  last_s_ = pts_s;
  collect(tracks, dt_s, pts_s);
  if (!kits_.known() || pts_s >= next_look_s_) learn(pts_s);
  decide_roles(tracks);
  const double fade = std::exp(-dt_s / options_.memory_s);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Person& own = person(tracks[i].id);
    own.goal_vote_s *= fade;
    own.goal_all_s *= fade;
    if (own.role == PersonClass::kGoalkeeper) {
      judge_goal(own, tracks[i], dt_s);
    } else {
      judge_shirt(own, tracks[i], trust_[i], dt_s);
    }
    settle(own, dt_s);
  }
  watch_attack(tracks, dt_s);
  name_teams(tracks, pts_s);
  for (auto& track : tracks) stamp(track, find(track.id));
  std::erase_if(people_, [&](const Person& p) { return pts_s - p.last_s > options_.forget_s; });
}

void TeamAssigner::note_place(Person& own, const match::Track& track, double dt_s) const {
  ++own.frames;
  const auto mean = [&](float& value, float now, float least_rate) {
    value += std::max(static_cast<float>(dt_s / kPlaceMemory_s), least_rate) * (now - value);
  };
  if (track.state == match::State::kDetected) mean(own.score, track.score, 1.0F / static_cast<float>(own.frames));
  if (!track.position_m) return;
  mean(own.beside_share, is_beside(*track.position_m, options_.roles) ? 1.0F : 0.0F, 0);
  mean(own.post_share, is_at_post(*track.position_m, options_.roles) ? 1.0F : 0.0F,
       1.0F / static_cast<float>(own.frames));
}

float TeamAssigner::likely_post(const Person& own) const {
  return own.score < options_.roles.post_score ? own.post_share : 0;
}

void TeamAssigner::collect(const std::vector<match::Track>& tracks, double dt_s, double pts_s) {
  trust_.assign(tracks.size(), 0);
  const bool crowd = std::cmp_greater_equal(tracks.size(), options_.roles.crowd);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const match::Track& track = tracks[i];
    Person& own = person(track.id);
    const bool is_new = own.last_s == 0 && own.seen == 0;
    own.last_s = pts_s;
    own.class_share = track.class_share;
    if (own.class_share == match::ClassScores{}) own.class_share[static_cast<std::size_t>(track.person_class)] = 1;
    if (is_new) own.role = track.person_class;
    note_place(own, track, dt_s);
    own.close_up = own.close_up && !crowd && !track.position_m;
    if (!is_seen(track)) continue;
    const float open = 1 - overlapped(tracks, i);
    const float trust = track.kit.weight * open * open;
    if (trust < options_.min_weight) continue;
    trust_[i] = trust;
    // Only what is seen makes forget: nobody loses his colour behind somebody else.
    const auto fade = static_cast<float>(std::exp(-trust * dt_s / options_.memory_s));
    const Color color = kit_space(track.kit.lab);
    for (std::size_t c = 0; c < 3; ++c) own.sum[c] = fade * own.sum[c] + trust * color[c];
    own.seen = fade * own.seen + trust;
    own.seen_s = fade * own.seen_s + trust * dt_s;
  }
}

void TeamAssigner::learn(double pts_s) {
  next_look_s_ = pts_s + options_.learn_every_s;
  samples_.clear();
  for (const auto& p : people_) {
    if (p.seen < kLeastSight || pts_s - p.last_s > kRecent_s) continue;
    KitSample sample = p.sample();
    const float player = p.class_share[static_cast<std::size_t>(PersonClass::kPlayer)];
    // Once the kits are known, who wears neither is set aside: officials and goalkeepers must not become a team.
    const bool other = kits_.known() && p.role != PersonClass::kPlayer;
    sample.weight *= other ? kOtherRole : kDoubtedPlayer + (1 - kDoubtedPlayer) * player;
    samples_.push_back(sample);
  }
  kits_.learn(samples_, pts_s);
  samples_.clear();
  for (const auto& p : people_) {
    if (p.role == PersonClass::kReferee && p.seen >= kLeastSight) samples_.push_back(p.sample());
  }
  kits_.learn_officials(samples_);
}

void TeamAssigner::decide_roles(const std::vector<match::Track>& tracks) {
  evidence_.clear();
  scores_.clear();
  for (const auto& track : tracks) {
    const Person& own = person(track.id);
    RoleEvidence known;
    known.class_share = own.class_share;
    known.place_m = track.position_m;
    known.close_up = own.close_up;
    known.beside_share = own.beside_share;
    known.post_share = likely_post(own);
    known.present = own.role;
    if (kits_.known() && own.seen >= kLeastSight) {
      const Color color = own.sample().color;
      known.like_team = kits_.like_team(color);
      known.like_official = kits_.like_official(color);
    }
    evidence_.push_back(known);
    scores_.push_back(role_scores(known, options_.roles));
  }
  roles_.resize(tracks.size());
  teams::decide_roles(roles_, scores_, evidence_, options_.roles);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Person& own = person(tracks[i].id);
    own.role = roles_[i];
    own.role_scores = scores_[i];
  }
}

void TeamAssigner::judge_shirt(Person& own, const match::Track& track, float trust, double dt_s) {
  const Color mean = own.sample().color;
  const bool like_one = own.seen > 0 && kits_.like_team(mean) >= kLikeNeither;
  own.side = like_one ? kits_.lean(mean) : 0;
  own.sure_s = own.seen_s;
  const bool sure = own.role == PersonClass::kPlayer && std::abs(own.side) > kSureLean && trust > 0;
  if (!sure || own.kit != (own.side > 0 ? 0 : 1)) return;
  const Color color = kit_space(track.kit.lab);
  if (own.side * kits_.lean(color) <= 0) return;
  kits_.follow(own.kit, color, trust, static_cast<float>(dt_s), kTeamSharing);
}

/// The kit of a goalkeeper by his shirt, where both goalkeepers' are known and his is clearly one; −1 otherwise.
int TeamAssigner::keeper_kit(const match::Track& track, float& side) const {
  side = 0;
  if (!is_seen(track) || !goalkeepers_[0] || !goalkeepers_[1]) return -1;
  const Color color = kit_space(track.kit.lab);
  const float d0 = squared_distance(color, *goalkeepers_[0]);
  const float d1 = squared_distance(color, *goalkeepers_[1]);
  side = (d1 - d0) / (d0 + d1 + 1e-6F);
  return std::abs(side) > kSureKeeper ? (side > 0 ? 0 : 1) : -1;
}

void TeamAssigner::judge_goal(Person& own, const match::Track& track, double dt_s) {
  const int direction = attack_.likely();
  float side = 0;
  if (track.position_m && std::abs(track.position_m->x) > kOwnThird_m && direction != 0) {
    const int kit = (track.position_m->x < 0) == (direction > 0) ? 0 : 1;
    own.goal_vote_s += (kit == 0 ? 1 : -1) * dt_s;
    own.goal_all_s += dt_s;
    if (is_seen(track) && attack_.direction() != 0) {
      auto& shirt = goalkeepers_[static_cast<std::size_t>(kit)];
      const Color color = kit_space(track.kit.lab);
      if (!shirt) shirt = color;
      for (std::size_t c = 0; c < 3; ++c) (*shirt)[c] += 0.05F * (color[c] - (*shirt)[c]);
    }
  } else {
    keeper_kit(track, side);
    if (side != 0) {
      own.goal_vote_s += track.kit.weight * dt_s * static_cast<double>(side);
      own.goal_all_s += track.kit.weight * dt_s;
    }
  }
  own.side = own.goal_all_s > 0 ? static_cast<float>(own.goal_vote_s / own.goal_all_s) : 0;
  own.sure_s = own.goal_all_s;
}

void TeamAssigner::settle(Person& own, double dt_s) const {
  const bool official = own.role == PersonClass::kReferee;
  if (official || std::abs(own.side) < kNoSide) {
    own.contrary_s += dt_s;
    if (official || own.contrary_s > options_.hysteresis_s) own.kit = -1;
    return;
  }
  const int wanted = own.side > 0 ? 0 : 1;
  own.contrary_s = wanted == own.kit ? 0 : own.contrary_s + dt_s;
  if (own.kit >= 0 && own.contrary_s <= options_.hysteresis_s) return;
  own.kit = wanted;
  own.contrary_s = 0;
}

void TeamAssigner::watch_attack(const std::vector<match::Track>& tracks, double dt_s) {
  standing_.clear();
  for (const auto& track : tracks) {
    const Person& own = person(track.id);
    if (!track.position_m || own.role == PersonClass::kReferee) continue;
    const bool keeper = own.role == PersonClass::kGoalkeeper;
    float side = 0;
    standing_.push_back({*track.position_m, keeper ? keeper_kit(track, side) : own.kit, keeper});
  }
  attack_.update(standing_, dt_s);
}

void TeamAssigner::name_teams(const std::vector<match::Track>& tracks, double pts_s) {
  if (kit_of_a_ >= 0 || !kits_.known()) return;
  std::array<double, 2> sum{};
  std::array<int, 2> count{};
  for (const auto& track : tracks) {
    const Person& own = person(track.id);
    const int kit = own.kit;
    if (kit < 0 || own.role != PersonClass::kPlayer) continue;
    sum[static_cast<std::size_t>(kit)] += track.box_px.center().x;
    ++count[static_cast<std::size_t>(kit)];
  }
  if (count[0] > 0 && count[1] > 0) beside_px_ += sum[1] / count[1] - sum[0] / count[0];
  int direction = attack_.direction();
  if (direction == 0) {
    if (pts_s - *first_s_ < options_.name_by_s) return;
    direction = attack_.likely();
    if (direction == 0) direction = beside_px_ >= 0 ? 1 : -1;
  }
  kit_of_a_ = direction > 0 ? 0 : 1;
}

match::TeamLabel TeamAssigner::label(const Person& own) const {
  if (kit_of_a_ < 0 || own.kit < 0) return {};
  const double enough = 1 - std::exp(-own.sure_s / kSureAfter_s);
  const bool agrees = (own.side > 0) == (own.kit == 0);
  const auto confidence = static_cast<float>(agrees ? std::abs(own.side) * enough : 0.0);
  return {own.kit == kit_of_a_ ? match::Team::kA : match::Team::kB, confidence};
}

void TeamAssigner::stamp(match::Track& track, const Person* own) const {
  track.team = own != nullptr ? label(*own) : match::TeamLabel{};
  if (own != nullptr) track.person_class = own->role;
}

void TeamAssigner::restamp(std::vector<match::Track>& tracks) {
  evidence_.clear();
  scores_.clear();
  roles_.clear();
  for (auto& track : tracks) {
    const Person* own = find(track.id);
    stamp(track, own);
    RoleEvidence known;
    known.place_m = track.position_m;
    evidence_.push_back(known);
    scores_.push_back(own != nullptr ? own->role_scores : RoleScores{});
    roles_.push_back(track.person_class);
  }
  limit_goalkeepers(roles_, scores_, evidence_);
  for (std::size_t i = 0; i < tracks.size(); ++i) tracks[i].person_class = roles_[i];
}

bool TeamAssigner::is_person(std::int64_t id) const {
  const Person* own = find(id);
  return own == nullptr || own->frames < kPostFrames || likely_post(*own) < kSurePost;
}

match::AttackDirection TeamAssigner::attack() const {
  if (kit_of_a_ < 0) return {};
  return {kit_of_a_ == 0 ? attack_.direction() : -attack_.direction()};
}

void TeamAssigner::cut() {
  attack_.cut();
}

}  // namespace touchline::teams
