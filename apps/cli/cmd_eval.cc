#include <fmt/format.h>

#include <fstream>

#include "apps/cli/arguments.h"
#include "apps/cli/verb.h"
#include "touchline/base/error.h"
#include "touchline/evaluate/average_precision.h"
#include "touchline/evaluate/camera_labels.h"
#include "touchline/evaluate/cameras.h"
#include "touchline/evaluate/clip.h"
#include "touchline/evaluate/hota.h"
#include "touchline/evaluate/pitch_accuracy.h"
#include "touchline/records/mot.h"

namespace touchline::cli {
namespace {

/// The report as a table, and as JSON where a file was named.
template <typename Report>
int print_report(const Report& report, const std::string& json) {
  fmt::print("{}", evaluate::to_text(report));
  if (json.empty()) return kExitOk;
  std::ofstream file(json);
  file << evaluate::to_json(report);
  file.close();
  if (!file) base::fail(base::ErrorCode::kIo, "cannot write {}", json);
  return kExitOk;
}

void add_json(CLI::App& app, std::string& json) {
  app.add_option("--json", json, "Also write the figures here")->type_name("FILE");
}

constexpr const char* kResultsHelp =
    "File of `touchline detect`; with labels of clips also a folder of runs, RUNS/CLIP each";

constexpr const char* kDetectFooter =
    "AP of people and of their classes counts everything in RESULTS: let `touchline detect --person-score` write low\n"
    "scores, too. Recall, precision, F1, roles and false people count people from --person-score on. Balls count from\n"
    "any score on.\n";

int eval_detect(std::span<const std::string> arguments) {
  CLI::App app("Average precision of `touchline detect` against labelled pictures or frames of clips.",
               "touchline eval detect");
  app.footer(kDetectFooter);
  std::string results;
  std::string labels;
  std::string json;
  evaluate::PeopleOptions people;
  app.add_option("RESULTS", results, kResultsHelp)->required();
  app.add_option("--labels", labels, "Folder with images/ and labels/ (YOLO text), or labels of clips (.jsonl)")
      ->required()
      ->type_name("DIR");
  app.add_option("--person-score", people.min_score,
                 "People count from this score on in everything but AP, 0 to 1 [0: all in RESULTS]")
      ->type_name("S");
  add_json(app, json);
  if (const auto status = parse(app, arguments)) return *status;
  if (evaluate::holds_camera_labels(labels)) {
    return print_report(evaluate::evaluate_cameras(results, labels, people), json);
  }
  return print_report(evaluate::evaluate_detections(results, labels, people), json);
}

int eval_pitch(std::span<const std::string> arguments) {
  CLI::App app("Pitch points of `touchline detect` against labelled pictures or frames of clips.",
               "touchline eval pitch");
  std::string results;
  std::string labels;
  std::string json;
  evaluate::PitchAccuracyOptions options;
  app.add_option("RESULTS", results, kResultsHelp)->required();
  app.add_option("--labels", labels, "Folder with images/ and labels/ (32 points a line), or labels of clips (.jsonl)")
      ->required()
      ->type_name("DIR");
  app.add_option("--hit-px", options.hit_px, "A point this near to its label is found, pixels [10]")->type_name("PX");
  add_json(app, json);
  if (const auto status = parse(app, arguments)) return *status;
  if (evaluate::holds_camera_labels(labels)) {
    return print_report(evaluate::evaluate_camera_pitch(results, labels, options), json);
  }
  return print_report(evaluate::evaluate_pitch(results, labels, options), json);
}

int eval_mot(std::span<const std::string> arguments) {
  CLI::App app("HOTA, IDF1 and MOTA of tracks against the truth.", "touchline eval mot");
  std::string tracks;
  std::string truth;
  app.add_option("TRACKS", tracks, "MOTChallenge rows, for instance of `touchline track`")->required();
  app.add_option("--truth", truth, "MOTChallenge rows of the truth")->required()->type_name("FILE");
  if (const auto status = parse(app, arguments)) return *status;
  const auto scores =
      evaluate::scores_of(evaluate::count_tracking(records::read_mot(truth), records::read_mot(tracks)));
  fmt::print("HOTA {:.2f}  DetA {:.2f}  AssA {:.2f}  IDF1 {:.2f}  MOTA {:.2f}\n", 100 * scores.hota, 100 * scores.det_a,
             100 * scores.ass_a, 100 * scores.idf1, 100 * scores.mota);
  return kExitOk;
}

int eval_clip(std::span<const std::string> arguments) {
  CLI::App app("A run against the truth: people, positions, camera, ball, teams, cuts.", "touchline eval clip");
  std::string run;
  std::string truth;
  std::string json;
  std::string pitch = "105x68";
  app.add_option("RUN", run, "Folder of `touchline analyze`")->required();
  app.add_option("--truth", truth, "truth.jsonl, for instance of `touchline synth`")->required()->type_name("FILE");
  app.add_option("--pitch", pitch, "Length and width of the pitch in metres [105x68]")->type_name("LxW");
  add_json(app, json);
  if (const auto status = parse(app, arguments)) return *status;
  evaluate::ClipOptions options;
  options.pitch = match::PitchModel::parse(pitch);
  return print_report(evaluate::evaluate_clip_folder(run, truth, options), json);
}

constexpr Verb kEvalVerbs[] = {
    {"detect", "pictures: AP by class", eval_detect},
    {"pitch", "pictures: the 32 pitch points", eval_pitch},
    {"mot", "tracks: HOTA, IDF1, MOTA", eval_mot},
    {"clip", "a whole run against a truth.jsonl", eval_clip},
};

}  // namespace

int run_eval(std::span<const std::string> arguments) {
  return run_sub_verb("eval", "Accuracy against labels.", kEvalVerbs, arguments);
}

}  // namespace touchline::cli
