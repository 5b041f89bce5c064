#pragma once

#include <memory>
#include <string>

#include "touchline/media/frame_reader.h"

namespace touchline::media {

/// FrameReader of a file, standard input or an address; see FrameReader::open.
std::unique_ptr<FrameReader> open_stream(const std::string& input, const ReadOptions& options);

}  // namespace touchline::media
