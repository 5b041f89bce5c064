#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "touchline/image/draw/painter.h"
#include "touchline/match/match_frame.h"
#include "touchline/overlay/label_placer.h"
#include "touchline/overlay/style.h"

namespace touchline::overlay {

/// A ring at each person's feet, open behind him, and a tag with his number. Team by color; goalkeepers wear a double
/// ring and "GK", referees a thin light ring and "REF"; who was not detected in this frame is fainter, who is held is
/// dashed. Not thread-safe.
class PeopleLayer {
 public:
  explicit PeopleLayer(const Palette& palette) : palette_(palette) {}

  /// Works out where everyone stands; `elapsed_s` since the last frame steadies the rings' sizes.
  void update(const match::MatchFrame& frame, const Style& style, double elapsed_s);
  void forget();

  /// In the order of frame.tracks; an empty footprint (radius 0) where a box is empty or not finite.
  std::span<const Footprint> footprints() const { return footprints_; }

  void draw_rings(image::draw::Painter& painter, const match::MatchFrame& frame, const Style& style);
  /// Tags keep clear of `blocked_px`.
  void draw_tags(image::draw::Painter& painter, const match::MatchFrame& frame, const Style& style,
                 std::span<const geometry::BoxPx> blocked_px);

 private:
  struct Size {
    double radius_px = 0;
    double flatness = 0;  ///< height of the ring by its width, as the camera sees the ground
    std::int64_t last_call = 0;
  };
  void draw_ring(image::draw::Painter& painter, const match::Track& person, const Footprint& foot, const Style& style);
  void request_tags(const match::MatchFrame& frame, const Style& style);

  Palette palette_;
  LabelPlacer placer_;
  std::unordered_map<std::int64_t, Size> sizes_;
  double tag_cap_px_ = 0;  ///< smoothed height of the tags' letters
  std::vector<Footprint> footprints_;
  std::vector<LabelRequest> requests_;
  std::vector<std::string> texts_;
  image::draw::Path path_;
  std::int64_t call_ = 0;
};

}  // namespace touchline::overlay
