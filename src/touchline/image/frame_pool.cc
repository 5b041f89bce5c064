#include "touchline/image/frame_pool.h"

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include "touchline/base/error.h"

namespace touchline::image {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr int kMaxSide = 32768;

struct FreeDeleter {
  void operator()(std::uint8_t* p) const { std::free(p); }
};
using Block = std::unique_ptr<std::uint8_t, FreeDeleter>;

std::size_t aligned(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

Block allocate(std::size_t bytes) {
  Block block(static_cast<std::uint8_t*>(std::aligned_alloc(kAlignment, bytes)));
  if (!block) throw std::bad_alloc();
  return block;
}

void copy_plane(const Plane& target, const ConstPlane& source) {
  for (int y = 0; y < source.height; ++y) {
    std::memcpy(target.row(y), source.row(y), static_cast<std::size_t>(source.width));
  }
}

}  // namespace

struct FramePool::Shelf {
  std::mutex mutex;
  std::size_t block_bytes = 0;
  std::vector<Block> free;

  Block take(std::size_t bytes) {
    {
      const std::lock_guard lock(mutex);
      if (bytes != block_bytes) {
        free.clear();
        block_bytes = bytes;
      }
      if (!free.empty()) {
        Block block = std::move(free.back());
        free.pop_back();
        return block;
      }
    }
    return allocate(bytes);
  }

  void put_back(Block block, std::size_t bytes) {
    const std::lock_guard lock(mutex);
    if (bytes == block_bytes) free.push_back(std::move(block));
  }
};

FramePool::FramePool() : shelf_(std::make_shared<Shelf>()) {}

WritableFrame FramePool::take(int width, int height, ColorSpace color) {
  TOUCHLINE_REQUIRE(width >= 1 && height >= 1 && width <= kMaxSide && height <= kMaxSide,
                    "a picture of {}x{} pixels is outside 1..{}", width, height, kMaxSide);
  const int chroma_width = (width + 1) / 2;
  const int chroma_height = (height + 1) / 2;
  const std::size_t luma_stride = aligned(static_cast<std::size_t>(width));
  const std::size_t chroma_stride = aligned(static_cast<std::size_t>(chroma_width));
  const std::size_t luma_bytes = luma_stride * static_cast<std::size_t>(height);
  const std::size_t chroma_bytes = chroma_stride * static_cast<std::size_t>(chroma_height);
  const std::size_t bytes = luma_bytes + 2 * chroma_bytes;

  std::uint8_t* memory = shelf_->take(bytes).release();
  WritableFrame frame;
  frame.storage_ = std::shared_ptr<void>(
      memory, [shelf = shelf_, bytes](void* p) { shelf->put_back(Block(static_cast<std::uint8_t*>(p)), bytes); });
  frame.view_.y = {memory, width, height, static_cast<std::ptrdiff_t>(luma_stride)};
  frame.view_.u = {memory + luma_bytes, chroma_width, chroma_height, static_cast<std::ptrdiff_t>(chroma_stride)};
  frame.view_.v = {memory + luma_bytes + chroma_bytes, chroma_width, chroma_height,
                   static_cast<std::ptrdiff_t>(chroma_stride)};
  frame.view_.color = color;
  return frame;
}

WritableFrame FramePool::copy(const ConstI420View& source) {
  WritableFrame frame = take(source.width(), source.height(), source.color);
  copy_plane(frame.view().y, source.y);
  copy_plane(frame.view().u, source.u);
  copy_plane(frame.view().v, source.v);
  return frame;
}

}  // namespace touchline::image
