#include "touchline/records/summary.h"

#include <cerrno>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "touchline/base/error.h"
#include "touchline/records/names.h"

namespace touchline::records {
namespace {

using base::ErrorCode;
using base::fail;
using Json = nlohmann::ordered_json;

constexpr int kLargestPicture = 1 << 16;

Json rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double scale = std::pow(10, decimals);
  return std::round(value * scale) / scale;
}

Json rounded(const std::optional<double>& value, int decimals) {
  return value ? rounded(*value, decimals) : Json(nullptr);
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json or_null(double value, int decimals) {
  return value == 0 ? Json(nullptr) : rounded(value, decimals);
}

Json share(std::int64_t part, std::int64_t all) {
  if (all == 0) return nullptr;
  return rounded(static_cast<double>(part) / static_cast<double>(all), 4);
}

Json size_or_null(PictureSize size) {
  return size.width_px == 0 ? Json(nullptr) : Json{size.width_px, size.height_px};
}

template <typename Value>
Json object_of(const std::vector<std::pair<std::string, Value>>& pairs) {
  Json object = Json::object();
  for (const auto& [key, value] : pairs) {
    if constexpr (std::is_floating_point_v<Value>) {
      object[key] = rounded(value, 3);
    } else {
      object[key] = value;
    }
  }
  return object;
}

Json input_json(const Summary& s) {
  return {{"name", or_null(s.input)},
          {"picture_px", size_or_null(s.picture)},
          {"codec", or_null(s.codec)},
          {"pixel_format", or_null(s.pixel_format)},
          {"duration_s", or_null(s.duration_s, 3)},
          {"frame_rate", or_null(s.frame_rate, 4)},
          {"damage", object_of(s.damage)}};
}

Json camera_json(const RunStatistics& statistics) {
  const auto& frames = statistics.camera_frames();
  const auto of = [&](match::PoseState state) {
    return share(frames[static_cast<std::size_t>(state)], statistics.frames());
  };
  return {{"measured", of(match::PoseState::kMeasured)},
          {"interpolated", of(match::PoseState::kInterpolated)},
          {"held", of(match::PoseState::kHeld)},
          {"none", of(match::PoseState::kNone)},
          {"mean_visible_pitch", rounded(statistics.mean_visible_pitch(), 4)}};
}

Json ball_json(const RunStatistics& statistics) {
  const auto& frames = statistics.ball_frames();
  const auto of = [&](match::State state) {
    return share(frames[static_cast<std::size_t>(state)], statistics.frames());
  };
  const std::int64_t known = frames[0] + frames[1] + frames[2];
  return {{"detected", of(match::State::kDetected)},
          {"interpolated", of(match::State::kInterpolated)},
          {"held", of(match::State::kHeld)},
          {"none", share(statistics.frames() - known, statistics.frames())}};
}

Json possession_json(const RunStatistics& statistics) {
  const auto& frames = statistics.possession_frames();
  const auto of = [&](match::Possession possession) {
    return share(frames[static_cast<std::size_t>(possession)], statistics.frames());
  };
  return {{"a", of(match::Possession::kA)},
          {"b", of(match::Possession::kB)},
          {"contested", of(match::Possession::kContested)},
          {"unknown", of(match::Possession::kUnknown)}};
}

Json shots_json(const RunStatistics& statistics) {
  Json shots = Json::array();
  for (const auto& shot : statistics.shots()) {
    shots.push_back({{"shot", shot.shot},
                     {"first_frame", shot.first_frame},
                     {"last_frame", shot.last_frame},
                     {"first_pts_s", rounded(shot.first_pts_s, 6)},
                     {"last_pts_s", rounded(shot.last_pts_s, 6)}});
  }
  return shots;
}

Json tracks_json(const RunStatistics& statistics) {
  Json tracks = Json::array();
  for (const auto& [id, total] : statistics.tracks()) {
    if (total.last_pts_s - total.first_pts_s < RunStatistics::kShortestStay_s) continue;
    tracks.push_back({{"id", id},
                      {"class", name_of(total.person_class)},
                      {"team", or_null(std::string(name_of(total.team)))},
                      {"frames", total.frames},
                      {"first_pts_s", rounded(total.first_pts_s, 3)},
                      {"last_pts_s", rounded(total.last_pts_s, 3)},
                      {"distance_m", rounded(total.distance_m, 1)},
                      {"top_speed_mps", or_null(total.top_speed_mps, 2)}});
  }
  return tracks;
}

Json timings_json(const Summary& s, const RunStatistics& statistics) {
  Json stages = Json::array();
  for (const auto& [stage, times] : statistics.stages()) {
    stages.push_back({{"stage", stage},
                      {"frames", times.count()},
                      {"mean_ms", rounded(times.mean_ms(), 4)},
                      {"p50_ms", rounded(times.quantile_ms(0.5), 4)},
                      {"p95_ms", rounded(times.quantile_ms(0.95), 4)},
                      {"p99_ms", rounded(times.quantile_ms(0.99), 4)},
                      {"max_ms", rounded(times.max_ms(), 4)}});
  }
  const double rate = s.wall_s > 0 ? static_cast<double>(statistics.frames()) / s.wall_s : 0;
  return {{"wall_s", or_null(s.wall_s, 3)},
          {"frames_per_s", or_null(rate, 2)},
          {"stage_total_s", object_of(s.stage_total_s)},
          {"memory_warm_mib", or_null(s.memory_warm_mib, 1)},
          {"memory_end_mib", or_null(s.memory_end_mib, 1)},
          {"stages", stages}};
}

}  // namespace

std::string to_json(const Summary& s, const RunStatistics& statistics) {
  Json json = {{"schema", kFramesSchema},
               {"touchline", or_null(s.version)},
               {"machine", or_null(s.machine)},
               {"complete", s.complete},
               {"input", input_json(s)},
               {"model",
                {{"name", or_null(s.model)},
                 {"precision", or_null(s.model_precision)},
                 {"input_px", size_or_null(s.network_input)},
                 {"device", or_null(s.device)}}},
               {"pitch_m", s.pitch_length_m > 0 ? Json{s.pitch_length_m, s.pitch_width_m} : Json(nullptr)},
               {"settings", object_of(s.settings)},
               {"frames", statistics.frames()},
               {"people",
                {{"median_per_frame", statistics.median_people()},
                 {"with_team", rounded(statistics.team_share(), 4)},
                 {"ids", statistics.ids()}}},
               {"camera", camera_json(statistics)},
               {"ball", ball_json(statistics)},
               {"possession", possession_json(statistics)},
               {"timings", timings_json(s, statistics)},
               {"notes", s.notes},
               {"shots", shots_json(statistics)},
               {"tracks", tracks_json(statistics)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

PictureSize read_picture_size(const std::string& summary_path) {
  std::ifstream file(summary_path);
  if (!file) fail(ErrorCode::kNotFound, "cannot read '{}': {}", summary_path, base::system_error_text(errno));
  const Json json = Json::parse(file, nullptr, false);
  const auto at = Json::json_pointer("/input/picture_px");
  if (!json.is_object() || !json.contains(at)) {
    fail(ErrorCode::kBadInput, "{}: there is no \"picture_px\" below \"input\"", summary_path);
  }
  const Json& size = json.at(at);
  const auto side = [&](std::size_t i) -> std::int64_t {
    return size.is_array() && size.size() == 2 && size[i].is_number_unsigned() ? size[i].get<std::int64_t>() : 0;
  };
  if (side(0) < 1 || side(1) < 1 || side(0) > kLargestPicture || side(1) > kLargestPicture) {
    fail(ErrorCode::kBadInput, "{}: \"picture_px\" is no picture size", summary_path);
  }
  return {static_cast<int>(side(0)), static_cast<int>(side(1))};
}

}  // namespace touchline::records
