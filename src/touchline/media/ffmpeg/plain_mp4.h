#pragma once

#include <cstdint>
#include <string>

namespace touchline::media {

/// Rewrites a fragmented MP4 as a plain one with its index in front, without touching pictures or sound, and puts it in
/// the old one's place in one step. samples: its packets, at least. Throws Error(kIo) when that fails, for instance
/// because the disk cannot hold both; the old file is then still there, untouched.
void make_plain(const std::string& path, std::int64_t samples, double frame_s);

}  // namespace touchline::media
