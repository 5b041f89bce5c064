#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "touchline/media/frame_reader.h"

namespace touchline::media {

/// True when `a` stands before `b` in natural order: runs of digits compare as numbers ("2.jpg" before "10.jpg"), the
/// rest by bytes. A strict weak ordering; ties such as "01" and "1" are broken by bytes.
bool natural_less(std::string_view a, std::string_view b);

/// Whether a file's name is one of a picture (jpg, jpeg, png, bmp, webp, any case).
bool is_picture_name(const std::filesystem::path& file);

/// The pictures (jpg, jpeg, png, bmp, webp, any case) directly inside a folder, in natural order. Hidden files are left
/// out. Throws Error(kIo) when the folder cannot be listed.
std::vector<std::filesystem::path> pictures_of(const std::filesystem::path& folder);

/// FrameReader of a folder of pictures, each as large as it is; see FrameReader::open. Frame i is shown at
/// i / options.folder_frame_rate seconds, also behind a picture that could not be read.
std::unique_ptr<FrameReader> open_folder(const std::string& folder, const ReadOptions& options);

}  // namespace touchline::media
