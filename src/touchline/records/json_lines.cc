#include "touchline/records/json_lines.h"

#include "touchline/records/names.h"
#include "touchline/records/number_text.h"

namespace touchline::records {
namespace {

constexpr int kPixelDecimals = 2;
constexpr int kMetreDecimals = 2;
constexpr int kScoreDecimals = 3;
constexpr int kShareDecimals = 4;
constexpr int kTimeDecimals = 6;
constexpr int kLensDecimals = 6;
constexpr int kMillisecondDecimals = 3;

void append_name(std::string& line, std::string_view key, std::string_view name) {
  line += key;
  if (name.empty()) {
    line += "null";
    return;
  }
  line += '"';
  line += name;
  line += '"';
}

void append_number(std::string& line, std::string_view key, const std::optional<double>& value, int decimals) {
  line += key;
  append_fixed_or_null(line, value, decimals);
}

void append_box(std::string& line, const geometry::BoxPx& box) {
  line += "\"box_px\":[";
  append_fixed(line, box.x0, kPixelDecimals);
  line += ',';
  append_fixed(line, box.y0, kPixelDecimals);
  line += ',';
  append_fixed(line, box.x1, kPixelDecimals);
  line += ',';
  append_fixed(line, box.y1, kPixelDecimals);
  line += ']';
}

void append_position_m(std::string& line, const std::optional<geometry::PitchPoint>& point) {
  line += ",\"position_m\":";
  if (!point) {
    line += "null";
    return;
  }
  line += '[';
  append_fixed(line, point->x, kMetreDecimals);
  line += ',';
  append_fixed(line, point->y, kMetreDecimals);
  line += ']';
}

void append_pose(std::string& line, const match::PitchPose& pose) {
  append_name(line, ",\"pitch\":{\"state\":", name_of(pose.state));
  line += ",\"image_from_pitch\":";
  if (pose.camera) {
    char separator = '[';
    for (const double value : pose.camera->image_from_pitch_matrix()) {
      line += separator;
      append_significant(line, value);
      separator = ',';
    }
    line += ']';
    append_number(line, ",\"k1\":", pose.camera->k1(), kLensDecimals);
  } else {
    line += "null,\"k1\":null";
  }
  append_number(line, ",\"error_px\":", pose.error_px, kPixelDecimals);
  append_number(line, ",\"error_m\":", pose.error_m, kScoreDecimals);
  line += ",\"points\":";
  char separator = '[';
  for (const auto& point : pose.points) {
    line += separator;
    line += '[';
    append_fixed(line, point.point_px.x, kPixelDecimals);
    line += ',';
    append_fixed(line, point.point_px.y, kPixelDecimals);
    line += ',';
    append_fixed(line, point.score, kScoreDecimals);
    line += ']';
    separator = ',';
  }
  line += "]}";
}

void append_track(std::string& line, const match::Track& track) {
  line += "{\"id\":";
  append_integer(line, track.id);
  append_name(line, ",\"class\":", name_of(track.person_class));
  line += ',';
  append_box(line, track.box_px);
  append_number(line, ",\"score\":", track.score, kScoreDecimals);
  append_name(line, ",\"state\":", name_of(track.state));
  append_name(line, ",\"team\":", name_of(track.team.team));
  append_number(line, ",\"team_confidence\":", track.team.confidence, kScoreDecimals);
  append_position_m(line, track.position_m);
  append_number(line, ",\"speed_mps\":", track.speed_mps, kMetreDecimals);
  line += '}';
}

void append_tracks(std::string& line, const std::vector<match::Track>& tracks) {
  line += ",\"objects\":[";
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (i > 0) line += ',';
    append_track(line, tracks[i]);
  }
  line += ']';
}

void append_ball(std::string& line, const std::optional<match::Ball>& ball) {
  line += ",\"ball\":";
  if (!ball) {
    line += "null";
    return;
  }
  line += '{';
  append_box(line, ball->box_px);
  line += ",\"position_px\":[";
  append_fixed(line, ball->point_px.x, kPixelDecimals);
  line += ',';
  append_fixed(line, ball->point_px.y, kPixelDecimals);
  line += ']';
  append_position_m(line, ball->position_m);
  append_name(line, ",\"state\":", name_of(ball->state));
  append_number(line, ",\"score\":", ball->score, kScoreDecimals);
  line += '}';
}

void append_analytics(std::string& line, const match::MatchFrame& frame) {
  append_number(line, ",\"visible_pitch\":", frame.visible_pitch, kShareDecimals);
  line += ",\"control\":";
  if (frame.control) {
    append_name(line, "{\"model\":", name_of(frame.control->model));
    append_number(line, ",\"a\":", frame.control->share_a, kShareDecimals);
    append_number(line, ",\"b\":", frame.control->share_b, kShareDecimals);
    line += '}';
  } else {
    line += "null";
  }
  line += ",\"threat\":";
  if (frame.threat) {
    append_number(line, "{\"a\":", frame.threat->a, kShareDecimals);
    append_number(line, ",\"b\":", frame.threat->b, kShareDecimals);
    line += '}';
  } else {
    line += "null";
  }
}

void append_eval(std::string& line, const std::optional<match::EvalBar>& eval) {
  line += ",\"eval\":";
  if (!eval) {
    line += "null";
    return;
  }
  append_number(line, "{\"value\":", eval->value, kPixelDecimals);
  append_number(line, ",\"confidence\":", eval->confidence, kScoreDecimals);
  append_number(line, ",\"terms\":{\"control\":", eval->terms.control, kShareDecimals);
  append_number(line, ",\"threat\":", eval->terms.threat, kShareDecimals);
  append_number(line, ",\"ball\":", eval->terms.ball, kShareDecimals);
  append_number(line, ",\"pressure\":", eval->terms.pressure, kShareDecimals);
  line += "}}";
}

void append_attack(std::string& line, const match::AttackDirection& attack) {
  if (attack.a == 0) {
    line += ",\"attack\":{\"a\":null,\"b\":null}";
  } else {
    line += attack.a > 0 ? ",\"attack\":{\"a\":1,\"b\":-1}" : ",\"attack\":{\"a\":-1,\"b\":1}";
  }
}

void append_timings(std::string& line, const match::MatchFrame& frame) {
  line += ",\"timings_ms\":{";
  bool first = true;
  for (const auto& [stage, milliseconds] : frame.timings_ms) {
    if (!first) line += ',';
    first = false;
    append_json_string(line, stage);
    line += ':';
    append_fixed(line, milliseconds, kMillisecondDecimals);
  }
  line += '}';
}

}  // namespace

void append_json_line(std::string& line, const match::MatchFrame& frame) {
  line += "{\"schema\":1,\"frame\":";
  append_integer(line, frame.index);
  append_number(line, ",\"pts_s\":", frame.pts_s, kTimeDecimals);
  line += ",\"shot\":";
  append_integer(line, frame.shot);
  append_pose(line, frame.pose);
  append_tracks(line, frame.tracks);
  append_ball(line, frame.ball);
  append_name(line, ",\"possession\":", name_of(frame.possession));
  append_attack(line, frame.attack);
  append_analytics(line, frame);
  append_eval(line, frame.eval);
  append_timings(line, frame);
  line += "}\n";
}

}  // namespace touchline::records
