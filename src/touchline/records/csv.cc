#include "touchline/records/csv.h"

#include <cmath>
#include <optional>

#include "touchline/records/names.h"
#include "touchline/records/number_text.h"

namespace touchline::records {
namespace {

constexpr int kPixelDecimals = 2;
constexpr int kMetreDecimals = 2;
constexpr int kScoreDecimals = 3;
constexpr int kShareDecimals = 4;
constexpr int kTimeDecimals = 6;

void append_field(std::string& text, const std::optional<double>& value, int decimals) {
  text += ',';
  if (value && std::isfinite(*value)) append_fixed(text, *value, decimals);
}

void append_word(std::string& text, std::string_view word) {
  text += ',';
  text += word;
}

void append_frame_fields(std::string& text, const match::MatchFrame& frame) {
  append_integer(text, frame.index);
  append_field(text, frame.pts_s, kTimeDecimals);
  text += ',';
  append_integer(text, frame.shot);
}

void append_box(std::string& text, const geometry::BoxPx& box) {
  for (const float value : {box.x0, box.y0, box.x1, box.y1}) append_field(text, value, kPixelDecimals);
}

void append_position(std::string& text, const std::optional<geometry::PitchPoint>& point) {
  append_field(text, point ? std::optional(point->x) : std::nullopt, kMetreDecimals);
  append_field(text, point ? std::optional(point->y) : std::nullopt, kMetreDecimals);
}

}  // namespace

std::string_view tracks_csv_header() {
  return "frame,pts_s,shot,id,class,team,team_confidence,state,score,x0_px,y0_px,x1_px,y1_px,x_m,y_m,speed_mps\n";
}

std::string_view eval_csv_header() {
  return "frame,pts_s,shot,possession,visible_pitch,control_a,control_b,threat_a,threat_b,eval,confidence,"
         "term_control,term_threat,term_ball,term_pressure\n";
}

void append_tracks_csv(std::string& text, const match::MatchFrame& frame) {
  for (const auto& track : frame.tracks) {
    append_frame_fields(text, frame);
    text += ',';
    append_integer(text, track.id);
    append_word(text, name_of(track.person_class));
    append_word(text, name_of(track.team.team));
    append_field(text, track.team.confidence, kScoreDecimals);
    append_word(text, name_of(track.state));
    append_field(text, track.score, kScoreDecimals);
    append_box(text, track.box_px);
    append_position(text, track.position_m);
    append_field(text, track.speed_mps, kMetreDecimals);
    text += '\n';
  }
  if (!frame.ball) return;
  append_frame_fields(text, frame);
  text += ",,ball,,";
  append_word(text, name_of(frame.ball->state));
  append_field(text, frame.ball->score, kScoreDecimals);
  append_box(text, frame.ball->box_px);
  append_position(text, frame.ball->position_m);
  text += ",\n";
}

void append_eval_csv(std::string& text, const match::MatchFrame& frame) {
  const auto field = [&text](bool known, double value, int decimals) {
    append_field(text, known ? std::optional(value) : std::nullopt, decimals);
  };
  append_frame_fields(text, frame);
  append_word(text, name_of(frame.possession));
  append_field(text, frame.visible_pitch, kShareDecimals);
  const bool has_control = frame.control.has_value();
  field(has_control, has_control ? frame.control->share_a : 0, kShareDecimals);
  field(has_control, has_control ? frame.control->share_b : 0, kShareDecimals);
  const match::Threat threat = frame.threat.value_or(match::Threat{});
  field(frame.threat.has_value(), threat.a, kShareDecimals);
  field(frame.threat.has_value(), threat.b, kShareDecimals);
  const match::EvalBar eval = frame.eval.value_or(match::EvalBar{});
  field(frame.eval.has_value(), eval.value, kPixelDecimals);
  field(frame.eval.has_value(), eval.confidence, kScoreDecimals);
  for (const auto& term : {eval.terms.control, eval.terms.threat, eval.terms.ball, eval.terms.pressure}) {
    append_field(text, term, kShareDecimals);
  }
  text += '\n';
}

}  // namespace touchline::records
