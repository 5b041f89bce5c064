#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "testing/error_of.h"
#include "testing/temp_path.h"
#include "touchline/image/frame.h"
#include "touchline/image/frame_pool.h"

namespace touchline::media::testing {

/// One sample triple at 8 bit.
struct Ycbcr {
  int y = 128, cb = 128, cr = 128;
};

/// The luma that names frame i of a fixture; survives lossy codecs for i < 70.
inline int luma_of(int i) {
  return 20 + 3 * (i % 70);
}
/// The frame that a luma names.
inline int frame_of(int luma) {
  return (luma - 20 + 1) / 3;
}

/// What a made-up video is. Everything that a reader can meet and that an encoder can write.
struct FixtureOptions {
  std::string encoder = "libx264";
  std::map<std::string, std::string> encoder_options = {};
  std::string pixel_format = "yuv420p";
  int width = 64, height = 48, frames = 25, frame_rate = 25;
  int first_tick = 0;                                        ///< time of the first frame, in frames
  std::vector<std::int64_t> ticks = {};                      ///< or the times of all frames, in 1/1000 s
  std::function<Ycbcr(int x, int y, int frame)> paint = {};  ///< default: luma_of(frame) everywhere
  std::string matrix = {};  ///< FFmpeg's name, "bt709", "smpte170m", "bt2020nc"; empty: not said
  bool full_range = false;
  std::optional<std::int32_t> rotate_clockwise = {};  ///< degrees a player turns the picture
  std::map<std::string, std::string> muxer_options = {};
  std::string sound = {};  ///< an audio encoder ("aac", "flac", "pcm_s16le"); empty: none
  bool video = true;
};

/// Writes a video whose container is named by the path's ending. False when this FFmpeg lacks the encoder.
bool make_video(const std::string& path, const FixtureOptions& options = {});

using tests::error_of;
using tests::TempPath;

std::string read_bytes(const std::string& path);
void write_bytes(const std::string& path, const std::string& bytes);

/// A picture of one colour.
image::Frame plain_frame(image::FramePool& pool, int width, int height, Ycbcr color, double pts_s,
                         const image::ColorSpace& space = {});

}  // namespace touchline::media::testing
