#include "touchline/records/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "touchline/base/error.h"
#include "touchline/base/log.h"

namespace touchline::records {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t kLargestPending = 1 << 16;
constexpr auto kFlushInterval = std::chrono::seconds(1);

}  // namespace

OutputFile::OutputFile(std::filesystem::path path)
    : path_(std::move(path)), last_flush_(std::chrono::steady_clock::now()) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    fail(ErrorCode::kIo, "cannot write '{}': {}; choose another output folder", path_.string(),
         base::system_error_text(errno));
  }
}

OutputFile::~OutputFile() {
  try {
    close();
  } catch (const base::Error& error) {
    base::log_line(base::LogLevel::kError, error.what());
  }
}

void OutputFile::append(std::string_view piece) {
  TOUCHLINE_REQUIRE(descriptor_ >= 0, "'{}' is closed, nothing can be appended", path_.string());
  pending_.append(piece);
  if (pending_.size() < kLargestPending && std::chrono::steady_clock::now() - last_flush_ < kFlushInterval) return;
  flush();
}

void OutputFile::flush() {
  if (descriptor_ < 0) return;
  std::string bytes;
  bytes.swap(pending_);
  write_out(bytes);
  bytes.clear();
  bytes.swap(pending_);  // keeps the room for the next pieces
  last_flush_ = std::chrono::steady_clock::now();
}

void OutputFile::close() {
  if (descriptor_ < 0) return;
  flush();
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) {
    fail(ErrorCode::kIo, "cannot finish '{}': {}", path_.string(), base::system_error_text(errno));
  }
}

void OutputFile::write_out(std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto taken = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
    if (taken > 0) {
      done += static_cast<std::size_t>(taken);
    } else if (taken == 0 || errno != EINTR) {
      const int reason = taken == 0 ? ENOSPC : errno;
      const auto last_line = bytes.substr(0, done).rfind('\n');
      const auto keep = size_ + (last_line == std::string_view::npos ? 0 : static_cast<std::int64_t>(last_line) + 1);
      // What is no plain file cannot be cut; what it took stays then.
      [[maybe_unused]] const int cut = ::ftruncate(descriptor_, keep);
      ::close(std::exchange(descriptor_, -1));
      fail(ErrorCode::kIo, "cannot write '{}': {}; what was written before is kept", path_.string(),
           base::system_error_text(reason));
    }
  }
  size_ += static_cast<std::int64_t>(bytes.size());
}

void make_output_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem && !std::filesystem::is_directory(folder, problem) && !problem) {
    problem = std::make_error_code(std::errc::not_a_directory);
  }
  if (!problem && ::access(folder.c_str(), W_OK | X_OK) != 0) problem = {errno, std::generic_category()};
  if (problem) {
    fail(ErrorCode::kIo, "cannot write into the folder '{}': {}; choose another output folder", folder.string(),
         problem.message());
  }
}

}  // namespace touchline::records
