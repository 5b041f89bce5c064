#pragma once

#include <cstdint>
#include <string>

namespace touchline::media {

/// libav*'s words for one of its error numbers, for instance "Invalid data found when processing input". Thread-safe.
std::string av_text(int av_error);

/// Sends libav*'s own messages to our log at debug level instead of standard error. Idempotent, thread-safe.
void route_av_log();

/// How many errors libav*'s readers of containers have logged on the calling thread: some step over damage and tell it
/// nowhere else. Counts from route_av_log() on.
std::int64_t container_errors();

}  // namespace touchline::media
