#include "touchline/pipeline/observer.h"

#include <algorithm>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/teams/kit_feature.h"

namespace touchline::pipeline {
namespace {

void add_kits(Observation& seen) {
  std::vector<geometry::BoxPx> boxes;
  for (const auto& person : seen.detections.people) boxes.push_back(person.box_px);
  for (auto& person : seen.detections.people) {
    person.kit = teams::kit_feature(seen.frame.picture, person.box_px, boxes);
  }
}

}  // namespace

Observer::Observer(Network& network, const AnalyzeOptions& options, StageTimes& times, Sink sink)
    : network_(network),
      stride_(options.stride),
      pitch_(options.pitch),
      times_(times),
      sink_(std::move(sink)),
      slot_busy_(static_cast<std::size_t>(network.slots()), false) {}

void Observer::push(image::Frame frame) {
  Pending next;
  {
    const StageTimer timer(times_, "cut", &next.observation.timings_ms);
    next.observation.starts_shot = cuts_.update(detect::cut_signature(frame), frame.pts_s) && !first_;
  }
  next.observation.frame = std::move(frame);
  if (next.observation.starts_shot && !pending_.empty() && !pending_.back().observation.sampled)
    sample(pending_.back());
  const bool wanted = first_ || next.observation.starts_shot || since_sample_ + 1 >= stride_;
  first_ = false;
  pending_.push_back(std::move(next));
  if (wanted) {
    sample(pending_.back());
    since_sample_ = 0;
  } else {
    ++since_sample_;
  }
  emit_ready(false);
}

void Observer::finish() {
  if (!pending_.empty() && !pending_.back().observation.sampled) sample(pending_.back());
  for (Pending& pending : pending_) {
    if (pending.slot >= 0) complete(pending);
  }
  emit_ready(true);
}

void Observer::sample(Pending& pending) {
  const int slot = free_slot();
  const StageTimer timer(times_, "prepare", &pending.observation.timings_ms);
  network_.start(slot, pending.observation.frame);
  pending.slot = slot;
  pending.observation.sampled = true;
  slot_busy_[static_cast<std::size_t>(slot)] = true;
}

int Observer::free_slot() {
  for (;;) {
    const auto free = std::find(slot_busy_.begin(), slot_busy_.end(), false);
    if (free != slot_busy_.end()) return static_cast<int>(free - slot_busy_.begin());
    const auto oldest = std::find_if(pending_.begin(), pending_.end(), [](const Pending& p) { return p.slot >= 0; });
    TOUCHLINE_REQUIRE(oldest != pending_.end(), "every slot is busy and no frame waits for one");
    complete(*oldest);
  }
}

void Observer::complete(Pending& pending) {
  Observation& seen = pending.observation;
  {
    const StageTimer timer(times_, "network", &seen.timings_ms);
    seen.detections = network_.wait(pending.slot);
  }
  slot_busy_[static_cast<std::size_t>(pending.slot)] = false;
  pending.slot = -1;
  {
    const StageTimer timer(times_, "kit", &seen.timings_ms);
    add_kits(seen);
  }
  {
    const StageTimer timer(times_, "camera fit", &seen.timings_ms);
    seen.fit = calibrate::fit_pose(seen.detections.points, seen.frame.width(), seen.frame.height(), pitch_, {});
  }
}

void Observer::emit_ready(bool may_emit_last) {
  // The last skipped frame stays: a cut behind it would make it the last of its shot, which the network must see.
  while (!pending_.empty()) {
    const Pending& front = pending_.front();
    if (front.slot >= 0) return;
    if (pending_.size() == 1 && !front.observation.sampled && !may_emit_last) return;
    Observation ready = std::move(pending_.front().observation);
    pending_.pop_front();
    sink_(std::move(ready));
  }
}

}  // namespace touchline::pipeline
