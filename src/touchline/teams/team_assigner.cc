#include "touchline/teams/team_assigner.h"

#include <algorithm>
#include <cmath>

#include "touchline/base/error.h"

namespace touchline::teams {
namespace {

// Note [Names]
// Inside, kits are 0 and 1 in the order they were learnt. Team a is the one that defends the left goal when that is
// first known. A clip must not wait for it for ever: after name_by_s the best evidence so far decides (the side of the
// goalkeepers, the deeper team, without a camera the team farther left in the picture), and the names stay for the run.
// Which way a team attacks is another matter, kept per shot.

using match::PersonClass;

constexpr double kLongestStep_s = 0.2;  // a gap longer than this casts no more votes than this
constexpr double kOwnThird_m = 28;      // beyond this from the halfway line a goalkeeper is at a goal
constexpr float kSureLean = 0.5F;       // shirts this clear move the kits with the light
constexpr double kLikeNeither = 0.1;    // share of clear votes below which a shirt belongs to neither team
constexpr double kLikeOne = 0.2;        // and from which on it does again
constexpr double kSureAfter_s = 0.15;   // votes after which confidence is no longer held back

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
  TOUCHLINE_REQUIRE(learn_s >= 0.1 && learn_s <= 600, "learn_s {} is not in [0.1, 600]", learn_s);
  TOUCHLINE_REQUIRE(name_by_s >= 0 && name_by_s <= 60, "name_by_s {} is not in [0, 60]", name_by_s);
  TOUCHLINE_REQUIRE(memory_s >= 0.1 && memory_s <= 600, "memory_s {} is not in [0.1, 600]", memory_s);
  TOUCHLINE_REQUIRE(hysteresis_s >= 0 && hysteresis_s <= 60, "hysteresis_s {} is not in [0, 60]", hysteresis_s);
  TOUCHLINE_REQUIRE(forget_s >= 1 && forget_s <= 600, "forget_s {} is not in [1, 600]", forget_s);
  TOUCHLINE_REQUIRE(min_weight >= 0 && min_weight <= 1, "min_weight {} is not in [0, 1]", min_weight);
  kits.check();
  attack.check();
}

KitSample TeamAssigner::Voter::sample() const {
  KitSample mean{sum, std::min(seen, 10.0F)};
  for (float& v : mean.color) v /= std::max(seen, 1e-6F);
  return mean;
}

TeamAssigner::TeamAssigner(const TeamOptions& options)
    : options_(options), kits_(options.kits), attack_(options.attack) {
  options.check();
}

TeamAssigner::Voter& TeamAssigner::voter(std::int64_t id) {
  const auto place =
      std::lower_bound(voters_.begin(), voters_.end(), id, [](const Voter& v, std::int64_t key) { return v.id < key; });
  if (place != voters_.end() && place->id == id) return *place;
  Voter fresh;
  fresh.id = id;
  return *voters_.insert(place, fresh);
}

const TeamAssigner::Voter* TeamAssigner::find(std::int64_t id) const {
  const auto place =
      std::lower_bound(voters_.begin(), voters_.end(), id, [](const Voter& v, std::int64_t key) { return v.id < key; });
  return place != voters_.end() && place->id == id ? &*place : nullptr;
}

void TeamAssigner::update(std::vector<match::Track>& tracks, const match::PitchPose&, double pts_s) {
  if (!first_s_) first_s_ = pts_s;
  const double dt_s = std::clamp(pts_s - last_s_, 0.001, kLongestStep_s);
  last_s_ = pts_s;
  collect(tracks, dt_s, pts_s);
  if (!kits_.known() || pts_s - *first_s_ <= options_.learn_s) learn(pts_s);
  const double fade = std::exp(-dt_s / options_.memory_s);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Voter& own = voter(tracks[i].id);
    own.vote *= fade;
    own.total *= fade;
    own.against *= fade;
    if (tracks[i].person_class == PersonClass::kGoalkeeper) {
      vote_by_goal(own, tracks[i], dt_s);
    } else if (is_seen(tracks[i]) && trust_[i] >= options_.min_weight) {
      vote_by_shirt(own, tracks[i], trust_[i], dt_s);
    }
    settle(own);
  }
  watch_attack(tracks, dt_s);
  name_teams(tracks, pts_s);
  for (auto& track : tracks) track.team = label(voter(track.id));
  std::erase_if(voters_, [&](const Voter& v) { return pts_s - v.last_s > options_.forget_s; });
}

void TeamAssigner::collect(const std::vector<match::Track>& tracks, double dt_s, double pts_s) {
  trust_.assign(tracks.size(), 0);
  const auto fade = static_cast<float>(std::exp(-dt_s / options_.memory_s));
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    Voter& own = voter(tracks[i].id);
    own.last_s = pts_s;
    own.person_class = tracks[i].person_class;
    if (!is_seen(tracks[i])) continue;
    const float open = 1 - overlapped(tracks, i);
    trust_[i] = tracks[i].kit.weight * open * open;
    const Color color = kit_space(tracks[i].kit.lab);
    for (std::size_t c = 0; c < 3; ++c) own.sum[c] = fade * own.sum[c] + trust_[i] * color[c];
    own.seen = fade * own.seen + trust_[i];
  }
}

