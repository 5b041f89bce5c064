#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "touchline/image/frame.h"

namespace touchline::media {

/// How a video is written.
struct WriteOptions {
  int width = 0;           ///< pixels; 0 takes the first frame's. Frames of another size are scaled to it
  int height = 0;          ///< likewise; both or none are given
  double frame_rate = 25;  ///< nominal frames per second, 0.001..1000; places key frames, never timestamps
  std::string preset =
      "superfast";         ///< x264's: ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow
  double crf = 23;         ///< x264's constant quality, 0 (lossless) .. 51 (worst)
  int threads = 2;         ///< encoder threads, 1..64
  double key_frame_s = 2;  ///< longest distance of key frames, seconds, 0.1..60
  std::string audio_from = {};  ///< input whose sound is copied; empty for none

  /// Throws Error(kInvalidArgument) when a field is out of range.
  void check() const;
};

/// Writes frames as an H.264 MP4. Not thread-safe; the encoder uses threads of its own.
///
/// The file grows in fragments of at most a second, each playable as soon as it is written, so a killed run leaves a
/// video that plays (see Note [Fragments, then one index] in the source). finish() turns it into a plain MP4 with its
/// index in front, the kind every player and editor opens.
///
/// Frames keep their pts_s to within 5 µs, as long as the first one lies in 0..10 s; otherwise all times, sound
/// included, are moved so that the first is 0. Odd sizes grow by one pixel that repeats the border. Matrix and range
/// are those of the first frame and are written into the file; frames of another colour space are converted to it.
class VideoWriter {
 public:
  /// Opens the file, overwriting it. Sound that MP4 cannot hold, or that cannot be read a second time (standard input,
  /// a live address), is left out; audio_note() says so. Throws Error: kIo (cannot be written), kInvalidArgument
  /// (options), kUnsupported (no libx264).
  static std::unique_ptr<VideoWriter> open(const std::string& path, const WriteOptions& options = {});

  virtual ~VideoWriter() = default;
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  /// Appends a frame; pts_s must exceed the one before (Error(kInvalidArgument) otherwise). Throws Error(kIo) once when
  /// the disk is full or fails: what was written until then plays, and further calls do nothing.
  virtual void write(const image::Frame& frame) = 0;

  /// Writes what is still in the encoder and closes the file. Without one frame no file is left. Called by nobody else:
  /// a writer destroyed without finish() leaves what a killed run would. Idempotent. Throws Error(kIo) like write().
  virtual void finish() = 0;

  /// Why sound was left out, one sentence; empty when it is copied or was not asked for.
  virtual const std::string& audio_note() const = 0;

  /// Frames given to write() so far.
  virtual std::int64_t frames() const = 0;

 protected:
  VideoWriter() = default;
};

}  // namespace touchline::media
