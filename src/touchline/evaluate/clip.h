#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "touchline/match/match_frame.h"
#include "touchline/match/pitch_model.h"
#include "touchline/records/json_lines.h"

namespace touchline::evaluate {

struct ClipOptions {
  double person_iou = 0.5;                        ///< a person is found by a box that overlaps at least so much; (0, 1]
  double ball_px = 10;                            ///< a ball is found within this distance; 0.1 to 1000 pixels
  int cut_frames = 1;                             ///< a cut is found at most this far away; 0 to 100 frames
  match::PitchModel pitch = match::PitchModel();  ///< metres

  /// Throws Error(kInvalidArgument) when a value is outside its range.
  void check() const;
};

/// A run against the truth. Shares are empty where the truth has nothing to judge.
struct ClipReport {
  std::int64_t frames = 0;          ///< of the truth
  std::int64_t missing_frames = 0;  ///< of these, not in the run: everything in them is missed
  std::int64_t extra_frames = 0;    ///< of the run, not in the truth

  std::int64_t people = 0;                  ///< true people, summed over frames
  std::optional<double> people_found;       ///< share of them with a box of their own
  double false_people_per_frame = 0;        ///< boxes of the run that fit nobody
  std::optional<double> median_position_m;  ///< error of the places of those found
  std::optional<double> p90_position_m;     ///<
  std::optional<double> positions_known;    ///< share of those found that have a place
  std::optional<double> role_right;         ///< share of those found with the right class
  std::optional<double> team_right;         ///< share of found players with the true team; none counts as wrong
  std::int64_t id_switches = 0;             ///< changes of the id that covers a person, inside a shot
  std::optional<double> attack_right;       ///< share of frames with the true direction of attack

  std::optional<double> camera_known;      ///< share of the frames with a true camera
  std::optional<double> camera_measured;   ///< share of them where it is fitted to the frame's own points
  std::optional<double> median_camera_px;  ///< error at the landmarks that are inside the picture in truth
  std::optional<double> p90_camera_px;     ///<

  std::int64_t ball_frames = 0;           ///< with a true ball
  std::optional<double> ball_found;       ///< share of them with the ball near enough
  std::optional<double> ball_found_seen;  ///< share of them found in state "detected"
  std::optional<double> median_ball_px;   ///< error where both have a ball
  std::int64_t false_ball_frames = 0;     ///< a ball in state "detected" where the truth has none

  int turned_shots = 0;  ///< judged with the run's pitch turned by half a circle
  int cuts = 0;          ///< true ones
  int cuts_missed = 0;
  int cuts_invented = 0;
};

/// Compares frame by frame. People are paired so that as many as possible are found, then by overlap; all states of the
/// run's boxes count. Teams and ids are compared as they are: no swapping of names. A pitch looks the same when it is
/// turned by half a circle, and a run takes the near side for its own: a shot whose cameras fit better turned is judged
/// turned. Not thread-safe.
class ClipComparison {
 public:
  /// Throws Error(kInvalidArgument) when options.check() fails or the picture has no size.
  ClipComparison(const ClipOptions& options, records::PictureSize picture);
  ~ClipComparison();

  /// The next frame of the truth, in order, and the run's frame of the same index; null where the run has none.
  void add(const match::MatchFrame& truth, const match::MatchFrame* run);

  /// A frame of the run that the truth does not have.
  void add_extra();

  /// Of all frames so far; ends the current shot.
  ClipReport report();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Judges a run's frames.jsonl against a truth.jsonl, pairing frames by their index.
///
/// picture   size of the analysed picture; records::read_picture_size() of the run's summary.json knows it
///
/// Throws Error as records::FrameFileReader.
ClipReport evaluate_clip(const std::string& frames_path, const std::string& truth_path, records::PictureSize picture,
                         const ClipOptions& options);

/// The same for a run's folder: frames.jsonl and summary.json in it.
ClipReport evaluate_clip_folder(const std::string& folder, const std::string& truth_path, const ClipOptions& options);

/// A table for people, and the same as JSON.
std::string to_text(const ClipReport& report);
std::string to_json(const ClipReport& report);

}  // namespace touchline::evaluate
