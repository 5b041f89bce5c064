#include "touchline/media/ffmpeg/av_text.h"

#include <array>
#include <cstdarg>
#include <mutex>
#include <string>

#include "touchline/base/log.h"
#include "touchline/media/ffmpeg/handles.h"

namespace touchline::media {
namespace {

thread_local std::int64_t errors_of_containers = 0;

bool is_container(void* context) {
  if (context == nullptr) return false;
  const AVClass* kind = *static_cast<const AVClass* const*>(context);
  if (kind == nullptr) return false;
  const auto category = kind->get_category != nullptr ? kind->get_category(context) : kind->category;
  return category == AV_CLASS_CATEGORY_DEMUXER;
}

void log_av_line(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_WARNING) return;
  if (level <= AV_LOG_ERROR && is_container(context)) ++errors_of_containers;
  std::array<char, 512> line{};
  thread_local int print_prefix = 1;
  av_log_format_line2(context, level, format, arguments, line.data(), static_cast<int>(line.size()), &print_prefix);
  std::string text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  base::log_line(base::LogLevel::kDebug, "libav: " + text);
}

}  // namespace

std::string av_text(int av_error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(av_error, text.data(), text.size());
  return text.data();
}

std::int64_t container_errors() {
  return errors_of_containers;
}

void route_av_log() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_callback(log_av_line); });
}

}  // namespace touchline::media
