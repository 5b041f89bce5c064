#include "touchline/media/ffmpeg/frame_converter.h"

#include <utility>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace touchline::media {
namespace {

constexpr int kLargestSdWidth = 1024;
constexpr int kLargestSdHeight = 576;

struct SourceColor {
  int sws_matrix;            // how the source's samples are to be read
  image::ColorRange range;   // likewise
  image::ColorSpace result;  // what the frame will say
  bool same_samples;         // 8-bit 4:2:0 samples of the source are those of the frame
};

bool is_jpeg_format(int format) {
  return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P || format == AV_PIX_FMT_YUVJ444P ||
         format == AV_PIX_FMT_YUVJ440P || format == AV_PIX_FMT_YUVJ411P;
}

bool is_sd(const AVFrame& frame) {
  return frame.width <= kLargestSdWidth && frame.height <= kLargestSdHeight;
}

bool is_bt601(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_FCC:
      return true;
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_SMPTE240M:
      return false;
    default:
      return is_sd(frame);
  }
}

SourceColor color_of(const AVFrame& frame) {
  const auto* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  const bool rgb = descriptor != nullptr && (descriptor->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
  if (rgb)
    return {SWS_CS_ITU709, image::ColorRange::kFull, {image::ColorMatrix::kBt709, image::ColorRange::kLimited}, false};
  const bool full = frame.color_range == AVCOL_RANGE_JPEG || is_jpeg_format(frame.format);
  const auto range = full ? image::ColorRange::kFull : image::ColorRange::kLimited;
  if (frame.colorspace == AVCOL_SPC_BT2020_NCL || frame.colorspace == AVCOL_SPC_BT2020_CL) {
    return {SWS_CS_BT2020, range, {image::ColorMatrix::kBt709, range}, false};
  }
  if (is_bt601(frame)) return {SWS_CS_ITU601, range, {image::ColorMatrix::kBt601, range}, true};
  return {SWS_CS_ITU709, range, {image::ColorMatrix::kBt709, range}, true};
}

bool is_planar_420_8bit(int format) {
  return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVA420P;
}

image::Frame borrow(UniqueFrame source, const image::ColorSpace& color) {
  const int chroma_width = (source->width + 1) / 2;
  const int chroma_height = (source->height + 1) / 2;
  image::Frame frame;
  frame.picture.y = {source->data[0], source->width, source->height, source->linesize[0]};
  frame.picture.u = {source->data[1], chroma_width, chroma_height, source->linesize[1]};
  frame.picture.v = {source->data[2], chroma_width, chroma_height, source->linesize[2]};
  frame.picture.color = color;
  frame.storage = std::shared_ptr<const AVFrame>(std::move(source));
  return frame;
}

}  // namespace

image::Frame FrameConverter::convert(UniqueFrame source, Orientation orientation, double pts_s, std::int64_t index) {
  const SourceColor color = color_of(*source);
  image::Frame frame;
  if (color.same_samples && is_planar_420_8bit(source->format)) {
    frame = borrow(std::move(source), color.result);
  } else {
    auto converted = pool_.take(source->width, source->height, color.result);
    scaler_.scale(converted.view(), *source, color.sws_matrix, color.range);
    frame = std::move(converted).finish(pts_s, index);
  }
  if (!orientation.identity()) {
    const int width = orientation.transpose ? frame.height() : frame.width();
    const int height = orientation.transpose ? frame.width() : frame.height();
    auto turned = turned_pool_.take(width, height, color.result);
    orient(turned.view(), frame.picture, orientation);
    frame = std::move(turned).finish(pts_s, index);
  }
  frame.pts_s = pts_s;
  frame.index = index;
  return frame;
}

Orientation orientation_of(const AVFrame& frame, Orientation of_stream) {
  const AVFrameSideData* side_data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  if (side_data == nullptr || side_data->size < 9 * sizeof(std::int32_t)) return of_stream;
  return orientation_of(reinterpret_cast<const std::int32_t*>(side_data->data));
}

Orientation orientation_of(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* side_data = av_packet_side_data_get(
      stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  const std::uint8_t* bytes = side_data == nullptr ? nullptr : side_data->data;
  const std::size_t size = side_data == nullptr ? 0 : side_data->size;
#else
  std::size_t size = 0;
  const std::uint8_t* bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
  if (bytes == nullptr || size < 9 * sizeof(std::int32_t)) return {};
  return orientation_of(reinterpret_cast<const std::int32_t*>(bytes));
}

}  // namespace touchline::media
