#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "touchline/image/frame.h"
#include "touchline/media/frame_reader.h"
#include "touchline/media/read_options.h"

namespace touchline::media {

/// Some pictures that stand for all of what a user names: pictures, folders of pictures, clips.
///
/// Each clip, and all single pictures together, give an equal share; within it the pictures are spread evenly. The
/// same inputs give the same pictures in the same order. Not thread-safe.
class SampleReader {
 public:
  /// count ≥ 1: pictures wanted; there are fewer where the inputs hold fewer.
  /// Throws Error: kNotFound for an input that is not there; kBadInput for a folder without pictures; kIo;
  /// kInvalidArgument.
  SampleReader(const std::vector<std::string>& inputs, int count, const ReadOptions& options = {});

  /// How many pictures to expect at most.
  int expected() const;

  /// The next picture; empty at the end, or once stop is requested. Throws Error, as FrameReader::open, for an input
  /// that cannot be read; the next call goes on behind it.
  std::optional<image::Frame> next();

 private:
  /// A picture (frames = 1), or a clip of which so many frames are wanted.
  struct Source {
    std::string path;
    int frames = 1;
    bool is_clip = false;
  };

  void open(const Source& source);
  std::optional<image::Frame> next_of_clip();

  ReadOptions options_;
  std::vector<Source> sources_;
  std::size_t next_source_ = 0;
  std::unique_ptr<FrameReader> clip_;  ///< empty between sources
  int wanted_ = 0;                     ///< frames of the clip
  int taken_ = 0;
  std::int64_t length_ = 0;  ///< frames that the clip holds, or half a minute's when it does not say
};

}  // namespace touchline::media
