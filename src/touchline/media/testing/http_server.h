#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace touchline::media::testing {

/// A web server for one test: one file on 127.0.0.1, a port of the system's choice, at most 32 connections, one at a
/// time.
class HttpServer {
 public:
  enum class Manner {
    kServe,     ///< answers, byte ranges included
    kDropOnce,  ///< closes the first connection after half of the file
    kSilent,    ///< accepts and never answers
    kMissing,   ///< 404
  };

  HttpServer(std::string body, Manner manner);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string address() const;
  int connections() const { return connections_; }

 private:
  void run();
  void answer(int connection);
  bool wait_readable(int descriptor) const;
  void send_all(int connection, const std::string& bytes) const;

  std::string body_;
  Manner manner_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

}  // namespace touchline::media::testing
