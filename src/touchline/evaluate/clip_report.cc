#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "touchline/evaluate/clip.h"

namespace touchline::evaluate {
namespace {

void append_row(std::string& text, std::string_view name, const std::string& value, std::string_view note = "") {
  fmt::format_to(std::back_inserter(text), "{:<26}{:>12}{}{}\n", name, value, note.empty() ? "" : "  ", note);
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f} %", 100 * *share) : "-";
}

std::string with_unit(const std::optional<double>& value, std::string_view unit) {
  return value ? fmt::format("{:.2f} {}", *value, unit) : "-";
}

nlohmann::ordered_json number_or_null(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return *value;
}

}  // namespace

std::string to_text(const ClipReport& r) {
  std::string text;
  append_row(text, "frames", fmt::format("{}", r.frames),
             fmt::format("{} missing, {} too many", r.missing_frames, r.extra_frames));
  append_row(text, "people found", percent(r.people_found), fmt::format("of {}", r.people));
  append_row(text, "false people", fmt::format("{:.2f}", r.false_people_per_frame), "a frame");
  append_row(text, "position error, median", with_unit(r.median_position_m, "m"));
  append_row(text, "position error, p90", with_unit(r.p90_position_m, "m"));
  append_row(text, "positions known", percent(r.positions_known), "of those found");
  append_row(text, "role right", percent(r.role_right), "of those found");
  append_row(text, "team right", percent(r.team_right), "of players found, names not exchanged");
  append_row(text, "attack direction right", percent(r.attack_right), "of frames");
  append_row(text, "id switches", fmt::format("{}", r.id_switches), "inside shots");
  append_row(text, "camera known", percent(r.camera_known), "of frames");
  append_row(text, "camera measured", percent(r.camera_measured), "of frames");
  append_row(text, "camera error, median", with_unit(r.median_camera_px, "px"), "at landmarks in the picture");
  append_row(text, "camera error, p90", with_unit(r.p90_camera_px, "px"));
  append_row(text, "pitch turned", fmt::format("{}", r.turned_shots),
             "shots, judged turned: left and right goal exchanged");
  append_row(text, "ball found", percent(r.ball_found), fmt::format("of {} frames", r.ball_frames));
  append_row(text, "ball found, detected", percent(r.ball_found_seen), "without filled frames");
  append_row(text, "ball error, median", with_unit(r.median_ball_px, "px"));
  append_row(text, "false balls", fmt::format("{}", r.false_ball_frames), "frames");
  append_row(text, "cuts", fmt::format("{}", r.cuts),
             fmt::format("{} missed, {} invented", r.cuts_missed, r.cuts_invented));
  return text;
}

std::string to_json(const ClipReport& r) {
  const nlohmann::ordered_json json = {{"frames", r.frames},
                                       {"missing_frames", r.missing_frames},
                                       {"extra_frames", r.extra_frames},
                                       {"people", r.people},
                                       {"people_found", number_or_null(r.people_found)},
                                       {"false_people_per_frame", r.false_people_per_frame},
                                       {"median_position_m", number_or_null(r.median_position_m)},
                                       {"p90_position_m", number_or_null(r.p90_position_m)},
                                       {"positions_known", number_or_null(r.positions_known)},
                                       {"role_right", number_or_null(r.role_right)},
                                       {"team_right", number_or_null(r.team_right)},
                                       {"attack_right", number_or_null(r.attack_right)},
                                       {"id_switches", r.id_switches},
                                       {"camera_known", number_or_null(r.camera_known)},
                                       {"camera_measured", number_or_null(r.camera_measured)},
                                       {"median_camera_px", number_or_null(r.median_camera_px)},
                                       {"p90_camera_px", number_or_null(r.p90_camera_px)},
                                       {"turned_shots", r.turned_shots},
                                       {"ball_frames", r.ball_frames},
                                       {"ball_found", number_or_null(r.ball_found)},
                                       {"ball_found_detected", number_or_null(r.ball_found_seen)},
                                       {"median_ball_px", number_or_null(r.median_ball_px)},
                                       {"false_ball_frames", r.false_ball_frames},
                                       {"cuts", r.cuts},
                                       {"cuts_missed", r.cuts_missed},
                                       {"cuts_invented", r.cuts_invented}};
  return json.dump(2) + "\n";
}

}  // namespace touchline::evaluate
