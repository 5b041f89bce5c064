#pragma once

#include <vector>

#include "touchline/synth/color.h"

namespace touchline::synth {

/// A painted surface with coarser copies of itself for the distance. Immutable after finish(); thread-safe for reading.
class Texture {
 public:
  enum class Edge { kClamp, kRepeat };

  /// `texels_per_m` relates the coordinates of sample() to texels; (0, 0) is the corner of texel (0, 0).
  Texture(int width, int height, double texels_per_m, Edge across);

  int width() const { return levels_[0].width; }
  int height() const { return levels_[0].height; }
  double texels_per_m() const { return texels_per_m_; }
  Pixel& at(int x, int y) { return levels_[0].texels[static_cast<std::size_t>(y) * levels_[0].width + x]; }

  /// Builds the coarser levels; call once, after painting.
  void finish();

  /// Which level suits a picture whose pixel covers `metres`.
  int level_for(double metres) const;

  /// Bilinear at (u, v) metres; v never repeats.
  Pixel sample(float u_m, float v_m, int level) const;

  /// `count` samples from (u, v) on, each (u_step, v_step) farther.
  void sample_row(Pixel* out, int count, float u_m, float v_m, float u_step_m, float v_step_m, int level) const;

 private:
  struct Level {
    int width = 0;
    int height = 0;
    float scale = 1;  ///< texels a metre
    std::vector<Pixel> texels;
  };
  std::vector<Level> levels_;
  double texels_per_m_;
  Edge across_;
};

}  // namespace touchline::synth
