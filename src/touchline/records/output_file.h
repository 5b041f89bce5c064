#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace touchline::records {

/// A file of ours that is written from beginning to end, in pieces that are whole lines or whole JSON items.
/// Every write is checked; at least once a second the pieces so far reach the system, so a killed run leaves them
/// readable. Not thread-safe.
class OutputFile {
 public:
  /// Makes the file, or empties it. Throws Error(kIo) that names the file and the system's reason.
  explicit OutputFile(std::filesystem::path path);

  /// Writes what is left; a failure is logged. Call close() to learn of it.
  ~OutputFile();

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws Error(kIo) when the system refuses (full disk); the file then ends at the last whole line that fits.
  void append(std::string_view piece);

  /// Hands everything to the system. Errors as append().
  void flush();

  /// flush(), then closes; nothing may be appended afterwards. Idempotent. Errors as append().
  void close();

  const std::filesystem::path& path() const { return path_; }

 private:
  void write_out(std::string_view bytes);

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;  ///< bytes the system has taken
  std::string pending_;
  std::chrono::steady_clock::time_point last_flush_;
};

/// Makes the folder and those above it, and checks that a file can be made in it.
/// Throws Error(kIo) that names the folder and the system's reason.
void make_output_folder(const std::filesystem::path& folder);

}  // namespace touchline::records
