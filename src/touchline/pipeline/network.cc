#include "touchline/pipeline/network.h"

#include <fmt/format.h>

#include "touchline/detect/detector.h"

namespace touchline::pipeline {
namespace {

// One frame in the network while the next is prepared.
constexpr int kSlots = 2;

class DetectorNetwork : public Network {
 public:
  explicit DetectorNetwork(std::unique_ptr<detect::Detector> detector) : detector_(std::move(detector)) {}

  int slots() const override { return detector_->slots(); }
  void start(int slot, const image::Frame& frame) override { detector_->start(slot, frame); }
  match::FrameDetections wait(int slot) override { return detector_->wait(slot); }
  int input_width_px() const override { return detector_->info().size.width_px; }
  int input_height_px() const override { return detector_->info().size.height_px; }
  std::string model() const override { return detector_->info().model; }
  std::string description() const override { return detector_->info().backend; }

 private:
  std::unique_ptr<detect::Detector> detector_;
};

}  // namespace

std::unique_ptr<Network> open_network(const AnalyzeOptions& options, int width_px, int height_px) {
  detect::DetectorOptions wanted;
  wanted.model = options.model;
  wanted.pitch_model = options.pitch_model;
  wanted.size = options.size;
  wanted.source_width_px = width_px;
  wanted.source_height_px = height_px;
  wanted.threads = options.threads;
  wanted.person_score = options.person_score;
  wanted.slots = options.batch > 0 ? options.batch : kSlots;
  return std::make_unique<DetectorNetwork>(detect::Detector::open(wanted));
}

}  // namespace touchline::pipeline