void TeamAssigner::learn(double pts_s) {
  const auto gather = [&](PersonClass person_class) {
    samples_.clear();
    for (const auto& v : voters_) {
      if (v.person_class == person_class && v.seen > 0.3F && pts_s - v.last_s < 2) samples_.push_back(v.sample());
    }
  };
  const bool before = kits_.known();
  gather(PersonClass::kPlayer);
  kits_.learn(samples_);
  gather(PersonClass::kReferee);
  kits_.learn_officials(samples_);
  if (before || !kits_.known()) return;
  // The shirts seen before the kits were known vote now.
  for (auto& v : voters_) {
    if (v.person_class != PersonClass::kPlayer || v.seen <= 0) continue;
    v.vote = kSureAfter_s * kits_.lean(v.sample().color);
    v.total = kSureAfter_s;
    settle(v);
  }
}

void TeamAssigner::vote_by_shirt(Voter& own, const match::Track& track, float trust, double dt_s) {
  if (!kits_.known()) return;
  const Color color = kit_space(track.kit.lab);
  const float lean = kits_.lean(color);
  own.vote += trust * lean * dt_s;
  own.total += trust * dt_s;
  const bool official = track.person_class == PersonClass::kReferee || kits_.like_official(color);
  own.against += (official ? 1 : 0) * trust * dt_s;
  if (!official && std::abs(lean) > kSureLean && own.kit == (lean > 0 ? 0 : 1)) {
    kits_.follow(own.kit, color, trust, static_cast<float>(dt_s), 8);
  }
}

void TeamAssigner::vote_by_goal(Voter& own, const match::Track& track, double dt_s) {
  const int direction = attack_.likely();
  if (track.position_m && std::abs(track.position_m->x) > kOwnThird_m && direction != 0) {
    const bool left = track.position_m->x < 0;
    const int kit = left == (direction > 0) ? 0 : 1;
    own.vote += (kit == 0 ? 1 : -1) * dt_s;
    own.total += dt_s;
    if (is_seen(track) && attack_.direction() != 0) {
      auto& shirt = goalkeepers_[static_cast<std::size_t>(kit)];
      const Color color = kit_space(track.kit.lab);
      if (!shirt) shirt = color;
      for (std::size_t c = 0; c < 3; ++c) (*shirt)[c] += 0.05F * (color[c] - (*shirt)[c]);
    }
  } else if (is_seen(track) && goalkeepers_[0] && goalkeepers_[1]) {
    const Color color = kit_space(track.kit.lab);
    const float d0 = squared_distance(color, *goalkeepers_[0]);
    const float d1 = squared_distance(color, *goalkeepers_[1]);
    own.vote += track.kit.weight * dt_s * static_cast<double>((d1 - d0) / (d0 + d1 + 1e-6F));
    own.total += track.kit.weight * dt_s;
  }
}

void TeamAssigner::settle(Voter& own) const {
  if (own.person_class == PersonClass::kReferee || own.against > 0.5 * own.total) {
    own.kit = -1;
    return;
  }
  if (own.total <= 0 || own.vote == 0) return;
  const double clear = std::abs(own.vote) / own.total;
  if (own.total > kSureAfter_s && clear < (own.kit < 0 ? kLikeOne : kLikeNeither)) {
    own.kit = -1;
    return;
  }
  const int wanted = own.vote > 0 ? 0 : 1;
  if (own.kit < 0 || std::abs(own.vote) > options_.hysteresis_s) own.kit = wanted;
}

void TeamAssigner::watch_attack(const std::vector<match::Track>& tracks, double dt_s) {
  standing_.clear();
  for (const auto& track : tracks) {
    if (!track.position_m || track.person_class == PersonClass::kReferee) continue;
    Standing person{*track.position_m, -1, track.person_class == PersonClass::kGoalkeeper};
    if (!person.goalkeeper) {
      person.kit = voter(track.id).kit;
    } else if (is_seen(track) && goalkeepers_[0] && goalkeepers_[1]) {
      const Color color = kit_space(track.kit.lab);
      const float d0 = squared_distance(color, *goalkeepers_[0]);
      const float d1 = squared_distance(color, *goalkeepers_[1]);
      if (std::min(d0, d1) < 0.25F * std::max(d0, d1)) person.kit = d0 < d1 ? 0 : 1;
    }
    standing_.push_back(person);
  }
  attack_.update(standing_, dt_s);
}

void TeamAssigner::name_teams(const std::vector<match::Track>& tracks, double pts_s) {
  if (kit_of_a_ >= 0 || !kits_.known()) return;
  std::array<double, 2> sum{};
  std::array<int, 2> count{};
  for (const auto& track : tracks) {
    const int kit = voter(track.id).kit;
    if (kit < 0 || track.person_class != PersonClass::kPlayer) continue;
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

match::TeamLabel TeamAssigner::label(const Voter& own) const {
  if (kit_of_a_ < 0 || own.kit < 0) return {};
  const double clear = own.total > 0 ? std::abs(own.vote) / own.total : 0;
  const double enough = 1 - std::exp(-own.total / kSureAfter_s);
  const bool agrees = (own.vote > 0) == (own.kit == 0);
  const auto confidence = static_cast<float>(std::clamp(agrees ? clear * enough : 0.0, 0.0, 1.0));
  return {own.kit == kit_of_a_ ? match::Team::kA : match::Team::kB, confidence};
}

match::TeamLabel TeamAssigner::label_of(std::int64_t id) const {
  const Voter* own = find(id);
  return own != nullptr ? label(*own) : match::TeamLabel{};
}

match::AttackDirection TeamAssigner::attack() const {
  if (kit_of_a_ < 0) return {};
  return {kit_of_a_ == 0 ? attack_.direction() : -attack_.direction()};
}

void TeamAssigner::cut() {
  attack_.cut();
}

}  // namespace touchline::teams
