#pragma once

#include <cstdint>
#include <vector>

#include "touchline/image/frame.h"
#include "touchline/synth/canvas.h"
#include "touchline/synth/look.h"

namespace touchline::synth {

/// What the camera and the broadcaster's electronics do to a picture: lens softness, falling light toward the corners,
/// edge sharpening, contrast, grain, 4:2:0 colour. Keeps scratch memory; one per thread.
class Sensor {
 public:
  explicit Sensor(const Look& look) : look_(&look) {}

  /// Writes the canvas into an I420 picture of the same size; `grain_seed` makes each frame's grain its own.
  void develop(const image::I420View& out, const Canvas& canvas, std::uint64_t grain_seed);

 private:
  void develop_luma(const image::Plane& out, const Canvas& canvas, std::uint64_t grain_seed);
  void develop_chroma(const image::I420View& out, const Canvas& canvas, std::uint64_t grain_seed) const;
  void soften_row(const Canvas& canvas, int y, std::vector<float>& luma);
  void blur_column(int y, int height);

  const Look* look_;
  std::vector<std::vector<float>> rows_;  ///< softened luma of the five rows round the current one, at row % 5
  std::vector<float> column_;
  std::vector<float> blurred_;  ///< with two samples more at either end
};

}  // namespace touchline::synth
