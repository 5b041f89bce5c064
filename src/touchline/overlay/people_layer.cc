#include "touchline/overlay/people_layer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "touchline/image/draw/text.h"

namespace touchline::overlay {
namespace {

using geometry::BoxPx;
using image::draw::Face;
using image::draw::Ink;
using image::draw::Painter;
using image::draw::TextStyle;
using match::PersonClass;

constexpr double kPi = std::numbers::pi;
constexpr double kRingFromRad = -0.22 * kPi;  ///< the ring is open behind the player's legs
constexpr double kRingToRad = 1.22 * kPi;
constexpr double kSizeTimeConstant_s = 0.35;
constexpr double kLeastCap_px = 6;  ///< smaller digits cannot be read
constexpr std::int64_t kForgetCalls = 250;
constexpr int kMostDashes = 9;
constexpr double kFlatnessWithoutCamera = 0.34;
constexpr double kLeastFlatness = 0.24;
constexpr double kMostFlatness = 0.55;

bool usable(const BoxPx& box) {
  return std::isfinite(box.x0) && std::isfinite(box.y0) && std::isfinite(box.x1) && std::isfinite(box.y1) &&
         box.width() > 0 && box.height() > 0;
}

/// A standing person is about 0.4 times as wide as tall; both sides together vary least from step to step.
double ring_radius_px(const BoxPx& box) {
  return 0.22 * double(box.height()) + 0.28 * double(box.width());
}

/// Height by width of a small circle on the grass where the camera looks at `foot`.
double flatness_at(const match::PitchPose& pose, geometry::ImagePoint foot) {
  constexpr double kStep_m = 0.5;
  if (!pose.camera) return kFlatnessWithoutCamera;
  const auto at_m = pose.camera->pitch_from_image(foot);
  if (!at_m) return kFlatnessWithoutCamera;
  const auto along = pose.camera->image_from_pitch({at_m->x + kStep_m, at_m->y});
  const auto across = pose.camera->image_from_pitch({at_m->x, at_m->y + kStep_m});
  if (!along || !across) return kFlatnessWithoutCamera;
  const double width = std::hypot(along->x - foot.x, across->x - foot.x);
  const double height = std::hypot(along->y - foot.y, across->y - foot.y);
  return width > 0 ? std::clamp(height / width, kLeastFlatness, kMostFlatness) : kFlatnessWithoutCamera;
}

double follow(double from, double to, double elapsed_s, double time_constant_s) {
  return from + (to - from) * (1 - std::exp(-elapsed_s / time_constant_s));
}

std::string tag_text(const match::Track& person) {
  if (person.person_class == PersonClass::kReferee) return "REF";
  if (person.person_class == PersonClass::kGoalkeeper) return "GK " + std::to_string(person.id);
  return std::to_string(person.id);
}

}  // namespace

void PeopleLayer::forget() {
  placer_.forget();
  sizes_.clear();
  tag_cap_px_ = 0;
}

void PeopleLayer::update(const match::MatchFrame& frame, const Style& style, double elapsed_s) {
  ++call_;
  footprints_.clear();
  double height_sum = 0;
  int count = 0;
  for (const match::Track& person : frame.tracks) {
    if (!usable(person.box_px)) {
      footprints_.push_back({});
      continue;
    }
    const double wanted = ring_radius_px(person.box_px);
    const geometry::ImagePoint foot = person.box_px.foot();
    const double flatness = flatness_at(frame.pose, foot);
    Size& size = sizes_.try_emplace(person.id, Size{wanted, flatness, call_}).first->second;
    size = {follow(size.radius_px, wanted, elapsed_s, kSizeTimeConstant_s),
            follow(size.flatness, flatness, elapsed_s, kSizeTimeConstant_s), call_};
    footprints_.push_back({foot, size.radius_px, size.radius_px * size.flatness});
    height_sum += double(person.box_px.height());
    ++count;
  }
  std::erase_if(sizes_, [&](const auto& entry) { return entry.second.last_call + kForgetCalls < call_; });
  if (count == 0) return;
  const double wanted = std::clamp(0.12 * height_sum / count, style.px(8, kLeastCap_px), style.px(15, kLeastCap_px));
  tag_cap_px_ = tag_cap_px_ == 0 ? wanted : follow(tag_cap_px_, wanted, elapsed_s, 4 * kSizeTimeConstant_s);
}

void PeopleLayer::draw_ring(Painter& painter, const match::Track& person, const Footprint& foot, const Style& style) {
  const image::Rgb color = palette_.of(person);
  const double opacity = opacity_of(person.state);
  const bool referee = person.person_class == PersonClass::kReferee;
  const double rx = foot.radius_x_px;
  const double ry = foot.radius_y_px;
  const double thickness = std::clamp((referee ? 0.06 : 0.09) * rx, style.px(1.4, 1.0), style.px(6, 2));

  path_.clear();
  path_.add_ellipse(foot.center_px, rx, ry);
  painter.fill(path_, {color, 0.18 * opacity});
  path_.clear();
  path_.add_ellipse_arc(foot.center_px, rx, ry, thickness + style.px(2.4, 1.2), kRingFromRad, kRingToRad);
  painter.fill(path_, {palette_.ink, 0.45 * opacity});

  path_.clear();
  if (person.state == match::State::kHeld) {
    const int dashes = std::clamp(static_cast<int>(rx / (2 * thickness)), 3, kMostDashes);
    const double step = (kRingToRad - kRingFromRad) / (2 * dashes - 1);
    for (int i = 0; i < dashes; ++i) {
      const double from = kRingFromRad + 2 * i * step;
      path_.add_ellipse_arc(foot.center_px, rx, ry, thickness, from, from + step);
    }
  } else {
    path_.add_ellipse_arc(foot.center_px, rx, ry, thickness, kRingFromRad, kRingToRad);
  }
  if (person.person_class == PersonClass::kGoalkeeper) {
    path_.add_ellipse_arc(foot.center_px, 0.7 * rx, 0.7 * ry, 0.8 * thickness, kRingFromRad, kRingToRad);
  }
  painter.fill(path_, {color, opacity});
}

void PeopleLayer::draw_rings(Painter& painter, const match::MatchFrame& frame, const Style& style) {
  for (std::size_t i = 0; i < frame.tracks.size(); ++i) {
    if (footprints_[i].radius_x_px > 0) draw_ring(painter, frame.tracks[i], footprints_[i], style);
  }
}

void PeopleLayer::request_tags(const match::MatchFrame& frame, const Style& style) {
  requests_.resize(frame.tracks.size());
  texts_.resize(frame.tracks.size());
  const TextStyle text{std::round(tag_cap_px_), Face::kBold};
  const double rim = style.px(4, 2);
  for (std::size_t i = 0; i < frame.tracks.size(); ++i) {
    const match::Track& person = frame.tracks[i];
    Footprint keep_clear = footprints_[i];
    requests_[i] = {person.id, {}, {}, 0, 0};
    if (keep_clear.radius_x_px <= 0) continue;
    keep_clear.radius_x_px += rim;
    keep_clear.radius_y_px += rim / 2;
    texts_[i] = tag_text(person);
    const int width = static_cast<int>(std::ceil(text_width_px(texts_[i], text) + text.cap_height_px));
    const int height = static_cast<int>(std::lround(1.7 * text.cap_height_px));
    requests_[i] = {person.id, keep_clear, person.box_px, std::max(width, height), height};
  }
}

void PeopleLayer::draw_tags(Painter& painter, const match::MatchFrame& frame, const Style& style,
                            std::span<const BoxPx> blocked_px) {
  request_tags(frame, style);
  const auto places = placer_.place(requests_, style.width_px, style.height_px, blocked_px);
  const TextStyle text{std::round(tag_cap_px_), Face::kBold};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i]) continue;
    const BoxPx& box = *places[i];
    const match::Track& person = frame.tracks[i];
    const image::Rgb ground = palette_.of(person);
    const double opacity = opacity_of(person.state);
    path_.clear();
    path_.add_rounded_box(box, 0.32 * double(box.height()));
    painter.fill(path_, {ground, 0.92 * opacity});
    const double width = text_width_px(texts_[i], text);
    const double left = 0.5 * (double(box.x0) + double(box.x1) - width);
    const double baseline = std::round(0.5 * (double(box.y0) + double(box.y1) + text.cap_height_px));
    painter.text(texts_[i], {left, baseline}, text, {palette_.text_on(ground), std::min(1.0, opacity + 0.15)});
  }
}

}  // namespace touchline::overlay
