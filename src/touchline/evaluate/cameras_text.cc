#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "touchline/evaluate/cameras.h"

namespace touchline::evaluate {
namespace {

using Json = nlohmann::ordered_json;

std::string number_or_dash(const std::optional<double>& value) {
  return value ? fmt::format("{:.3f}", *value) : "-";
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// AP, recall and precision of one class; dashes where nothing is labelled.
std::string three_numbers(const ApResult& result) {
  if (!result.ap) return fmt::format("{:>7}{:>7}{:>7}", "-", "-", "-");
  return fmt::format("{:>7.3f}{:>7.3f}{:>7.3f}", *result.ap, result.recall, result.precision);
}

std::string sure_recall(const ApResult& result) {
  return result.ap ? fmt::format("{:.3f}", result.sure_recall) : "-";
}

Json json_of(const ApResult& result) {
  return {{"ap", number_or_null(result.ap)},   {"recall", result.recall},        {"precision", result.precision},
          {"sure_recall", result.sure_recall}, {"objects", result.true_objects}, {"detections", result.detections}};
}

std::string unjudged_lines(const std::vector<std::string>& clips) {
  std::string text;
  for (const auto& clip : clips) text += fmt::format("not judged: {} (no frame of it in the results)\n", clip);
  return text;
}

}  // namespace

std::string to_text(const CameraReport& report) {
  std::string text = fmt::format("{:<32}{:>6}", "AP50, recall, precision", "frames");
  for (const char* name : {"people", "goalkeeper", "player", "referee", "ball"}) text += fmt::format("{:>21}", name);
  text += fmt::format("{:>8}{:>8}{:>8}\n", "sure", "roles", "false");
  for (const auto& line : report.lines) {
    fmt::format_to(std::back_inserter(text), "{:<32}{:>6}{}", line.name, line.frames, three_numbers(line.people));
    for (const auto& one : line.classes) text += three_numbers(one.result);
    fmt::format_to(std::back_inserter(text), "{}{:>8}{:>8}{:>8}\n", three_numbers(line.ball), sure_recall(line.ball),
                   number_or_dash(line.roles_right), number_or_dash(line.false_people_a_frame));
  }
  return text + unjudged_lines(report.unjudged);
}

std::string to_json(const CameraReport& report) {
  Json json = {{"lines", Json::array()}, {"unjudged", report.unjudged}};
  for (const auto& line : report.lines) {
    Json item = {{"name", line.name}, {"frames", line.frames}, {"people", json_of(line.people)}};
    for (const auto& one : line.classes) item[one.name] = json_of(one.result);
    item["ball"] = json_of(line.ball);
    item["roles_right"] = number_or_null(line.roles_right);
    item["false_people_a_frame"] = number_or_null(line.false_people_a_frame);
    json["lines"].push_back(std::move(item));
  }
  return json.dump(2) + "\n";
}

std::string to_text(const CameraPitchReport& report) {
  std::string text = fmt::format("{:<32}{:>8}{:>8}{:>8}{:>11}{:>9}{:>14}\n", "pitch points", "frames", "visible",
                                 "found", "median px", "p90 px", "false a frame");
  for (const auto& line : report.lines) {
    const PitchReport& points = line.points;
    fmt::format_to(std::back_inserter(text), "{:<32}{:>8}{:>8}{:>8}{:>11}{:>9}{:>14.3f}\n", line.name, points.pictures,
                   points.visible_points, number_or_dash(points.pck), number_or_dash(points.median_px),
                   number_or_dash(points.p90_px), points.false_points_per_picture);
  }
  return text + unjudged_lines(report.unjudged);
}

std::string to_json(const CameraPitchReport& report) {
  Json json = {{"lines", Json::array()}, {"unjudged", report.unjudged}};
  for (const auto& line : report.lines) {
    const PitchReport& points = line.points;
    json["lines"].push_back({{"name", line.name},
                             {"frames", points.pictures},
                             {"visible_points", points.visible_points},
                             {"pck", number_or_null(points.pck)},
                             {"median_px", number_or_null(points.median_px)},
                             {"p90_px", number_or_null(points.p90_px)},
                             {"false_points_a_frame", points.false_points_per_picture}});
  }
  return json.dump(2) + "\n";
}

}  // namespace touchline::evaluate
