#pragma once

#include <string>

namespace touchline::overlay {

/// Which parts of the graphic are drawn.
struct LayerSet {
  bool boxes = true;    ///< rings and tags of people, the ball's marker
  bool radar = true;    ///< the pitch from above with everyone who has a position
  bool control = true;  ///< pitch control: the field on the radar, the shares in the panel
  bool threat = true;   ///< controlled expected threat in the panel
  bool bar = true;      ///< the panel's clock and evaluation bar

  /// "boxes,radar" → those two; "none" → nothing. Throws Error(kInvalidArgument) naming an unknown layer.
  static LayerSet parse(const std::string& text);

  bool any() const { return boxes || radar || control || threat || bar; }
  friend bool operator==(const LayerSet&, const LayerSet&) = default;
};

}  // namespace touchline::overlay
