#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace touchline::base {

/// Why something failed. What is expected (no homography, end of stream) is a value, never an Error.
enum class ErrorCode {
  kInvalidArgument,  ///< a contract of ours was broken: a wrong option, a wrong length
  kBadInput,         ///< foreign bytes make no sense: no video, a broken label, a model that is no ONNX
  kNotFound,         ///< a file, an address or a device does not answer
  kIo,               ///< reading or writing failed: permission, full disk
  kUnsupported,      ///< understood, and not possible here
  kInternal,         ///< a library or touchline itself failed
};

/// The one exception of touchline. `what()` is one sentence a user can act on; no stack, no file name of ours.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// Throws Error(code) with a formatted sentence.
template <typename... Args>
[[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

/// The system's words for an errno value, for instance "No space left on device". Thread-safe.
std::string system_error_text(int error_number);

}  // namespace touchline::base

/// Throws Error(kInvalidArgument) with the formatted sentence unless `condition` holds.
#define TOUCHLINE_REQUIRE(condition, ...)                                                                   \
  do {                                                                                                      \
    if (!(condition)) ::touchline::base::fail(::touchline::base::ErrorCode::kInvalidArgument, __VA_ARGS__); \
  } while (false)
