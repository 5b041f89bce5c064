#include "touchline/media/ffmpeg/scaler.h"

#include <array>
#include <new>

#include "touchline/base/error.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace touchline::media {
namespace {

// The yuvj formats are the same samples with the range in the name; swscale wants it beside the format.
AVPixelFormat without_range(int format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    default:
      return static_cast<AVPixelFormat>(format);
  }
}

int matrix_number(image::ColorMatrix matrix) {
  return matrix == image::ColorMatrix::kBt709 ? SWS_CS_ITU709 : SWS_CS_ITU601;
}

}  // namespace

void Scaler::prepare(const Shape& shape) {
  if (shape_ == shape) return;
  shape_.reset();
  const AVPixelFormat format = without_range(shape.format);
  const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(shape.format));
  if (sws_isSupportedInput(format) == 0) {
    base::fail(base::ErrorCode::kUnsupported, "pixel format {} cannot be converted; convert the video to yuv420p first",
               name == nullptr ? "?" : name);
  }
  // Ranges must be known at the start: swscale chooses plain copies there.
  context_.reset(sws_alloc_context());
  if (!context_) throw std::bad_alloc();
  const auto set = [this](const char* option, int value) { av_opt_set_int(context_.get(), option, value, 0); };
  set("srcw", shape.width);
  set("srch", shape.height);
  set("src_format", format);
  set("src_range", shape.range == image::ColorRange::kFull);
  set("dstw", shape.target_width);
  set("dsth", shape.target_height);
  set("dst_format", AV_PIX_FMT_YUV420P);
  set("dst_range", shape.color.range == image::ColorRange::kFull);
  set("sws_flags", SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP);
  if (sws_init_context(context_.get(), nullptr, nullptr) < 0) {
    base::fail(base::ErrorCode::kUnsupported, "cannot convert pictures of {}x{} in {} to {}x{}", shape.width,
               shape.height, name == nullptr ? "?" : name, shape.target_width, shape.target_height);
  }
  constexpr int kUnit = 1 << 16;
  sws_setColorspaceDetails(context_.get(), sws_getCoefficients(shape.matrix), shape.range == image::ColorRange::kFull,
                           sws_getCoefficients(matrix_number(shape.color.matrix)),
                           shape.color.range == image::ColorRange::kFull, 0, kUnit, kUnit);
  shape_ = shape;
}

void Scaler::scale(const image::I420View& target, const AVFrame& source, int matrix, image::ColorRange range) {
  prepare({source.width, source.height, source.format, target.width(), target.height(), matrix, range, target.color});
  const std::array<std::uint8_t*, 4> planes = {target.y.data, target.u.data, target.v.data, nullptr};
  const std::array<int, 4> strides = {static_cast<int>(target.y.stride), static_cast<int>(target.u.stride),
                                      static_cast<int>(target.v.stride), 0};
  sws_scale(context_.get(), source.data, source.linesize, 0, source.height, planes.data(), strides.data());
}

}  // namespace touchline::media
