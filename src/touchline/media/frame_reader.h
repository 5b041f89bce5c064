#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "touchline/image/frame.h"
#include "touchline/media/damage_report.h"
#include "touchline/media/read_options.h"

namespace touchline::media {

/// What a source says about itself, and what its first picture shows.
struct SourceInfo {
  int width = 0;                     ///< pixels of the first picture as displayed (rotation applied)
  int height = 0;                    ///< likewise
  double duration_s = 0;             ///< seconds; 0 where the source does not say
  double frame_rate = 0;             ///< frames per second, nominal; 25 where the source does not say
  std::int64_t frames_estimate = 0;  ///< how many frames to expect; 0 unknown
  std::string codec;                 ///< FFmpeg's name, for instance "h264"
  std::string pixel_format;          ///< FFmpeg's name, for instance "yuv420p10le"
  bool has_audio = false;
};

/// Reads the pictures of a video in presentation order. One thread at a time; the Frames may go anywhere and may
/// outlive the reader.
///
/// Frames are I420, 8 bit, whatever the source, turned as displayed. Matrix and range are the source's and stand in
/// picture.color. index counts from 0; pts_s comes from the container and is strictly increasing (see Timeline). When
/// the source changes its size on the way, frames have the new size from there on. Damaged stretches are skipped and
/// counted.
class FrameReader {
 public:
  virtual ~FrameReader() = default;
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// Opens a file, "-" (standard input), an address (http, https, rtsp, udp, …) or a folder of pictures (jpg, png, bmp,
  /// webp, in natural order: 2 before 10), and decodes the first picture.
  ///
  /// Throws Error, one sentence for the user: kNotFound (no such file, no answer within options.timeout_s), kBadInput
  /// (empty, not a video, sound only, no picture can be decoded, no pictures in the folder), kIo (permission, stopped),
  /// kUnsupported (codec or pixel format), kInvalidArgument (options).
  static std::unique_ptr<FrameReader> open(const std::string& input, const ReadOptions& options = {});

  virtual const SourceInfo& info() const = 0;

  /// The next frame; empty at the end, or once stop is requested.
  virtual std::optional<image::Frame> next() = 0;

  /// What was lost so far.
  virtual DamageReport damage() const = 0;

 protected:
  FrameReader() = default;
};

}  // namespace touchline::media
