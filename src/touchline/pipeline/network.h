#pragma once

#include <memory>
#include <string>

#include "touchline/image/frame.h"
#include "touchline/match/detection.h"
#include "touchline/pipeline/options.h"

namespace touchline::pipeline {

/// What the frame path asks of the network: put a frame in a slot, later take what was found in it. Slots work side by
/// side. Not thread-safe: one thread starts and waits.
class Network {
 public:
  Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  virtual int slots() const = 0;

  /// Prepares the frame and starts the network on it; does not block for the result. The slot must be free.
  virtual void start(int slot, const image::Frame& frame) = 0;

  /// Blocks until the slot's result is there and frees the slot. Places are in pixels of the frame that was started.
  virtual match::FrameDetections wait(int slot) = 0;

  /// What the network sees, pixels.
  virtual int input_width_px() const = 0;
  virtual int input_height_px() const = 0;

  /// Its name: of `touchline model list`, else the file's.
  virtual std::string model() const = 0;

  /// One line for records and people: runtime, precision, threads.
  virtual std::string description() const = 0;
};

/// Opens the detector that the options name, for pictures of width × height.
/// Throws Error when a model cannot be used; the sentence says why.
std::unique_ptr<Network> open_network(const AnalyzeOptions& options, int width_px, int height_px);

}  // namespace touchline::pipeline
