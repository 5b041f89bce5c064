#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <system_error>

namespace touchline::tests {

/// A path in the temporary folder that nothing else uses; what lies there goes away with the object. Tests run side by
/// side in processes of their own, so a fixed name would be shared.
class TempPath {
 public:
  explicit TempPath(const std::string& ending = "") {
    static std::atomic<int> count = 0;
    path_ = ::testing::TempDir() + "touchline_" + std::to_string(::getpid()) + "_" + std::to_string(count++) + ending;
  }
  ~TempPath() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TempPath(const TempPath&) = delete;
  TempPath& operator=(const TempPath&) = delete;

  const std::string& str() const { return path_; }
  std::filesystem::path path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace touchline::tests
