#pragma once

#include <memory>

#include "touchline/image/frame.h"

namespace touchline::image {

/// A picture one owner may write; becomes a Frame when it is finished.
class WritableFrame {
 public:
  const I420View& view() const { return view_; }

  /// Ends writing: the storage goes to the returned Frame.
  Frame finish(double pts_s, std::int64_t index) && { return {read_only(view_), pts_s, index, std::move(storage_)}; }

 private:
  friend class FramePool;
  I420View view_;
  std::shared_ptr<void> storage_;
};

/// Recycles picture memory: after warm-up, take() allocates nothing while no more pictures are alive than before.
/// Thread-safe; frames may outlive the pool.
class FramePool {
 public:
  FramePool();

  /// A picture of width × height with rows aligned to 64 bytes. Contents are unspecified.
  /// Throws Error(kInvalidArgument) unless 1 ≤ width, height ≤ 32768.
  WritableFrame take(int width, int height, ColorSpace color);

  /// A writable copy of `source`.
  WritableFrame copy(const ConstI420View& source);

 private:
  struct Shelf;
  std::shared_ptr<Shelf> shelf_;
};

}  // namespace touchline::image
