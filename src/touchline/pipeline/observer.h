#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "touchline/detect/cut.h"
#include "touchline/pipeline/network.h"
#include "touchline/pipeline/observation.h"
#include "touchline/pipeline/stage_times.h"

namespace touchline::pipeline {

/// Frames in presentation order → observations in the same order. Chooses which frames the network sees (every
/// stride-th of a shot, and the first and last of each shot, so that what lies between can be filled), keeps all of
/// the network's slots busy, and looks for cuts. Not thread-safe.
class Observer {
 public:
  using Sink = std::function<void(Observation&&)>;

  /// `network` and `times` must outlive the observer.
  Observer(Network& network, const AnalyzeOptions& options, StageTimes& times, Sink sink);

  void push(image::Frame frame);

  /// No further frame comes: waits for the network and emits what is left.
  void finish();

 private:
  struct Pending {
    Observation observation;
    int slot = -1;  ///< where the network works on it; −1 = not there
    bool done = false;
  };

  void sample(Pending& pending);
  int free_slot();
  void complete(Pending& pending);
  void emit_ready(bool may_emit_last);

  Network& network_;
  const int stride_;
  const match::PitchModel pitch_;
  StageTimes& times_;
  Sink sink_;
  detect::CutDetector cuts_;
  std::deque<Pending> pending_;
  std::vector<bool> slot_busy_;
  int since_sample_ = 0;
  bool first_ = true;
};

}  // namespace touchline::pipeline
