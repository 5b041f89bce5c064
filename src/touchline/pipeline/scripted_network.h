#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "touchline/base/error.h"
#include "touchline/pipeline/network.h"

namespace touchline::pipeline {

/// A network for tests: answers with what a function says of the frame's index, and remembers what it was asked.
class ScriptedNetwork : public Network {
 public:
  using Script = std::function<match::FrameDetections(std::int64_t index)>;

  explicit ScriptedNetwork(Script script, int slots = 2) : script_(std::move(script)), slots_(slots) {}

  int slots() const override { return slots_; }
  void start(int slot, const image::Frame& frame) override {
    TOUCHLINE_REQUIRE(!under_way_.contains(slot), "slot {} is busy", slot);
    under_way_[slot] = frame.index;
    seen_.push_back(frame.index);
  }
  match::FrameDetections wait(int slot) override {
    const auto entry = under_way_.find(slot);
    TOUCHLINE_REQUIRE(entry != under_way_.end(), "slot {} is idle", slot);
    const auto index = entry->second;
    under_way_.erase(entry);
    return script_(index);
  }
  int input_width_px() const override { return 640; }
  int input_height_px() const override { return 384; }
  std::string model() const override { return "scripted"; }
  std::string description() const override { return "scripted"; }

  const std::vector<std::int64_t>& seen() const { return seen_; }
  std::size_t under_way() const { return under_way_.size(); }

 private:
  Script script_;
  int slots_;
  std::map<int, std::int64_t> under_way_;
  std::vector<std::int64_t> seen_;
};

}  // namespace touchline::pipeline
